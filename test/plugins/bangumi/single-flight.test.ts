import { expect, test } from "bun:test";
import { createSingleFlight } from "../../../plugins/bangumi/single-flight.ts";

test("who asks meanwhile shares the answer, who asks later asks anew, others ask for themselves", async () => {
  const share = createSingleFlight();
  const gate = Promise.withResolvers<number>();
  let asked = 0;
  const ask = () => {
    asked++;
    return gate.promise;
  };
  const [one, two] = [share("a", ask), share("a", ask)];
  expect(await share("b", async () => 7)).toBe(7);
  gate.resolve(1);
  expect(await Promise.all([one, two])).toEqual([1, 1]);
  expect(asked).toBe(1);
  expect(await share("a", async () => 2)).toBe(2);
});

test("a failure is everybody's, and is not kept", async () => {
  const share = createSingleFlight();
  const fail = () => Promise.reject(new Error("no"));
  const both = await Promise.allSettled([share("a", fail), share("a", fail)]);
  expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await share("a", async () => 1)).toBe(1);
});
