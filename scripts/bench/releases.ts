/** Made-up libraries with names of the kinds that release groups give, for measuring. */
import { closeSync, ftruncateSync, futimesSync, mkdirSync, openSync } from "node:fs";
import { dirname, join } from "node:path";

const WORDS =
  "Sora Hoshi Yume Kaze Hana Tsuki Umi Mori Kage Hikari Neko Tabi Machi Uta Yuki Akai Shiroi Kuro Mahou Shoujo Gakuen Densetsu".split(
    " ",
  );
const CJK = ["星空", "旅人", "花之歌", "夢の街", "黒い森", "魔法少女", "月光", "海辺の猫"];

/** One release: its folder and the name of an episode. */
type Template = (title: string, cjk: string, episode: string, checksum: string) => [folder: string, file: string];

const TEMPLATES: readonly Template[] = [
  (t, _, e, c) => [t, `[SubsPlease] ${t} - ${e} (1080p) [${c}].mkv`],
  (t, _, e) => [`[Erai-raws] ${t} [1080p]`, `[Erai-raws] ${t} - ${e} [1080p][Multiple Subtitle].mkv`],
  (t, _, e) => [`${t}/Season 1`, `${t.replaceAll(" ", ".")}.S01E${e}.1080p.WEB-DL.AAC2.0.H.264-Group.mkv`],
  (t, c, e) => [`[LoliHouse] ${c}`, `[Nekomoe kissaten&LoliHouse] ${t} - ${e} [WebRip 1080p HEVC-10bit AAC ASSx2].mkv`],
  (t, c, e) => [c, `【喵萌奶茶屋】★04月新番★[${c}／${t}][${e}][1080p][简日双语].mp4`],
  (t, _, e, c) => [
    `[Coalgirls]_${t.replaceAll(" ", "_")}`,
    `[Coalgirls]_${t.replaceAll(" ", "_")}_${e}_(1280x720_Blu-Ray_FLAC)_[${c}].mkv`,
  ],
  (t, _, e) => [`[VCB-Studio] ${t} [Ma10p_1080p]`, `[VCB-Studio] ${t} [${e}][Ma10p_1080p][x265_flac].mkv`],
  (_, c, e) => [`[ANi] ${c}`, `[ANi] ${c} - ${e} [1080P][Baha][WEB-DL][AAC AVC][CHT].mp4`],
];

const EPISODES = 12;

/** @returns `count` paths, the same ones every time */
export function* releasePaths(count: number): Generator<string> {
  for (let n = 0; n < count; n++) {
    const series = Math.floor(n / EPISODES);
    const word = (step: number) => WORDS[(series * step + step) % WORDS.length]!;
    const title = `${word(1)} ${word(5)} no ${word(7)} ${series}`;
    const episode = String((n % EPISODES) + 1).padStart(2, "0");
    const checksum = Bun.hash.crc32(`${n}`).toString(16).toUpperCase().padStart(8, "0");
    const [folder, file] = TEMPLATES[series % TEMPLATES.length]!(
      title,
      `${CJK[series % CJK.length]} ${series}`,
      episode,
      checksum,
    );
    yield `${folder}/${file}`;
  }
}

/** Files of realistic sizes that take no space, last touched in 2025. */
export function makeReleases(root: string, count: number): void {
  const made = new Set<string>();
  let number = 0;
  for (const path of releasePaths(count)) {
    const file = join(root, path);
    const folder = dirname(file);
    if (!made.has(folder)) mkdirSync(folder, { recursive: true });
    made.add(folder);
    const handle = openSync(file, "wx");
    ftruncateSync(handle, 300_000_000 + number);
    const time = Date.UTC(2025, 0, 1) / 1000 + number++;
    futimesSync(handle, time, time);
    closeSync(handle);
  }
}
