import { expect, test } from "bun:test";
import { readAliases } from "../../../plugins/bangumi/aliases.ts";

const fact = (value: unknown) => [
  { key: "中文名", value: "x" },
  { key: "别名", value },
];

test.each<[string, unknown, string[]]>([
  ["a list of v", fact([{ v: "Sousou no Frieren" }, { v: "葬送的芙莉蓮" }]), ["Sousou no Frieren", "葬送的芙莉蓮"]],
  ["a list of k and v", fact([{ k: "英文名", v: "Frieren" }]), ["Frieren"]],
  ["a text", fact("Frieren"), ["Frieren"]],
  ["a list of texts", fact(["Frieren", "Fri"]), ["Frieren", "Fri"]],
  ["blanks and repetitions", fact([{ v: " A " }, { v: "A" }, { v: "" }, { v: " " }]), ["A"]],
  ["the fact twice", [...fact("A"), ...fact("B")], ["A", "B"]],
  ["an empty text", fact(""), []],
  ["numbers and nulls", fact([1, null, { v: null }, { k: "x" }, [], { v: "A" }]), ["A"]],
  ["no such fact", [{ key: "中文名", value: "x" }], []],
  ["an empty list", [], []],
  ["null", null, []],
  ["nothing", undefined, []],
  ["an object", {}, []],
])("%s", (_kind, infobox, aliases) => {
  expect(readAliases(infobox)).toEqual(aliases);
});
