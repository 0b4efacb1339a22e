import { expect, test } from "bun:test";
import { mayEnter, pickUser } from "../../../src/db/server-user.ts";

const PASSWD = "root:x:0:0::/root:/bin/sh\nmei:x:1000:100::/home/mei:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n";
const ROOTS = { uid: 0, gid: 0 };

test("root runs the server as the data folder's owner, with the folder's group", () => {
  expect(pickUser({ uid: 1000, gid: 7 }, PASSWD)).toEqual({ uid: 1000, gid: 7 });
});

test("an owner without a name cannot be used, nor root", () => {
  expect(pickUser({ uid: 1234, gid: 7 }, PASSWD)).toEqual({ uid: 65534, gid: 65534 });
  expect(pickUser(ROOTS, PASSWD)).toEqual({ uid: 65534, gid: 65534 });
});

test("a user named anicargo goes before nobody", () => {
  expect(pickUser(ROOTS, `${PASSWD}anicargo:x:990:991::/var/lib/anicargo:/bin/false\n`)).toEqual({
    uid: 990,
    gid: 991,
  });
});

test("where there is neither, there is none", () => {
  expect(pickUser(ROOTS, "root:x:0:0::/root:/bin/sh\n")).toBeUndefined();
});

test("a folder is entered by the bits of the first class that fits", () => {
  const user = { uid: 1000, gid: 100 };
  expect(mayEnter({ uid: 1000, gid: 100, mode: 0o40700 }, user)).toBe(true);
  expect(mayEnter({ uid: 1000, gid: 100, mode: 0o40077 }, user)).toBe(false);
  expect(mayEnter({ uid: 0, gid: 100, mode: 0o40710 }, user)).toBe(true);
  expect(mayEnter({ uid: 0, gid: 100, mode: 0o40701 }, user)).toBe(false);
  expect(mayEnter({ uid: 0, gid: 0, mode: 0o40701 }, user)).toBe(true);
  expect(mayEnter({ uid: 0, gid: 0, mode: 0o40770 }, user)).toBe(false);
});
