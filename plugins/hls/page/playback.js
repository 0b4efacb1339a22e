// Feeds the video: hls.js where there are Media Source Extensions, else the browser's own HLS.
import { explainStatus, UNPLAYABLE } from "./words.ts";

/** How often to ask for what is still being made, and after a server that does not answer. */
const RETRY_MS = 3000;
/** A decoder that fails again so soon will not be mended by another try. */
const RECOVERY_MS = 10_000;

const { Hls } = window;

/** Whether the browser says that it takes a type. */
export function supports(type) {
  const source = window.ManagedMediaSource ?? window.MediaSource;
  return source ? source.isTypeSupported(type) : document.createElement("video").canPlayType(type) !== "";
}

/**
 * @param options `playlist`; `startAt`, seconds or null; `say`, which shows a line; `onAudio(tracks, chosen)`, told what there is to
 * hear as `{ id, index, name }`
 * @returns `setAudio(id)`
 */
export function createPlayback(video, { playlist, startAt, say, onAudio }) {
  if (!Hls?.isSupported()) {
    if (video.canPlayType("application/vnd.apple.mpegurl")) playNatively(video, playlist, startAt, say);
    else say("This browser cannot play HLS.");
    return { setAudio() {} };
  }

  const player = new Hls({
    startPosition: startAt ?? -1,
    startFragPrefetch: true,
    backBufferLength: 60,
    // The page shows subtitles itself: styled ones are not in the list.
    subtitleStreamController: undefined,
    subtitleTrackController: undefined,
    timelineController: undefined,
  });
  let recovered = Number.NEGATIVE_INFINITY;
  let listed = false;
  const load = () => {
    player.config.startPosition = video.currentTime || (startAt ?? -1);
    player.loadSource(playlist);
  };
  const again = (line, retry) => {
    say(line);
    setTimeout(retry, RETRY_MS);
  };

  player.on(Hls.Events.MANIFEST_PARSED, () => {
    listed = true;
    say("");
  });
  player.on(Hls.Events.FRAG_BUFFERED, () => say(""));
  const tellAudio = () =>
    onAudio(
      player.audioTracks.map(({ id, name, url }) => ({ id, name, index: Number(/audio_(\d+)\.m3u8/.exec(url)?.[1]) })),
      player.audioTrack,
    );
  player.on(Hls.Events.AUDIO_TRACKS_UPDATED, tellAudio);
  player.on(Hls.Events.AUDIO_TRACK_SWITCHING, tellAudio);

  player.on(Hls.Events.ERROR, (_event, { fatal, type, details, response }) => {
    if (!fatal) return;
    const status = response?.code;
    const end = explainStatus(status);
    if (end) return say(end);
    if (status === 410) {
      const missing = details === Hls.ErrorDetails.MANIFEST_LOAD_ERROR;
      return again(
        missing ? "The file is not where it was. Trying again …" : "The file was replaced. Loading it anew …",
        load,
      );
    }
    if (status === 503) return again("This is being made ready to play …", load);
    if (type === Hls.ErrorTypes.NETWORK_ERROR) {
      return again("The server does not answer. Trying again …", listed ? () => player.startLoad() : load);
    }
    if (type === Hls.ErrorTypes.MEDIA_ERROR && performance.now() - recovered > RECOVERY_MS) {
      recovered = performance.now();
      return player.recoverMediaError();
    }
    say(`${UNPLAYABLE} (${details})`);
  });
  load();
  player.attachMedia(video);
  return {
    setAudio(id) {
      player.audioTrack = id;
    },
  };
}

function playNatively(video, playlist, startAt, say) {
  video.src = playlist;
  if (startAt !== null) video.addEventListener("loadedmetadata", () => (video.currentTime = startAt), { once: true });
  video.addEventListener("error", () => say(UNPLAYABLE));
}
