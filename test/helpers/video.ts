/** Small real videos, made once a run by ffmpeg and copied under many names. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Real release names, as they stand on disks: Latin and CJK, bracketed and not, in folders and alone. */
export const REAL_NAMES = [
  "[SubsPlease] Sousou no Frieren - 01 (1080p) [F02B9CEE].mkv",
  "[SubsPlease] Sousou no Frieren - 02 (1080p) [AC4A23A1].mkv",
  "[VCB-Studio] Kimi no Na wa. (2016) [BDRip 1080p].mkv",
  "[Coalgirls]_Toradora_ED2_(704x480_DVD_AAC)_[3B65D1E6].mkv",
  "[DB]_Bleach_225_[C63D149C].mkv",
  "[Hard-Boiled FS]FullMetalAlchemist_09.mkv",
  "[澄空学园&雪飘工作室&LoliHouse] 辉夜大小姐想让我告白 第三季 _ Kaguya-sama wa Kokurasetai S3 - 01 [WebRip 1080p HEVC-10bit AAC][简繁内封字幕].mkv",
  "[搬運][ANi] 遲早是最強的鍊金術師？ - 07 [1080P][Baha][WEB-DL][AAC AVC][CHT][MP4].mp4",
  "【喵萌奶茶屋】★01月新番★[Urusei Yatsura 2022][42][1080p][简日双语][招募翻译].mkv",
  "Violet Evergarden Gaiden/Violet.Evergarden.Gaiden.2019.1080p.BluRay.mkv",
  "Mushishi/Season 2/Mushishi S02E05 [1080p].mkv",
  "Mushishi/Season 2/Mushishi S02E06 [1080p].mkv",
  "[Nekomoe kissaten] Yuru Camp S3/[Nekomoe kissaten] Yuru Camp S3 [01][WebRip 1080p HEVC-10bit AAC ASSx2].mkv",
  "[Nekomoe kissaten] Yuru Camp S3/SPs/[Nekomoe kissaten] Yuru Camp S3 [NCOP][WebRip 1080p].mkv",
  "[TardSubs] Nihon Animator Mihonichi 01 (BD 1080p) [A7A5BCFD].mkv",
  "Cowboy Bebop - 05 - Ballad of Fallen Angels.mkv",
  "[EMBER] Spy x Family - S02E12 [1080p] [HEVC WEBRip].mkv",
  "100% Orange Juice - 01 [a+b] {x} 'quote' \"double\" #7 & more.mkv",
  "[Frostii]_Nodame_Cantabile_Finale_-_00_[73AD0735].mkv",
  "ようこそ実力至上主義の教室へ 第12話.mkv",
] as const;

/** The shortest name in {@link REAL_NAMES} for a test that needs just one. */
export const ONE_NAME = REAL_NAMES[0];

/** H.264 and AAC, a few seconds, in Matroska. @returns its path */
export async function makeVideo(path: string, seconds = 4): Promise<string> {
  mkdirSync(dirname(path), { recursive: true });
  const child = Bun.spawn(
    [
      ...[
        "ffmpeg",
        "-nostdin",
        "-v",
        "error",
        "-y",
        "-f",
        "lavfi",
        "-i",
        `testsrc2=size=320x180:rate=24:duration=${seconds}`,
      ],
      ...["-f", "lavfi", "-i", `sine=frequency=440:sample_rate=48000:duration=${seconds}`],
      ...[
        "-c:v",
        "libx264",
        "-preset",
        "ultrafast",
        "-g",
        "24",
        "-pix_fmt",
        "yuv420p",
        "-c:a",
        "aac",
        "-shortest",
        path,
      ],
    ],
    { stderr: "pipe" },
  );
  if ((await child.exited) !== 0) throw new Error(`ffmpeg made no video: ${await child.stderr.text()}`);
  return path;
}

/** A media folder with these names, each a playable video. */
export async function makeLibrary(folder: string, names: readonly string[] = REAL_NAMES): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), "anicargo-video-"));
  try {
    const video = await makeVideo(join(scratch, "one.mkv"));
    for (const name of names) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      copyFileSync(video, join(folder, name));
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
