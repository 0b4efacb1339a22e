import { expect, test } from "bun:test";
import { type AppliedMigration, checksumOf, planMigrations } from "../../../src/db/migration-plan.ts";
import { ConfigError } from "../../../src/errors.ts";

const one = { name: "0001-one", sql: "create table one ();\n" };
const two = { name: "0002-two", sql: "create table two ();\n" };
const applied = (plugin: string, { name, sql }: typeof one): AppliedMigration => ({
  plugin,
  name,
  checksum: checksumOf(sql),
});
const names = (plan: { plugin: string; name: string }[]) => plan.map(({ plugin, name }) => `${plugin}/${name}`);

test("what the ledger lacks is planned, group by group, in order", () => {
  const groups = [
    { name: "core", migrations: [one, two] },
    { name: "hls", migrations: [one] },
  ];
  expect(names(planMigrations([applied("core", one)], groups))).toEqual(["core/0002-two", "hls/0001-one"]);
});

test("an applied migration that was edited is refused", () => {
  const edited = { ...one, sql: "create table uno ();" };
  const plan = () => planMigrations([applied("core", one)], [{ name: "core", migrations: [edited] }]);
  expect(plan).toThrow(ConfigError);
  expect(plan).toThrow(/^migration core\/0001-one is not the one that the database was made with: put the file back/);
});

test("a database with a migration that the binary lacks is refused as newer", () => {
  const plan = () =>
    planMigrations([applied("core", one), applied("core", two)], [{ name: "core", migrations: [one] }]);
  expect(plan).toThrow(ConfigError);
  expect(plan).toThrow(/used by a newer anicargo \(migration core\/0002-two\): use that version/);
});

test("the migrations of a plugin that was taken out are left alone", () => {
  expect(planMigrations([applied("gone", one)], [{ name: "core", migrations: [] }])).toEqual([]);
});

test("line ends do not count as an edit", () => {
  expect(checksumOf("a\r\nb\r\n")).toBe(checksumOf("a\nb\n"));
});
