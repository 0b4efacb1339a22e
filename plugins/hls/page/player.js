// Plays the item whose address this page has: /watch/TOKEN/ID is fed from /hls/TOKEN/ID/index.m3u8.
const video = document.querySelector("video");
const status = document.querySelector("p");
const playlist = `${location.pathname.replace(/^\/watch\//, "/hls/").replace(/\/$/, "")}/index.m3u8`;

/** How often to ask for what is still being made. */
const RETRY_MS = 3000;

const say = (text) => {
  status.textContent = text;
};

/** What a person can do about it. */
const explain = ({ details, response }) => {
  if (response?.code === 401) return "This address is no longer valid: ask for the item again.";
  if (response?.code === 404) return "This file is not in the library any more.";
  return `This browser cannot play the file (${details}). mpv and VLC can, from the same server's playlist address.`;
};

const { Hls } = window;
if (Hls?.isSupported()) {
  const player = new Hls();
  const load = () => player.loadSource(playlist);
  player.on(Hls.Events.MANIFEST_LOADED, () => say(""));
  player.on(Hls.Events.ERROR, (_event, data) => {
    if (!data.fatal) return;
    if (data.response?.code !== 503) return say(explain(data));
    say("This is being made ready to play …");
    setTimeout(load, RETRY_MS);
  });
  load();
  player.attachMedia(video);
} else if (video.canPlayType("application/vnd.apple.mpegurl")) {
  video.src = playlist;
} else {
  say("This browser cannot play HLS.");
}
