import { describe, expect, test } from "bun:test";
import { checkNewPassword, createGate, hashPassword, verifyPassword } from "../../../src/users/password.ts";

describe("passwords", () => {
  test("are argon2id, salted, and verified", async () => {
    const [one, two] = [await hashPassword("correct horse"), await hashPassword("correct horse")];
    expect(one).toStartWith("$argon2id$v=19$m=19456,t=2,p=1$");
    expect(one).not.toBe(two);
    expect(await verifyPassword("correct horse", one)).toBe(true);
    expect(await verifyPassword("Correct horse", one)).toBe(false);
  });

  test("S25 nobody's password is never right, at the cost of a real one", async () => {
    expect(await verifyPassword("anything", null)).toBe(false);
    const source = await Bun.file(new URL("../../../src/users/password.ts", import.meta.url)).text();
    const cost = (hash: string) => /^\$argon2id\$v=19\$[^$]+/.exec(hash)?.[0];
    const nobody = /"(\$argon2id[^"]+)"/.exec(source)![1]!;
    expect(cost(nobody)).toBe(cost(await hashPassword("x")));
  });

  test("have 6 to 1024 bytes, the factory one among them", () => {
    for (const fine of ["adminpwd", "密码", "x".repeat(1024)]) expect(() => checkNewPassword(fine)).not.toThrow();
    for (const bad of ["", "12345", "x".repeat(1025), "密".repeat(342)]) {
      expect(() => checkNewPassword(bad)).toThrow("password: expected 6 to 1024 bytes");
    }
  });
});

describe("S29 the gate", () => {
  /** Work that ends when it is told to. */
  function work() {
    const ends: (() => void)[] = [];
    const start = () => new Promise<void>((resolve) => ends.push(resolve));
    return { start, ends };
  }

  test("runs so many at once, lets so many wait, and refuses the rest", async () => {
    const gate = createGate(2, 1);
    const { start, ends } = work();
    const admitted = [gate(start), gate(start), gate(start)];
    await expect(gate(start)).rejects.toMatchObject({ status: 429, retryAfter: 1 });
    expect(ends).toHaveLength(2);
    ends[0]!();
    await admitted[0];
    expect(ends).toHaveLength(3);
    for (const end of ends) end();
    await Promise.all(admitted);
  });

  test("a place that fell free is taken again, also after a failure", async () => {
    const gate = createGate(1, 0);
    for (let i = 0; i < 3; i++) await gate(() => Promise.reject(new Error("broken"))).catch(() => {});
    expect(await gate(async () => "fine")).toBe("fine");
  });
});
