// Subtitles over the video: styled ones drawn by JASSUB (libass) with the file's own fonts, the others by the browser.
import JASSUB from "jassub";
import { local } from "./addresses.ts";
import { subtitleLabel } from "./words.ts";

export const OFF = "off";
const PLAIN = " plain";
/** After which a drawn picture is on the screen. */
const SETTLE_MS = 200;

const isStyled = ({ codec }) => codec === "ass" || codec === "ssa";

/** The one font that comes with the page has Latin, Greek, Cyrillic and Hebrew letters. */
const NEEDS_FONTS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Arabic}]/u;

/** What a person may choose of; the value is the track's number, with {@link PLAIN} behind it for its text alone. */
export function subtitleChoices({ subtitles }) {
  const labelled = subtitles.map((track, place) => ({ track, label: subtitleLabel(track, place) }));
  return [
    { label: "Off", value: OFF },
    ...labelled.map(({ track, label }) => {
      const drawable = isStyled(track) || track.vtt_url !== null;
      return {
        label: drawable ? label : `${label}: pictures, not for browsers`,
        value: `${track.index}`,
        disabled: !drawable,
      };
    }),
    ...labelled
      .filter(({ track }) => isStyled(track) && track.vtt_url !== null)
      .map(({ track, label }) => ({ label: `${label}, plain`, value: `${track.index}${PLAIN}` })),
  ];
}

/** @param fail is told, for people, what cannot be shown */
export function createSubtitles(video, stream, fail) {
  const fonts = stream.fonts.map(({ url }) => new URL(local(url), location.href).href);
  let element = null;
  let renderer = null;
  /** A later choice wins over one whose file is still on its way. */
  let latest = 0;

  const repaint = async () => {
    const { videoWidth: width, videoHeight: height, currentTime: mediaTime } = video;
    if (!renderer?.renderer || width === 0) return; // nothing is ready yet
    await renderer.manualRender({ expectedDisplayTime: performance.now(), width, height, mediaTime }, true);
  };
  /** A paused picture brings no frames to draw with, and Chromium may lose the one that a canvas gets when it gets only one. */
  const repaintPaused = async () => {
    await repaint();
    setTimeout(() => video.paused && repaint(), SETTLE_MS);
  };
  video.addEventListener("seeked", () => video.paused && repaintPaused());

  const clear = async () => {
    element?.remove();
    element = null;
    if (!renderer) return;
    await renderer.renderer.freeTrack();
    await repaintPaused();
  };

  const draw = async (script) => {
    if (renderer) {
      await renderer.renderer.setTrack(script);
    } else {
      renderer = new JASSUB({
        video,
        subContent: script,
        fonts,
        workerUrl: "/watch/jassub.js",
        wasmUrl: "/watch/jassub.wasm",
        modernWasmUrl: "/watch/jassub-modern.wasm",
        availableFonts: { "liberation sans": "/watch/liberation-sans.woff2" },
        defaultFont: "liberation sans",
        queryFonts: false,
      });
      await renderer.ready;
    }
    await repaintPaused();
  };

  const write = (track) => {
    element = document.createElement("track");
    element.kind = "subtitles";
    element.label = track.title ?? "";
    element.srclang = track.language ?? "";
    element.src = local(track.vtt_url);
    video.append(element);
    element.track.mode = "showing";
  };

  /** @returns the script; null when the text alone is better than boxes in place of letters */
  const scriptOf = async (track) => {
    const answer = await fetch(local(track.url));
    if (!answer.ok) throw new Error(`${answer.status}`);
    const script = await answer.text();
    return track.vtt_url !== null && fonts.length === 0 && NEEDS_FONTS.test(script) ? null : script;
  };

  return {
    /** @param choice a value of {@link subtitleChoices} */
    async show(choice) {
      const own = ++latest;
      const track = stream.subtitles.find(({ index }) => index === Number.parseInt(choice, 10));
      try {
        const script = track && isStyled(track) && !choice.endsWith(PLAIN) ? await scriptOf(track) : null;
        if (own !== latest) return;
        await renderer?.ready;
        await clear();
        if (script !== null) await draw(script);
        else if (track?.vtt_url) write(track);
      } catch (error) {
        console.warn("subtitles", error);
        if (own === latest) fail("These subtitles cannot be shown.");
      }
    },
  };
}
