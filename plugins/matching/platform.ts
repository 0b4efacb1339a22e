/** What Bangumi's platforms say. */
import type { Subject } from "../bangumi/model.ts";

export const isSeries = ({ platform }: Pick<Subject, "platform">): boolean => platform === "TV" || platform === "WEB";
/** A series of more than one episode: what television shows once is a special. */
export const isSeason = (subject: Pick<Subject, "platform" | "eps">): boolean => isSeries(subject) && subject.eps !== 1;
export const isMovie = ({ platform }: Pick<Subject, "platform">): boolean => platform === "剧场版";
export const isOva = ({ platform }: Pick<Subject, "platform">): boolean => platform === "OVA";

/** Year of the first showing; null when unknown. */
export const yearOf = ({ date }: Pick<Subject, "date">): number | null => {
  const year = Number(date?.slice(0, 4));
  return year > 0 ? year : null;
};

/** Books and games stand among the relations of anime, and at times under its type. */
export const isAnime = ({ platform }: Pick<Subject, "platform">): boolean =>
  !/^(?:小说|漫画|画集|绘本|写真|公式书|游戏|桌游|演出|真人|日剧|欧美剧|华语剧|电影|综艺)$/.test(platform);
