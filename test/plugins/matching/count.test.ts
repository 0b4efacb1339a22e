import { expect, test } from "bun:test";
import { createChains } from "../../../plugins/matching/chain.ts";
import { placeByCounting } from "../../../plugins/matching/count.ts";
import { workOf } from "../../../plugins/matching/names.ts";
import { type Change, openWiki, shelf } from "./case.ts";

interface Ask {
  later?: boolean;
  inPart?: boolean;
  changes?: Change[];
}

/** `subject/place how`, with a mark when another count says otherwise. */
async function counted(number: number, { id }: Change, { later = false, inPart = false, changes = [] }: Ask = {}) {
  const wiki = openWiki(...changes);
  const chains = createChains(wiki, (subject) => workOf(subject));
  const start = workOf((await wiki.subject(id))!);
  const work = (await chains.of(start)).find(({ subject }) => subject.id === id)!;
  wiki.asked.length = 0;
  const found = await placeByCounting(number, work, { laterSeason: later, inPart }, chains, wiki);
  const told = found && `${found.work.subject.id}/${found.episode.ep} ${found.how}${found.disputed ? " ?" : ""}`;
  return { told, chainAt: found?.chainAt, asked: wiki.asked };
}

const { mushoku, mushokuPart2, mushoku2, mushoku2Part2, danDaDan, danDaDan2, hoozuki2 } = shelf;
const { hoozuki2Part2, ajin, ajinPart2, spyRoom2, jujutsu, jujutsu2, jujutsu3, kOn } = shelf;

test.each<[string, string | null, number, Change, Ask]>([
  ["through the parts of a season", `${mushokuPart2.id}/8 parts`, 19, mushoku, {}],
  ["through the parts of a later season", `${mushoku2Part2.id}/3 parts`, 16, mushoku2, { later: true }],
  ["up to the last of the parts", `${mushoku2Part2.id}/12 parts`, 25, mushoku2, {}],
  ["from the seasons before", `${danDaDan2.id}/3 seasons`, 15, danDaDan2, {}],
  ["from the seasons before a season of parts", `${mushoku2.id}/3 seasons`, 26, mushoku2, { later: true }],
  ["from the parts before", `${mushokuPart2.id}/8 parts`, 19, mushokuPart2, { inPart: true }],
  ["from the first season", `${danDaDan2.id}/7 absolute`, 19, danDaDan, {}],
  ["from the first season over three", `${jujutsu3.id}/8 absolute`, 55, jujutsu, {}],
  ["from the first season, though a later one was looked at", `${jujutsu3.id}/8 absolute`, 55, jujutsu2, {}],
  [
    "not from the first season when a later one is said",
    null,
    55,
    jujutsu2,
    { later: true, changes: [{ id: jujutsu3.id, firstSort: 1 }] },
  ],
  [
    "as the wiki counts on, where its count skips",
    `${spyRoom2.id}/3 sort`,
    30,
    spyRoom2,
    { later: true, changes: [{ id: spyRoom2.id, firstSort: 28 }] },
  ],
  [
    "and the wiki's count is another than that through parts",
    `${hoozuki2Part2.id}/9 parts ?`,
    22,
    hoozuki2,
    { later: true },
  ],
  ["and no count is another when no later season is said", `${hoozuki2Part2.id}/9 parts`, 22, hoozuki2, {}],
  ["and both counts are the same part", `${ajinPart2.id}/2 parts`, 15, ajin, { later: true }],
  ["too far for everything", null, 999, mushoku, {}],
  ["too far for a work alone", null, 15, kOn, { changes: [{ id: kOn.id, relations: [] }] }],
  ["in a part, of which it is too small", `${mushoku.id}/5 absolute`, 5, mushokuPart2, { inPart: true }],
  ["in a part, not in those before", `${mushoku2.id}/3 absolute`, 26, mushoku2Part2, { inPart: true }],
  ["zero", null, 0, danDaDan2, {}],
])("a number counted %s: %p", async (_, expected, number, work, ask) => {
  expect((await counted(number, work, ask)).told).toBe(expected);
});

test("says which season was looked at", async () => {
  expect((await counted(19, danDaDan)).chainAt).toBe(0);
  expect((await counted(15, danDaDan2)).chainAt).toBe(1);
  expect((await counted(16, mushoku2Part2, { later: true })).chainAt).toBe(1);
});

test("a length that the wiki does not tell is what it lists", async () => {
  const listed = { id: danDaDan.id, eps: 0, listed: 12 };
  const { told, asked } = await counted(20, danDaDan2, { changes: [listed] });
  expect(told).toBe(`${danDaDan2.id}/8 seasons`);
  expect(asked).toContain(`episodes ${danDaDan.id}`);
});

test("nothing is counted through a work of unknown length", async () => {
  expect((await counted(20, danDaDan, { changes: [{ id: danDaDan.id, eps: 0 }] })).told).toBeNull();
});

test("an episode that the wiki does not list is none, whatever length it says", async () => {
  expect((await counted(20, danDaDan, { changes: [{ id: danDaDan2.id, listed: 7 }] })).told).toBeNull();
  expect((await counted(19, danDaDan, { changes: [{ id: danDaDan2.id, listed: 7 }] })).told).not.toBeNull();
});

test("asks for no episodes but those of the work that holds the number, where lengths are known", async () => {
  expect((await counted(19, danDaDan)).asked).toEqual([`episodes ${danDaDan2.id}`]);
});
