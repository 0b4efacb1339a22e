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

export const SUBTITLE_TYPES: Record<SubtitleForm, string> = {
  ass: "text/x-ssa; charset=utf-8",
  vtt: "text/vtt; charset=utf-8",
  sup: "application/octet-stream",
};

/** @returns the one that keeps all of the track first; empty for what we make nothing of (pictures on DVDs and in broadcasts) */
export const subtitleForms = (codec: string): readonly SubtitleForm[] => FORMS.get(codec) ?? [];
