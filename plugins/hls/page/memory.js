// What the browser remembers between visits. It may refuse to (private windows, blocked storage): then nothing is remembered.

/** Fewer seconds than this are no reason to begin anywhere but at the start. */
const WORTH_RESUMING = 15;
/** Of the whole, after which a film counts as seen: the rest is credits. */
const SEEN = 0.95;
const SAVE_EVERY_MS = 5000;

const read = (key) => {
  try {
    return localStorage.getItem(`anicargo.${key}`);
  } catch {
    return null;
  }
};

const write = (key, value) => {
  try {
    if (value === null) localStorage.removeItem(`anicargo.${key}`);
    else localStorage.setItem(`anicargo.${key}`, value);
  } catch {
    // Not remembered, then.
  }
};

/** Seconds at which the item was left; null when it begins at the start. */
export const positionOf = (id) => Number(read(`position.${id}`)) || null;

/** Keeps the position of the item from now on. */
export function rememberPosition(id, video) {
  let last = 0;
  const save = () => {
    const { currentTime, duration } = video;
    // Before the first picture the position is not one that anybody chose.
    if (!Number.isFinite(duration) || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return;
    last = performance.now();
    const worth = currentTime >= WORTH_RESUMING && currentTime < duration * SEEN;
    write(`position.${id}`, worth ? currentTime.toFixed(1) : null);
  };
  video.addEventListener("timeupdate", () => performance.now() - last > SAVE_EVERY_MS && save());
  for (const event of ["pause", "seeked", "ended"]) video.addEventListener(event, save);
  addEventListener("pagehide", save);
}

/** A choice that holds for every item: `volume`, `audio`, `subtitles`. */
export const preference = (name) => read(name);
export const prefer = (name, value) => write(name, value);
