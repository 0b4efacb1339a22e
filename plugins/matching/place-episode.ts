/** Which episode of the subject a file is, and whether the number belongs to another part or season of it. */
import { MAIN, SPECIAL } from "../bangumi/model.ts";
import { seasonsOf } from "./chain.ts";
import { placeByCounting } from "./count.ts";
import { mainEpisode, specialEpisode } from "./episode.ts";
import { ofThePart } from "./place-season.ts";
import { type Case, isEpisode, isLater, type Placed } from "./placing.ts";
import { isSeries } from "./platform.ts";

export async function placeEpisode(file: Case, placed: Placed): Promise<void> {
  const { reading, catalog } = file;
  const { episode: number, kind } = reading;
  if (isEpisode(reading) && kind === "episode" && isSeries(placed.work.subject)) return episodeOfSeries(file, placed);
  if (kind === "extra") return;
  const episodes = await catalog.episodes(placed.work.subject.id);
  if (isEpisode(reading)) {
    placed.episode = mainEpisode(episodes, number!);
    if (!placed.episode) placed.against.push(`it has no episode ${number}`);
  } else if (kind === "special") {
    if (number !== null) placed.episode = specialEpisode(episodes, number);
    // A subject of its own that other sites count among the specials ("S00E06"): its episodes are main ones here.
    if (number !== null && !episodes.some(({ type }) => type === SPECIAL) && placed.work.subject.platform !== "TV")
      placed.episode = mainEpisode(episodes, number);
  } else if (number === null && !isSeries(placed.work.subject)) {
    const main = episodes.filter(({ type }) => type === MAIN);
    if (main.length === 1) placed.episode = main[0]!;
  }
}

async function episodeOfSeries(file: Case, placed: Placed): Promise<void> {
  const { reading, season, top, chains, catalog, lowest } = file;
  const number = reading.episode!;
  await ofThePart(file, placed);
  placed.episode = mainEpisode(await catalog.episodes(placed.work.subject.id), number, lowest);
  if (placed.episode) return;

  const inPart = reading.part !== null && reading.part > 1;
  const counted = await placeByCounting(number, placed.work, { laterSeason: isLater(season), inPart }, chains, catalog);
  if (!counted) {
    if (placed.work.subject.eps > 0) placed.against.push(`no episode ${number} in it`);
    return;
  }
  if (counted.how === "absolute" && top.score.exact) {
    const seasons = seasonsOf(await chains.of(placed.work));
    if (!seasons[0]!.works.includes(placed.work)) placed.against.push("the title is a later season's");
  }
  if (counted.disputed) placed.against.push("counted another way it is of another part");
  placed.work = counted.work;
  placed.episode = counted.episode;
  placed.notes.push(`episode ${number} counted ${HOW[counted.how]}`);
}

const HOW = {
  parts: "through the parts of the season",
  seasons: "from the seasons before",
  absolute: "from the first season",
  sort: "as the wiki counts on",
} as const;
