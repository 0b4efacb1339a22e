/**
 * Reads an answer's body as text, and no further than it may be long. Counts what comes out of decompression: a small packet can hold a
 * large text.
 *
 * @param most bytes
 * @param tooLong the error to throw beyond them; reading stops and the connection is let go
 */
export async function boundedText(response: Response, most: number, tooLong: () => Error): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > most) throw tooLong();
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
