/** Files in the file: fonts, covers. Only their names are read. */
import { type Attachment, Damaged } from "../reader/model.ts";
import { elementHead, LONGEST_HEAD, LONGEST_TEXT, readText } from "./ebml.ts";
import { ID } from "./ids.ts";
import type { Span } from "./layout.ts";
import { bytesAt, type Window } from "./window.ts";

/** Beyond what a file carries. */
const MOST = 2000;
/** Checksums and padding between them. */
const OTHERS = 1000;

/** @throws Damaged */
export async function readAttachments(window: Window, span: Span): Promise<Attachment[]> {
  const attachments: Attachment[] = [];
  for await (const file of childrenAt(window, span)) {
    if (file.id !== ID.attachedFile) continue;
    const attachment = await readAttachment(window, file);
    if (attachment.size > 0) attachments.push(attachment);
    if (attachments.length === MOST) break;
  }
  return attachments;
}

async function readAttachment(window: Window, span: Span): Promise<Attachment> {
  const attachment: Attachment = { name: "", mediaType: "", offset: 0, size: 0 };
  for await (const { id, start, end } of childrenAt(window, span)) {
    if (id === ID.fileName) attachment.name = await textAt(window, start, end);
    else if (id === ID.fileMediaType) attachment.mediaType = await textAt(window, start, end);
    else if (id === ID.fileData) Object.assign(attachment, { offset: start, size: end - start });
  }
  return attachment;
}

const textAt = async (window: Window, start: number, end: number): Promise<string> =>
  readText(await bytesAt(window, start, Math.min(end - start, LONGEST_TEXT)));

/** The elements in a part of the file, by their places. */
async function* childrenAt(window: Window, { start, end }: Span): AsyncGenerator<Span & { id: number }> {
  let left = MOST + OTHERS;
  for (let at = start; at < end; ) {
    if (left-- === 0) throw new Damaged("an attachment consists of too many parts");
    const head = elementHead(await bytesAt(window, at, Math.min(LONGEST_HEAD, end - at)), 0);
    const body = at + (head?.length ?? 0);
    if (!head || body + head.size > end) throw new Damaged("an attachment is longer than what is around it");
    at = body + head.size;
    yield { id: head.id, start: body, end: at };
  }
}
