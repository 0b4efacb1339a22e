import { describe, expect, test } from "bun:test";
import { FACTORY, factoryHints } from "../../../src/users/factory.ts";
import { section } from "../../helpers/http.ts";

test("the factory values are the defaults of the configuration", () => {
  const { jwt_secret, admin_password, invite_code } = section("auth");
  expect({ jwt_secret, admin_password, invite_code }).toEqual({
    jwt_secret: FACTORY.jwtSecret,
    admin_password: FACTORY.adminPassword,
    invite_code: FACTORY.inviteCode,
  });
});

describe("factoryHints", () => {
  test("names the keys to set, and never a secret", () => {
    const hints = factoryHints(section("auth")).join("\n");
    expect(hints).toContain("ANICARGO_ADMIN_PASSWORD");
    expect(hints).toContain("ANICARGO_INVITE_CODE");
    for (const secret of Object.values(FACTORY)) expect(hints).not.toContain(secret);
  });

  test("S22 says that a secret too short to be one is not used", () => {
    const auth = section("auth", { admin_password: "my own", invite_code: "my own", jwt_secret: "short" });
    expect(factoryHints(auth)).toEqual([expect.stringContaining("auth.jwt_secret is shorter than 32 bytes")]);
  });

  test("has nothing to say when all is set, or the secret is left to us", () => {
    for (const jwt_secret of ["x".repeat(32), ""]) {
      expect(factoryHints(section("auth", { admin_password: "my own", invite_code: "my own", jwt_secret }))).toEqual(
        [],
      );
    }
  });
});
