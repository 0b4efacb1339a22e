// hls.js as any page would use it, and what a viewer waits for.
const video = document.querySelector("video");
const timeout = (ms) => new Promise((resolve) => setTimeout(() => resolve(null), ms));
const frame = () =>
  new Promise((resolve) =>
    video.requestVideoFrameCallback((_now, { mediaTime }) => resolve({ at: performance.now(), mediaTime })),
  );
let player;
const troubles = [];
let waits = 0;
video.addEventListener("waiting", () => waits++);

window.bench = {
  /** Milliseconds from the address to the first picture. */
  async begin(url, position) {
    const from = performance.now();
    const first = frame();
    player = new Hls({ startPosition: position, maxBufferLength: 30 });
    player.on(Hls.Events.ERROR, (_event, { details, fatal }) => troubles.push(details + (fatal ? ", fatal" : "")));
    player.loadSource(url);
    player.attachMedia(video);
    video.play().catch((error) => troubles.push(String(error)));
    const shown = await Promise.race([first, timeout(60_000)]);
    return shown && shown.at - from;
  },
  /** Milliseconds until there is a picture of that time; null when none comes. */
  async seek(secs) {
    const from = performance.now();
    video.currentTime = secs;
    for (;;) {
      const shown = await Promise.race([frame(), timeout(10_000)]);
      if (!shown || Math.abs(shown.mediaTime - secs) <= 1.5) return shown && shown.at - from;
    }
  },
  /** Milliseconds until the other sound is in the buffer; and whether the picture had to wait for it. */
  async otherSound() {
    const from = performance.now();
    const before = waits;
    const buffered = new Promise((resolve) => {
      const look = (_event, { frag }) => {
        if (frag.type !== "audio") return;
        player.off(Hls.Events.FRAG_BUFFERED, look);
        resolve(performance.now() - from);
      };
      player.once(Hls.Events.AUDIO_TRACK_SWITCHING, () => player.on(Hls.Events.FRAG_BUFFERED, look));
    });
    player.audioTrack = (player.audioTrack + 1) % player.audioTracks.length;
    const ms = await Promise.race([buffered, timeout(10_000)]);
    await timeout(1000);
    return { ms, waits: waits - before };
  },
  troubles: () => troubles.splice(0),
};
