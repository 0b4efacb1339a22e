/** What the licences of what the player page carries ask to be said. */
export const notices: readonly string[] = [
  "Player page: hls.js, copyright Dailymotion, Apache-2.0; JASSUB (github.com/ThaUnknown/jassub), copyright JASSUB and JavascriptSubtitlesOctopus contributors, MIT.",
  "JASSUB draws subtitles with libass (ISC), FreeType (portions copyright The FreeType Project, all rights reserved), HarfBuzz (MIT) and FriBidi (LGPL-2.1-or-later); their source is at the same address.",
  "Font of the player page: Liberation Sans, copyright Google and Red Hat, SIL Open Font License 1.1.",
];
