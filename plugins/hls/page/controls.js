// Buttons, keys, and what the page shows of the video's state.
import { prefer, preference } from "./memory.js";
import { clock } from "./words.ts";

const IDLE_MS = 3000;
const STEP_SECS = 5;
/** A wait shorter than this is none to speak of. */
const WAIT_MS = 400;

export function createControls(root, video) {
  const at = (selector) => root.querySelector(selector);
  const begin = at(".begin");
  const volume = at(".volume");

  const play = () =>
    video.play().catch(({ name }) => {
      // Browsers let nothing be heard before somebody has touched the page.
      begin.hidden = name !== "NotAllowedError";
    });
  const toggle = () => (video.paused ? play() : video.pause());
  const mute = () => {
    video.muted = !video.muted;
  };
  const fullscreen = () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (root.requestFullscreen) root.requestFullscreen().catch(() => {});
    else video.webkitEnterFullscreen?.();
  };
  const seekBy = (secs) => {
    video.currentTime = Math.min(Math.max(0, video.currentTime + secs), video.duration || 0);
  };
  const louder = (by) => {
    video.muted = false;
    video.volume = Math.min(1, Math.max(0, video.volume + by));
  };

  let idle;
  const wake = () => {
    root.classList.add("awake");
    clearTimeout(idle);
    idle = setTimeout(sleep, IDLE_MS);
  };
  const sleep = () => {
    if (!video.paused && !root.querySelector(".menu:not([hidden])")) root.classList.remove("awake");
  };
  for (const event of ["pointermove", "pointerdown", "keydown", "focusin"]) root.addEventListener(event, wake);

  for (const [selector, act] of [
    [".play", toggle],
    [".begin", play],
    [".mute", mute],
    [".fullscreen", fullscreen],
  ]) {
    at(selector).addEventListener("click", act);
  }
  // A finger brings the controls up, a mouse has them there already.
  video.addEventListener("click", ({ pointerType }) => pointerType !== "touch" && toggle());
  video.addEventListener("dblclick", fullscreen);
  volume.addEventListener("input", () => {
    video.muted = false;
    video.volume = Number(volume.value);
  });

  const KEYS = {
    " ": toggle,
    k: toggle,
    f: fullscreen,
    m: mute,
    ArrowLeft: () => seekBy(-STEP_SECS),
    ArrowRight: () => seekBy(STEP_SECS),
    ArrowUp: () => louder(0.1),
    ArrowDown: () => louder(-0.1),
  };
  addEventListener("keydown", (event) => {
    const act = KEYS[event.key];
    const pressesButton = event.key === " " && event.target.closest?.("button");
    if (!act || event.ctrlKey || event.metaKey || event.altKey || pressesButton || event.defaultPrevented) return;
    event.preventDefault();
    wake();
    act();
  });

  let wait;
  const waiting = (is) => {
    clearTimeout(wait);
    if (!is) at(".waiting").hidden = true;
    else wait = setTimeout(() => (at(".waiting").hidden = video.paused), WAIT_MS);
  };
  const state = () => {
    root.classList.toggle("playing", !video.paused);
    if (!video.paused) begin.hidden = true;
    wake();
  };
  for (const event of ["play", "pause"]) video.addEventListener(event, state);
  for (const event of ["waiting", "seeking"]) video.addEventListener(event, () => waiting(true));
  for (const event of ["playing", "seeked", "pause", "canplay"]) video.addEventListener(event, () => waiting(false));
  const times = () => {
    at(".now").textContent = clock(video.currentTime);
    at(".end").textContent = clock(video.duration);
  };
  for (const event of ["timeupdate", "seeking", "durationchange"]) video.addEventListener(event, times);

  video.volume = Number(preference("volume") ?? 1);
  const heard = () => {
    root.classList.toggle("muted", video.muted || video.volume === 0);
    volume.value = String(video.muted ? 0 : video.volume);
    prefer("volume", String(video.volume));
  };
  video.addEventListener("volumechange", heard);
  heard();
  play();
  wake();
}
