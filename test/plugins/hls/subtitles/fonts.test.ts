import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { openSource } from "../../../../plugins/hls/byte-source.ts";
import { type Attachment, type ByteSource, Damaged } from "../../../../plugins/hls/reader/model.ts";
import { type Font, fontsOf, openFont } from "../../../../plugins/hls/subtitles/fonts.ts";
import { fixture } from "../fixtures.ts";
import { file, merged, opened } from "./files.ts";

/** Real programs on a machine that may be busy. */
setDefaultTimeout(30_000);

const attached = (name: string, mediaType = "application/octet-stream", size = 1000): Attachment => ({
  name,
  mediaType,
  offset: 5000,
  size,
});
const named = (...attachments: Attachment[]): string[] => fontsOf(attachments).map(({ name }) => name);

describe("a font", () => {
  test("is known by its extension or else by its media type", () => {
    expect(
      fontsOf([
        attached("cover.jpg", "image/jpeg"),
        attached("Arial Bold.TTF"),
        attached("a.otf", "application/x-truetype-font"),
        attached("noto", "application/vnd.ms-opentype"),
        attached("b.ttc", "font/collection"),
        attached("notes.txt", "text/plain"),
        attached("x.html", "text/html"),
        attached("empty.ttf", "font/ttf", 0),
        attached("huge.ttf", "font/ttf", 2 ** 40),
      ]).map(({ name, mediaType }) => [name, mediaType]),
    ).toEqual([
      ["1-arial_bold.ttf", "font/ttf"],
      ["2-a.otf", "font/otf"],
      ["3-noto.otf", "font/otf"],
      ["4-b.ttc", "font/collection"],
    ]);
  });

  test("S12, S13: is served under a name of ours, whatever the file calls it", () => {
    const names = named(
      attached("../../etc/passwd.ttf"),
      attached("/abs/../x.ttf"),
      attached("a\0b\n\r.ttf"),
      attached('"><script>.ttf'),
      attached("微软雅黑.ttf"),
      attached("same.ttf"),
      attached("same.ttf"),
      attached(".ttf"),
      attached("__proto__", "font/__proto__"),
      attached(`${"long".repeat(1000)}.ttf`),
    );
    expect(names).toEqual([
      "0-etc_passwd.ttf",
      "1-abs_x.ttf",
      "2-a_b.ttf",
      "3-script.ttf",
      "4.ttf",
      "5-same.ttf",
      "6-same.ttf",
      "7.ttf",
      `9-${"long".repeat(10)}.ttf`,
    ]);
  });

  test("S41: there are at most 500", () => {
    expect(fontsOf(Array.from({ length: 10_000 }, () => attached("a.ttf")))).toHaveLength(500);
  });
});

describe("its bytes", () => {
  const content = Buffer.concat([Buffer.from("OTTO"), Buffer.alloc(700_000, "font")]);

  test("are those that were attached", async () => {
    const font = await file("My Font.otf", content);
    const path = await merged(await fixture("silent.mkv"), "--attach-file", font);
    const [found] = await opened(path, async ({ index }) => fontsOf(index.attachments));
    expect(found).toMatchObject({ name: "0-my_font.otf", mediaType: "font/otf", size: content.length });
    const source = await openSource(path);
    let ends = 0;
    const stream = await openFont(source, found!, () => void ends++);
    expect(ends).toBe(0);
    expect(content.equals(Buffer.from(await new Response(stream).bytes()))).toBeTrue();
    expect(ends).toBe(1);
    await source.close();
  });

  const font: Font = { name: "0.ttf", mediaType: "font/ttf", offset: 0, size: content.length };
  const source = (bytes: Uint8Array): ByteSource & { reads: number } => ({
    size: bytes.length,
    reads: 0,
    async read(offset, length) {
      this.reads++;
      return bytes.subarray(offset, offset + length);
    },
  });

  test.each([
    ["a page", Buffer.from("<html><script>alert(1)</script>")],
    ["nothing", Buffer.alloc(0)],
  ])("%s is no font, whatever it is called", async (_what, bytes) => {
    let ends = 0;
    await expect(openFont(source(bytes), font, () => void ends++)).rejects.toThrow(Damaged);
    expect(ends).toBe(1);
  });

  test("are read only as they are taken, and no more once the listener has gone", async () => {
    const read = source(content);
    let ends = 0;
    const reader = (await openFont(read, font, () => void ends++)).getReader();
    expect(read.reads).toBe(1);
    await reader.read();
    await reader.read();
    expect(read.reads).toBe(2);
    await reader.cancel();
    expect([read.reads, ends]).toEqual([2, 1]);
  });

  test("are let go when the listener on the network leaves in the middle", async () => {
    const large = Buffer.concat([Buffer.from("OTTO"), Buffer.alloc(40 << 20)]);
    const ended = Promise.withResolvers<void>();
    const server = Bun.serve({
      ...{ port: 0, hostname: "127.0.0.1" },
      fetch: async () => new Response(await openFont(source(large), { ...font, size: large.length }, ended.resolve)),
    });
    const controller = new AbortController();
    const answer = await fetch(server.url, { signal: controller.signal });
    await answer.body!.getReader().read();
    controller.abort();
    await ended.promise;
    await server.stop(true);
  });

  test("end where a file that was cut short ends", async () => {
    const short = content.subarray(0, 300_000);
    let ends = 0;
    const stream = await openFont(source(short), font, () => void ends++);
    expect(await new Response(stream).bytes()).toHaveLength(short.length);
    expect(ends).toBe(1);
  });

  test("end with the error of a disk that fails", async () => {
    const failing = source(content);
    const { read } = failing;
    failing.read = async function (offset, length) {
      if (offset > 0) throw new Error("EIO");
      return read.call(this, offset, length);
    };
    let ends = 0;
    const stream = await openFont(failing, font, () => void ends++);
    await expect(new Response(stream).bytes()).rejects.toThrow("EIO");
    expect(ends).toBe(1);
  });
});
