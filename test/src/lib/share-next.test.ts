import { expect, test } from "bun:test";
import { shareNext } from "../../../src/lib/share-next.ts";

/** Questions that are answered by hand. */
function questions() {
  const asked: PromiseWithResolvers<number>[] = [];
  const ask = shareNext(() => {
    asked.push(Promise.withResolvers<number>());
    return asked.at(-1)!.promise;
  });
  return { asked, ask };
}

test("who comes while it runs shares the next run, which begins after they came", async () => {
  const { asked, ask } = questions();
  const first = ask();
  const later = [ask(), ask(), ask()];
  expect(asked.length).toBe(1);
  asked[0]!.resolve(1);
  expect(await first).toBe(1);
  await Bun.sleep(0);
  expect(asked.length).toBe(2);
  asked[1]!.resolve(2);
  expect(await Promise.all(later)).toEqual([2, 2, 2]);
});

test("who comes between the end of a run and the beginning of the next shares that", async () => {
  const { asked, ask } = questions();
  const first = ask();
  const second = ask();
  asked[0]!.resolve(1);
  await first;
  const third = ask();
  await Bun.sleep(0);
  expect(asked.length).toBe(2);
  asked[1]!.resolve(2);
  expect(await Promise.all([second, third])).toEqual([2, 2]);
});

test("who comes when nothing runs is asked for at once", async () => {
  const { asked, ask } = questions();
  for (const answer of [1, 2, 3]) {
    const promise = ask();
    asked.at(-1)!.resolve(answer);
    expect(await promise).toBe(answer);
    await Bun.sleep(0);
  }
  expect(asked.length).toBe(3);
});

test("a failure is for those who shared it, and the next run is asked anew", async () => {
  const { asked, ask } = questions();
  const first = ask();
  const second = ask();
  asked[0]!.reject(new Error("away"));
  expect(await first.catch((error) => error.message)).toBe("away");
  await Bun.sleep(0);
  asked[1]!.resolve(5);
  expect(await second).toBe(5);
});
