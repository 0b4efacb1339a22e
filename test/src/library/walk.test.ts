import { afterEach, describe, expect, test } from "bun:test";
import { chmodSync, linkSync, lstatSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { MissingRoot } from "../../../src/library/root.ts";
import { walk } from "../../../src/library/walk.ts";
import { LONG_AGO, type MediaTree, mediaTree } from "../../helpers/media-tree.ts";

const trees: MediaTree[] = [];
const tree = (...paths: string[]) => {
  const made = mediaTree(...paths);
  trees.push(made);
  return made;
};
afterEach(() => {
  while (trees.length > 0) trees.pop()!.remove();
});

const paths = async (root: string) => (await walk(root)).files.map((file) => file.path);

describe("what is found", () => {
  test("media files at any depth, ordered by path, and nothing else", async () => {
    const { root } = tree("b/c/d/2.mkv", "b/1.MP4", "a.ts", "b/cover.jpg", "notes.txt");
    expect(await paths(root)).toEqual(["a.ts", "b/1.MP4", "b/c/d/2.mkv"]);
  });

  test("size in bytes, modification time in microseconds, inode", async () => {
    const { root, file } = tree();
    const { ino } = lstatSync(file("a.mkv", "12345"));
    const [found] = (await walk(root)).files;
    expect(found).toEqual({ path: "a.mkv", size: 5, mtime: LONG_AGO.getTime() * 1000, inode: ino });
  });

  test("a time that no calendar holds is brought into range", async () => {
    const { root, file } = tree();
    file("old.mkv", "", new Date(-1e12));
    file("new.mkv", "", new Date("2400-01-01"));
    const times = (await walk(root)).files.map((found) => found.mtime);
    expect(times).toEqual([new Date("2400-01-01").getTime() * 1000, 0]);
  });

  test("an empty library is empty, one with only a folder in it is not", async () => {
    const { root, path } = tree();
    expect((await walk(root)).empty).toBe(true);
    mkdirSync(path("lost+found"));
    writeFileSync(path(".marker"), "");
    expect((await walk(root)).empty).toBe(true);
    mkdirSync(path("Shows"));
    expect((await walk(root)).empty).toBe(false);
  });

  test("progress tells how many were found so far", async () => {
    const { root } = tree("a/1.mkv", "b/2.mkv", "b/3.mkv");
    const counts: number[] = [];
    await walk(root, { onProgress: (files) => counts.push(files) });
    expect(counts.length).toBe(3);
    expect(counts.at(-1)).toBe(3);
  });
});

describe("what is left out", () => {
  test("hidden and system folders with all below them", async () => {
    const { root } = tree(
      ".x/a.mkv",
      "@eaDir/a.mkv",
      "s/#recycle/deep/a.mkv",
      "s/.unwanted/b.mkv",
      "s/ok.mkv",
      ".h.mkv",
    );
    expect(await paths(root)).toEqual(["s/ok.mkv"]);
  });

  test.each([".ignore", ".nomedia"])("a folder that holds %s with all below it", async (marker) => {
    const { root } = tree("skip/a.mkv", "skip/deep/b.mkv", `skip/${marker}`, "keep/c.mkv");
    expect(await paths(root)).toEqual(["keep/c.mkv"]);
  });

  test("S6 pipes, sockets and devices, whatever they are called, are not opened", async () => {
    const { root, path } = tree("real.mkv");
    expect(Bun.spawnSync(["mkfifo", path("pipe.mkv")]).exitCode).toBe(0);
    const server = createServer().listen(path("socket.mkv"));
    await new Promise((resolve) => server.once("listening", resolve));
    symlinkSync("/dev/zero", path("zero.mkv"));
    expect(await paths(root)).toEqual(["real.mkv"]);
    server.close();
  });

  test("a folder that is called like a film is a folder", async () => {
    const { root } = tree("Film.mkv/inside.mkv");
    expect(await paths(root)).toEqual(["Film.mkv/inside.mkv"]);
  });

  test("R10 our own folders inside the library", async () => {
    const { root, path } = tree("a.mkv", "cache/hls/x/seg_0.ts");
    const { files } = await walk(root, { exclude: [path("cache")] });
    expect(files.map((file) => file.path)).toEqual(["a.mkv"]);
    expect((await walk(root, { exclude: [root] })).files.length).toBe(2);
  });
});

describe("S5 symbolic links", () => {
  test("that lead out of the library are counted and not followed", async () => {
    const outside = tree("secret.mkv", "folder/secret.mkv");
    const { root, path } = tree("a.mkv");
    symlinkSync(outside.path("secret.mkv"), path("file.mkv"));
    symlinkSync(outside.root, path("folder"));
    symlinkSync("/", path("everything"));
    const found = await walk(root);
    expect(found.files.map((file) => file.path)).toEqual(["a.mkv"]);
    expect(found.outside).toBe(3);
  });

  test("to a neighbour whose name begins like the library's lead out", async () => {
    const { root, path } = tree("lib/a.mkv", "lib2/b.mkv");
    symlinkSync(path("lib2/b.mkv"), path("lib/b.mkv"));
    const found = await walk(`${root}/lib`);
    expect([found.files.length, found.outside]).toEqual([1, 1]);
  });

  test("to what is found anyway add nothing", async () => {
    const { root, path } = tree("z/real.mkv");
    symlinkSync("z/real.mkv", path("a-link.mkv"));
    symlinkSync("z", path("a-folder"));
    symlinkSync(root, path("loop"));
    symlinkSync("../..", path("z/up"));
    const found = await walk(root);
    expect(found.files.map((file) => file.path)).toEqual(["z/real.mkv"]);
  });

  test("to what lies hidden inside the library make it visible, once", async () => {
    const { root, path } = tree(".store/a.mkv", ".store/deep/b.mkv", ".other/c.mkv");
    symlinkSync(".store", path("Shows"));
    symlinkSync(".store/deep", path("Deep"));
    symlinkSync(".other/c.mkv", path("film.mkv"));
    symlinkSync(".other/c.mkv", path("same film.mkv"));
    expect(await paths(root)).toEqual(["Deep/b.mkv", "Shows/a.mkv", "film.mkv"]);
  });

  test("to a file and to its folder find it once", async () => {
    const { root, path } = tree(".a/1.mkv", ".b/2.mkv");
    symlinkSync(".a", path("first folder"));
    symlinkSync(".a/1.mkv", path("then file.mkv"));
    symlinkSync(".b/2.mkv", path("file first.mkv"));
    symlinkSync(".b", path("then folder"));
    expect(await paths(root)).toEqual(["file first.mkv", "first folder/1.mkv"]);
  });

  test("inside folders that only links lead to are followed as well", async () => {
    const { root, path } = tree(".store/a.mkv", ".more/b.mkv");
    symlinkSync(".store", path("Shows"));
    symlinkSync("../.more", path(".store/more"));
    expect(await paths(root)).toEqual(["Shows/a.mkv", "Shows/more/b.mkv"]);
  });

  test("that lead nowhere or in a circle are nothing", async () => {
    const { root, path } = tree("a.mkv");
    symlinkSync("gone.mkv", path("dangling.mkv"));
    symlinkSync("y.mkv", path("x.mkv"));
    symlinkSync("x.mkv", path("y.mkv"));
    const found = await walk(root);
    expect([found.files.length, found.outside, found.unreadable]).toEqual([1, 0, []]);
  });

  test("the library itself may be one", async () => {
    const real = tree("a.mkv");
    const other = tree();
    symlinkSync(real.root, other.path("library"));
    expect(await paths(other.path("library"))).toEqual(["a.mkv"]);
  });
});

describe("names", () => {
  test("R8 several hard links are one item, under the first path", async () => {
    const { root, file, path } = tree("other.mkv");
    const made = file("torrents/x.mkv");
    mkdirSync(path("library"));
    linkSync(made, path("library/y.mkv"));
    symlinkSync("torrents/x.mkv", path("a link.mkv"));
    expect(await paths(root)).toEqual(["library/y.mkv", "other.mkv"]);
  });

  test("R9 twins that differ in case or in composition are two items", async () => {
    const { root } = tree("a.mkv", "A.mkv", "\u00e9.mkv", "e\u0301.mkv");
    expect((await paths(root)).length).toBe(4);
  });

  test("S15 names that are not UTF-8 are escaped, with their bytes beside", async () => {
    const { root, file } = tree("ok.mkv");
    const folder = Buffer.concat([Buffer.from(`${root}/caf`), Buffer.from([0xe9])]);
    mkdirSync(folder);
    writeFileSync(Buffer.concat([folder, Buffer.from("/x"), Buffer.from([0xff]), Buffer.from(".mkv")]), "12");
    file("日本.mkv");
    file("\ufffd.mkv");
    const { files } = await walk(root);
    expect(files.map((found) => found.path)).toEqual(["caf\\xe9/x\\xff.mkv", "ok.mkv", "日本.mkv", "\ufffd.mkv"]);
    expect(files[0]!.bytes?.toString("latin1")).toBe("caf\xe9/x\xff.mkv");
    expect(files.slice(1).every((found) => found.bytes === undefined)).toBe(true);
  });

  test("S15 an escaped name does not take the name of a neighbour", async () => {
    const { root } = tree("x\\xff.mkv");
    writeFileSync(Buffer.concat([Buffer.from(`${root}/x`), Buffer.from([0xff]), Buffer.from(".mkv")]), "12");
    expect(await paths(root)).toEqual(["_x\\xff.mkv", "x\\xff.mkv"]);
  });

  test.each([
    "-i.mkv",
    "http:evil.mkv",
    "100% %d [01].mkv",
    "quote ' \" .mkv",
    "new\nline.mkv",
    "tab\t.mkv",
    "*?[].mkv",
    "😀.mkv",
    `${"n".repeat(251)}.mkv`,
  ])("S14 %p is found as it is", async (name) => {
    const { root } = tree(name);
    expect(await paths(root)).toEqual([name]);
  });
});

describe("trouble", () => {
  test("a missing library, and a file in its place, are told apart from an empty one", async () => {
    const { root, path } = tree("a.mkv");
    expect(walk(path("nowhere"))).rejects.toBeInstanceOf(MissingRoot);
    expect(walk(`${root}/a.mkv`)).rejects.toBeInstanceOf(MissingRoot);
  });

  test("R2 a folder that cannot be read is reported, the rest is found", async () => {
    const { root, path } = tree("ok/a.mkv", "locked/b.mkv", "locked/deep/c.mkv");
    const found = await asNobody(path("locked"), root);
    expect(found.files.map((file) => file.path)).toEqual(["ok/a.mkv"]);
    expect(found.unreadable).toEqual(["locked"]);
  });

  test("R2 a folder whose names can be listed, but whose files cannot be looked at, is reported", async () => {
    const { root, path } = tree("ok/a.mkv", "locked/b.mkv");
    const found = await asNobody(path("locked"), root, 0o744);
    expect(found.files.map((file) => file.path)).toEqual(["ok/a.mkv"]);
    expect(found.unreadable).toEqual(["locked"]);
  });

  test("a library that cannot be read is an error that says so", async () => {
    const { root } = tree("a.mkv");
    const error = await asNobody(root, root).catch((thrown) => thrown);
    expect(String(error)).toContain("cannot be read (EACCES)");
  });

  test("R28 a path that is too long for the system is reported, the rest is found", async () => {
    const { root, path } = tree("a.mkv");
    const deep = Array(10).fill("d".repeat(250)).join("/");
    mkdirSync(path("first", deep), { recursive: true });
    mkdirSync(path("second", deep), { recursive: true });
    renameSync(path("second"), path("first", deep, "second"));
    const found = await walk(root);
    expect(found.files.map((file) => file.path)).toEqual(["a.mkv"]);
    expect(found.unreadable.length).toBe(1);
    renameSync(path("first", deep, "second"), path("second"));
  });

  test("R28 50,000 files in one folder", async () => {
    const { root } = tree();
    expect(
      Bun.spawnSync(["sh", "-c", "seq -f 'Show - %05g.mkv' 50000 | tr '\\n' '\\0' | xargs -0 touch"], { cwd: root })
        .exitCode,
    ).toBe(0);
    expect((await walk(root)).files.length).toBe(50_000);
  }, 60_000);

  test("a folder that vanishes while we look is gone, not unreadable", async () => {
    const { root, path } = tree("a/1.mkv", "a/2.mkv", "z/3.mkv");
    let removed = false;
    const found = await walk(root, {
      onProgress: () => {
        if (!removed) rmSync(path("a"), { recursive: true });
        removed = true;
      },
    });
    expect(found.unreadable).toEqual([]);
    expect(found.files.at(-1)!.path).toBe("z/3.mkv");
  });

  test("R1 a library that is unmounted while we look is missing, not empty", async () => {
    const { root } = tree("a/1.mkv", "b/2.mkv");
    let moved = false;
    const found = walk(root, {
      onProgress: () => {
        if (moved) return;
        renameSync(root, `${root}-unmounted`);
        mkdirSync(root);
        moved = true;
      },
    });
    expect(await found.catch((error) => error)).toBeInstanceOf(MissingRoot);
    rmSync(`${root}-unmounted`, { recursive: true });
  });

  test("R3 a walk that is aborted lets go at once, also while the file system does not answer", async () => {
    const { root } = tree("a.mkv");
    const controller = new AbortController();
    const walking = walk(root, { signal: controller.signal });
    controller.abort(new Error("time is up"));
    expect(await walking.catch((error) => error.message)).toBe("time is up");
    expect(await walk(root, { signal: controller.signal }).catch((error) => error.message)).toBe("time is up");
  });
});

/** Walks as a user who may not open `locked`: root may open everything. */
async function asNobody(locked: string, root: string, mode = 0o700): Promise<Awaited<ReturnType<typeof walk>>> {
  if (process.getuid!() !== 0) {
    chmodSync(locked, mode === 0o700 ? 0 : 0o444);
    return await walk(root).finally(() => chmodSync(locked, 0o700));
  }
  if (locked !== root) chmodSync(root, 0o755);
  chmodSync(locked, mode);
  process.seteuid!(65534);
  try {
    return await walk(root);
  } finally {
    process.seteuid!(0);
  }
}
