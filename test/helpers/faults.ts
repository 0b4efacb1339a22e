/** How fake servers misbehave, whatever they stand for. */

/** What is answered in place of the truth. */
export type Fault = (request: Request) => Response | Promise<Response>;

/** Says nothing until the other side hangs up. */
export const silence: Fault = (request) =>
  new Promise((resolve) => request.signal.addEventListener("abort", () => resolve(new Response())));

/** Begins at once, and goes on for ever: `bytes` every `ms` milliseconds. */
export const endless =
  (bytes: number, ms = 0): Fault =>
  () =>
    new Response(
      new ReadableStream({
        async pull(controller) {
          await Bun.sleep(ms);
          controller.enqueue(new Uint8Array(bytes).fill(0x20));
        },
      }),
    );
