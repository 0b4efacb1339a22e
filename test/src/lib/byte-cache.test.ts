import { expect, test } from "bun:test";
import { createByteCache } from "../../../src/lib/byte-cache.ts";

const value = (size: number) => ({ bytes: new Uint8Array(size) });

function cacheOf(capacity: number) {
  const cache = createByteCache<ReturnType<typeof value>>(capacity);
  let made = 0;
  return {
    cache,
    made: () => made,
    get: (key: string, size: number) =>
      cache.get(key, async () => {
        made++;
        return value(size);
      }),
  };
}

test("a value is made once", async () => {
  const { get, made } = cacheOf(10);
  expect(await get("a", 1)).toBe(await get("a", 1));
  expect(made()).toBe(1);
});

test("those who ask while it is made share it", async () => {
  const { get, made } = cacheOf(10);
  await Promise.all([get("a", 1), get("a", 1), get("a", 1)]);
  expect(made()).toBe(1);
});

test("beyond the capacity the least recently used goes", async () => {
  const { get, made } = cacheOf(10);
  await get("a", 4);
  await get("b", 4);
  await get("a", 4);
  await get("c", 4);
  expect(made()).toBe(3);
  await get("a", 4);
  expect(made()).toBe(3);
  await get("b", 4);
  expect(made()).toBe(4);
});

test("a value larger than all is handed out, and pushes nothing out", async () => {
  const { get, made } = cacheOf(10);
  await get("a", 4);
  expect((await get("huge", 11)).bytes.length).toBe(11);
  await get("a", 4);
  expect(made()).toBe(2);
  await get("huge", 11);
  expect(made()).toBe(3);
});

test("a failure is not kept", async () => {
  const { cache, get } = cacheOf(10);
  const failed = cache.get("a", () => Promise.reject(new Error("away")));
  expect(await failed.catch((error) => error.message)).toBe("away");
  expect((await get("a", 1)).bytes.length).toBe(1);
});

test("what was being made when all was cleared is not kept", async () => {
  const { cache, get, made } = cacheOf(10);
  const making = get("a", 1);
  cache.clear();
  await making;
  await get("a", 1);
  expect(made()).toBe(2);
});

test("clearing while a newer one is made keeps the newer one", async () => {
  const { cache, get, made } = cacheOf(10);
  const old = get("a", 1);
  cache.clear();
  const fresh = get("a", 1);
  await Promise.all([old, fresh]);
  expect(await get("a", 1)).toBe(await fresh);
  expect(made()).toBe(2);
});
