/** `anicargo bangumi-search` and `anicargo bangumi-sync`. */
import { command, NotFound, type OpenCore, UsageError } from "../../src/plugin.ts";
import { cleanKeyword } from "./keyword.ts";
import { bangumiForPeople } from "./service.ts";

const LARGEST_ID = 2 ** 31 - 1;

export const searchCommand = (open: OpenCore) =>
  command({
    description: "Searches Bangumi for anime and prints id, name and Chinese name of what it finds, best first",
    examples: ["bangumi-search 葬送のフリーレン", 'bangumi-search --json "K-ON!"'],
    args: { keyword: { type: "positional", required: true, description: "A part of the title, original or Chinese" } },
    run: ({ args, json, terminal }) => {
      if (cleanKeyword(args.keyword) === "") throw new UsageError("the keyword is empty: name a part of the title");
      return open(async ({ core }) => {
        const found = await bangumiForPeople(core).search(args.keyword);
        for (const subject of found) {
          if (json) terminal.printJson(subject);
          else terminal.print([subject.id, column(subject.name), column(subject.name_cn)].join("\t"));
        }
        if (found.length === 0)
          terminal.note("Bangumi knows no anime by that keyword: try fewer words, or the original title");
      });
    },
  });

/** Tabs and line ends separate: a wiki's author may have left some in a name. */
const column = (text: string): string => text.replace(/[\t\r\n]+/g, " ");

export const syncCommand = (open: OpenCore) =>
  command({
    description: "Asks Bangumi for a subject, its episodes and its relations, and stores them",
    examples: ["bangumi-sync 400602", "bangumi-sync --json 400602"],
    args: { subject_id: { type: "positional", required: true, description: "The number in https://bgm.tv/subject/…" } },
    run: ({ args, json, terminal }) => {
      const id = /^[1-9]\d{0,9}$/.test(args.subject_id) ? Number(args.subject_id) : Number.NaN;
      if (!(id <= LARGEST_ID)) throw new UsageError("a subject id is a number: `anicargo bangumi-search` finds it");
      return open(async ({ core }) => {
        const synced = await bangumiForPeople(core).sync(id);
        if (!synced)
          throw new NotFound(
            "Bangumi does not know this subject (or shows it to members only: set bangumi.access_token)",
          );
        if (json) terminal.printJson({ subject_id: id, name: synced.subject.name, episodes: synced.episodes });
        else terminal.print(`synced subject ${id} (episodes ${synced.episodes})`);
      });
    },
  });
