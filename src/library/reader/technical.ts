/** Which words of a name are about the file and not about the work: pure. */
import { remember } from "../../lib/remember.ts";

/** One of these alone makes a text technical. */
const STRONG =
  /^(?:\d{3,4}[pi]\d{0,2}|\d{3,4}[x*]\d{3,4}[pi]?|[248]k|uhd|fhd|hi10p?|hi444pp?|ma10p|ma444.*|10bith|yuv\d*.*|(?:8|10|12)-?bits?|x26[45].*|[xh]\.?26[456].*|26[456]|hevc|avc|av1|xvid|divx.*|vp9|aac.*|e?-?ac-?3|eac3|flac.*|\d?flac|opus|ogg|vorbis|mp3|dts(?:-?hd)?|truehd.*|thd|ddp.*|lpcm|pcm|bd|bdrip|bdmv|bd-?box|bdremux|bluray|blu-ray|remux|dvd\d?|dvdrip|dvd-?box|dvdscr|web|webdl|web-dl|webrip|tvrip|hdtv.*|hdrip|hdr\d*|sdr|hq|60fps|\d+(?:\.\d+)?fps|mp4|mkv|avi|rmvb|ass(?:x\d)?|srt(?:x\d)?|pgs|hardsub\w*|softsubs?|vostfr|multi-?(?:subs?|audio)|msubs|uncensored|uncut|remastered|bili|baha|hmax|bilibili|abema|at-x|b-global|crunchyroll|amzn|netflix|ma10p_\d+p|hi10p_\d+p|tv-?rip|720|1080|480|2160)$/i;
/** These are technical only among others of the kind. */
const WEAK =
  /^(?:gb|big5|gbk?[_&]?(?:jp|big5)?|jp|jpn?|jpsc|jptc|chs?|cht?|ch[si]|chi|eng?|tc|sc|raws?|sub(?:bed|s|title|titles|x\d)?|dub(?:bed|s)?|dual|multi|multiple|audio|english|japanese|cr|nf|hd|sd|tv|at|x|b|global|ver|end|fin|final|complete|batch|rev\d*|repack|reseed|v\d|no|with|and|by|dl|rip|box|main|disc\s?\d*|disk\d*|vol\d*|\d{1,2}ch|\d(?:\.\d)?|x\d|ma|hbr|ntv|mbs|mx|bs11|tx|tbs|eca|chap|weekly|hq|lq|mq|patch|fixed|vfr|cfr|[0-9a-f]{8})$/i;
/** Chinese and Japanese words for subtitles, languages and the like. */
const CJK_NOISE =
  /^(?:[简簡繁日中英国國粤粵双雙多语語体體字幕内內嵌封外挂掛文版漢汉音轨軌配台標标题題无無修正片源生肉单單三四双轨+&_\s]+|.*(?:招募|招人|字幕社招|翻译|翻譯|校对|校對|外挂|外掛|内嵌|內嵌|内封|內封|补档|補檔|礼包|禮包|复制磁连|年[齡龄]限制版|代理商|搬[运運]|正式版|修复版|修復版|数码修复|重制版|高清).*|(?:先行|完全|無修正|无修正|修正|纪念|紀念)版?|全集|合集|完|完结|完結|正片|(?:\d{4}年)?(?:\d{1,2}月)?新番|国漫|國漫|动画|動畫|アニメ|アニメ bd|特典(?:映像)?|映像特典)$/i;
const SIZE = /^[\d.]+\s*[mg]i?b$/i;
const DATE = /^(?:19|20)\d\d[.\-/]\d{1,2}[.\-/]\d{1,2}$/;

/** Whether the inside of a bracket says nothing about the work. */
export const isTechnical = remember((text: string): boolean => {
  if (CJK_NOISE.test(text) || SIZE.test(text) || DATE.test(text)) return true;
  const { strong, weak, other } = countWords(text);
  if (other > 0) return strong >= other;
  return strong > 0 || (weak > 0 && (CHECKSUM.test(text) || ALONE.test(text)));
});

/** Whether running text has no word that may be one of a title. */
export function isAllTechnical(text: string): boolean {
  const { strong, other } = countWords(text);
  return other === 0 && strong > 0;
}

function countWords(text: string): Record<Sort, number> {
  const count = { strong: 0, weak: 0, other: 0 };
  for (const word of text.split(/[\s,_+&|/@~]+/)) if (word !== "") count[sortOf(word)]++;
  return count;
}

type Sort = "strong" | "weak" | "other";

/** Remembered: releases are described in few words. */
const sortOf = remember((word): Sort => {
  if (STRONG.test(word)) return "strong";
  if (WEAK.test(word) || CJK_NOISE.test(word)) return "weak";
  const isKnown = (part: string) => part === "" || STRONG.test(part) || WEAK.test(part);
  return word.split(/[-.()[\]]+/).every(isKnown) ? "strong" : "other";
});

const CHECKSUM = /^[0-9a-f]{8}$/i;
const ALONE =
  /^(?:gb|big5|jp|jpn|jpsc|jptc|chs|cht|ch[si]_jpn|gb_jp|tc|sc|raw|dual[\s-]audio|multi(?:ple)?[\s-](?:subs?|subtitles?|audio)|(?:english|japanese|chinese|mandarin|cantonese) (?:sub|dub|audio)(?:bed|s)?|eng|end|fin|final|batch|complete|v\d|tv|weekly|fixed|cr|nf|x|ver\..*)$/i;

/** The first word of running text from which on it is about the file; its case counts where words of titles look the same. */
const INLINE =
  /(?<=[\s_([-])(?:\d{3,4}[pi](?![a-z])|\d{3,4}x\d{3,4}|[48]K(?![a-z])|(?:BD|DVD|Web|WEB|TV|HD|Blu-?[Rr]ay|BLURAY|BluRay)-?(?:[Rr]ip|RIP|DL|BOX|[Rr]emux)?(?=$|[\s_.-](?!\w+ (?:of|no|the)))(?<!TV)|BDRiP|x26[45]|[xh]\.?26[45]|HEVC|AVC|AAC|FLAC|VOSTFR|vostfr|GB(?=\s|$)|BIG5|MP4|UNCUT|Uncensored|\[?Multi-?Subs?|Dual[\s-]Audio|dual audio|English (?:Sub|Dub|Soft)|DISC ?\d|Vol\.? ?\d+|TV ?\+ ?(?:SP|OVA)s?|(?:10|8)-?bit|dvd|GERMAN|NTSC|PAL|RAW(?=\s|$)|BluRay|Complete (?:Batch|Version|Series)|Batch|日英双语|国语)(?=$|[\s_.,+:-]|\))/;

/** Where running text turns technical; its length when it does not. The first word never is. */
export function technicalStart(text: string): number {
  const match = INLINE.exec(text);
  return match && text.slice(0, match.index).trim() !== "" ? match.index : text.length;
}
