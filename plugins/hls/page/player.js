// Plays the item whose address this page has.
import { addressesOf, local } from "./addresses.ts";
import { supportedCodecs } from "./codecs.ts";
import { createControls } from "./controls.js";
import { positionOf, prefer, preference, rememberPosition } from "./memory.js";
import { createMenu } from "./menu.js";
import { createPlayback, supports } from "./playback.js";
import { createSeekBar } from "./seek-bar.js";
import { UNKNOWN } from "./stream.ts";
import { createSubtitles, OFF, subtitleChoices } from "./subtitles.js";
import { audioLabel } from "./words.ts";

/** How often to ask for the facts of a file that is being looked at. */
const RETRY_MS = 3000;

const root = document.querySelector(".player");
const video = root.querySelector("video");
const status = root.querySelector("[role=status]");
const say = (line) => {
  status.textContent = line;
};

const { id, playlist, stream: facts } = addressesOf(location.pathname, supportedCodecs(supports));
let stream = UNKNOWN;
let heard = { tracks: [], chosen: -1 };

const playback = createPlayback(video, {
  playlist,
  startAt: positionOf(id),
  say,
  onAudio(tracks, chosen) {
    heard = { tracks, chosen };
    showAudio();
  },
});
rememberPosition(id, video);
createControls(root, video);
const seekBar = createSeekBar(root.querySelector(".seek"), video);

const languageOf = (choice) =>
  stream.subtitles.find(({ index }) => index === Number.parseInt(choice, 10))?.language ?? OFF;

const menuOfAudio = createMenu(root.querySelector(".choice.audio"), (track) => {
  const language = stream.audio.find(
    ({ index }) => index === heard.tracks.find(({ id }) => id === track)?.index,
  )?.language;
  prefer("audio", language ?? null);
  playback.setAudio(track);
});

function showAudio() {
  const items = heard.tracks.map(({ id, index, name }) => {
    const place = stream.audio.findIndex((track) => track.index === index);
    return { value: id, label: place < 0 ? name : audioLabel(stream.audio[place], place) };
  });
  menuOfAudio(items, heard.chosen);
}

/** The language that was chosen before, else what the file says, else the first one. */
function subtitlesAtFirst() {
  const usable = subtitleChoices(stream).filter(({ disabled, value }) => !disabled && value !== OFF);
  const before = preference("subtitles");
  if (before === OFF || usable.length === 0) return OFF;
  const wanted = (matches) => {
    const track = stream.subtitles.find(matches);
    return track && usable.find(({ value }) => value === `${track.index}`)?.value;
  };
  return wanted(({ language }) => before && language === before) ?? wanted((track) => track.default) ?? usable[0].value;
}

async function load() {
  const answer = await fetch(facts).catch(() => null);
  if (answer?.status !== 200) return void setTimeout(load, RETRY_MS);
  stream = await answer.json();
  showAudio();
  seekBar.setChapters(stream.chapters, stream.duration);
  if (stream.thumbnails_url) seekBar.setThumbnails(local(stream.thumbnails_url));

  const subtitles = createSubtitles(video, stream, say);
  const choices = subtitleChoices(stream);
  const show = (choice) => {
    menuOfSubtitles(choices, choice);
    return subtitles.show(choice);
  };
  const menuOfSubtitles = createMenu(root.querySelector(".choice.subtitles"), (choice) => {
    prefer("subtitles", languageOf(choice));
    show(choice);
  });
  await show(subtitlesAtFirst());
}
load();
