import { expect, test } from "bun:test";
import { titlesOf } from "../../../plugins/matching/titles.ts";
import { compared, half, reading, titles } from "./subjects.ts";

const worth = (of: Parameters<typeof reading>[0]) =>
  titlesOf(reading(of)).map(({ text, weight, derived, folder }) => ({ text, weight, derived, folder }));

test("a file's own title counts for all of itself", () => {
  expect(worth({ titles: titles("葬送的芙莉莲", "Sousou no Frieren") })).toEqual([
    { text: "葬送的芙莉莲", weight: 1, derived: false, folder: false },
    { text: "Sousou no Frieren", weight: 1, derived: false, folder: false },
  ]);
});

test("a half of a longer text counts less", () => {
  expect(
    worth({ titles: titles("无职转生_Mushoku Tensei", half("无职转生"), half("Mushoku Tensei")) }).map(
      ({ weight }) => weight,
    ),
  ).toEqual([1, 0.93, 0.93]);
});

test("a folder counts less beside a title of the file, and all of itself where there is none", () => {
  const folder = { folderTitles: titles("Violet Evergarden (BD 1080p)") };
  expect(worth({ titles: titles("Violet Evergarden Gaiden"), ...folder })).toEqual([
    { text: "Violet Evergarden Gaiden", weight: 1, derived: false, folder: false },
    { text: "Violet Evergarden (BD 1080p)", weight: 0.94, derived: false, folder: true },
  ]);
  expect(worth(folder)).toMatchObject([{ weight: 1, folder: true }]);
});

test("a half of a folder's title counts no more than a half", () => {
  const folderTitles = titles(half("Mushoku Tensei"));
  expect(worth({ folderTitles })).toMatchObject([{ weight: 0.93 }]);
  expect(worth({ titles: titles("S01E01"), folderTitles })).toMatchObject([{ weight: 1 }, { weight: 0.93 }]);
});

test("one title in two spellings is one, as it was read first", () => {
  const read = { titles: titles("葬送的芙莉蓮"), folderTitles: titles("葬送的芙莉莲") };
  expect(worth(read)).toEqual([{ text: "葬送的芙莉蓮", weight: 1, derived: false, folder: false }]);
});

test.each([
  ["K", []],
  ["86", ["86"]],
  ["业", ["业"]],
  ["★!?", []],
  ["・ー・", []],
])("of %s what tells something is kept: %j", (text, kept) => {
  expect(compared(text).map((title) => title.text)).toEqual(kept);
});

test("a half knows what is left of the text that it was cut out of", () => {
  const [whole, english, romaji] = compared(
    "Fena Pirate Princess_Kaizoku Oujo",
    half("Fena Pirate Princess"),
    half("Kaizoku Oujo"),
  );
  expect([whole?.other, english?.other?.folded, romaji?.other?.folded]).toEqual([
    null,
    "kaizokuoujo",
    "fenapirateprincess",
  ]);
});

test("halves in two scripts know each other where the text that they were cut out of is not there", () => {
  const [chinese, latin] = compared(half("狼与香辛料 行商邂逅贤狼"), half("Ookami to Koushinryou"));
  expect(chinese?.other?.text).toBe("Ookami to Koushinryou");
  expect(latin?.other?.text).toBe("狼与香辛料 行商邂逅贤狼");
});

test.each([
  ["cut out of no text that was read", [half("Fena Pirate Princess"), half("Kaizoku Oujo")]],
  ["cut out of the middle of one", ["The Fena Pirate Princess (2021)", half("Fena Pirate Princess")]],
  ["all of a text but signs", ["Kaizoku Oujo!?", half("Kaizoku Oujo")]],
  ["cut out of a half", [half("Fena Pirate Princess Kaizoku Oujo"), half("Kaizoku Oujo")]],
])("a title knows no other half when it is %s", (_, read) => {
  expect(compared(...read).every(({ other }) => other === null)).toBe(true);
});
