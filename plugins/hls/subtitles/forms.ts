/** What can be made of a subtitle track, by ffmpeg's name of its codec. Extensions are ours, never the file's (HARDENING S13). */

export type SubtitleForm = "ass" | "vtt" | "sup";

const FORMS: ReadonlyMap<string, SubtitleForm[]> = new Map([
  ["ass", ["ass", "vtt"]],
  ["ssa", ["ass", "vtt"]],
  ["subrip", ["vtt"]],
  ["srt", ["vtt"]],
  ["text", ["vtt"]],
  ["mov_text", ["vtt"]],
  ["webvtt", ["vtt"]],
  ["hdmv_pgs_subtitle", ["sup"]],
]);

/** @returns the one that keeps all of the track first; empty for what we make nothing of (pictures on DVDs and in broadcasts) */
export const subtitleForms = (codec: string): readonly SubtitleForm[] => FORMS.get(codec) ?? [];
