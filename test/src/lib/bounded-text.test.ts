import { expect, test } from "bun:test";
import { boundedText } from "../../../src/lib/bounded-text.ts";

const tooLong = () => new Error("too long");
const chunks = (...parts: Uint8Array[]): Response =>
  new Response(
    new ReadableStream({
      start(controller) {
        for (const part of parts) controller.enqueue(part);
        controller.close();
      },
    }),
  );

test("reads a text whole, also one that is cut within a character", async () => {
  const bytes = new TextEncoder().encode("葬送");
  expect(await boundedText(chunks(bytes.slice(0, 4), bytes.slice(4)), 6, tooLong)).toBe("葬送");
  expect(await boundedText(new Response(null), 0, tooLong)).toBe("");
});

test("stops reading beyond the bound, and lets the sender go", async () => {
  let sent = 0;
  let cancelled = false;
  const endless = new ReadableStream({
    pull(controller) {
      sent++;
      controller.enqueue(new Uint8Array(10));
    },
    cancel() {
      cancelled = true;
    },
  });
  await expect(boundedText(new Response(endless), 25, tooLong)).rejects.toThrow("too long");
  expect(sent).toBeLessThan(6);
  expect(cancelled).toBe(true);
});
