import { describe, expect, test } from "bun:test";
import { createEventHub } from "../../../src/lib/event-hub.ts";

describe("the event hub", () => {
  test("what is published reaches the subscribers of its topic, and no others", () => {
    const hub = createEventHub();
    const heard: unknown[] = [];
    hub.subscribe("a", (data) => heard.push(["a", data]));
    hub.subscribe("b", (data) => heard.push(["b", data]));
    hub.publish("a", 1);
    hub.publish("c", 2);
    expect(heard).toEqual([["a", 1]]);
  });

  test("an ended subscription hears nothing more, and ending it twice ends no other", () => {
    const hub = createEventHub();
    const heard: number[] = [];
    const listener = (data: unknown) => heard.push(data as number);
    const end = hub.subscribe("a", listener);
    hub.subscribe("a", listener);
    end();
    end();
    hub.publish("a", 1);
    expect(heard).toEqual([1]);
  });

  test("a listener may end itself and others while it is called", () => {
    const hub = createEventHub();
    let calls = 0;
    const ends = [1, 2].map(() =>
      hub.subscribe("a", () => {
        calls += 1;
        for (const end of ends) end();
      }),
    );
    hub.publish("a");
    hub.publish("a");
    expect(calls).toBe(2);
  });

  test("a listener that throws keeps the news from nobody", () => {
    const errors: unknown[] = [];
    const hub = createEventHub((error) => errors.push(error));
    const bug = new Error("bug");
    let heard = 0;
    hub.subscribe("a", () => {
      throw bug;
    });
    hub.subscribe("a", () => heard++);
    hub.publish("a");
    expect(heard).toBe(1);
    expect(errors).toEqual([bug]);
  });
});
