// The bar with what is played and buffered, chapters, and a picture of where the pointer is.
import { parseSprites, spriteAt } from "./sprites.ts";
import { chapterAt, clock } from "./words.ts";

const ASK_AGAIN_MS = 20_000;

export function createSeekBar(root, video) {
  const input = root.querySelector("input");
  const [buffered, played, marks] = ["buffered", "played", "chapters"].map((name) => root.querySelector(`.${name}`));
  const preview = root.querySelector(".preview");
  const picture = preview.querySelector(".picture");
  let chapters = [];
  let sprites = [];
  let dragged = false;
  let loadSprites = () => {};

  const scale = (element, part) => element.style.setProperty("transform", `scaleX(${Math.min(1, part || 0)})`);
  const update = () => {
    const { currentTime, duration } = video;
    if (!Number.isFinite(duration)) return;
    const end = [...Array(video.buffered.length).keys()]
      .filter((at) => video.buffered.start(at) <= currentTime + 0.5)
      .reduce((furthest, at) => Math.max(furthest, video.buffered.end(at)), 0);
    scale(buffered, end / duration);
    input.max = String(duration);
    if (dragged) return;
    input.value = String(currentTime);
    input.setAttribute("aria-valuetext", `${clock(currentTime)} of ${clock(duration)}`);
    scale(played, currentTime / duration);
  };
  for (const event of ["timeupdate", "progress", "seeking", "durationchange"]) video.addEventListener(event, update);

  // While it is dragged only the bar moves; each place on the way would be asked for in vain.
  input.addEventListener("input", () => {
    dragged = true;
    scale(played, Number(input.value) / video.duration);
  });
  input.addEventListener("change", () => {
    dragged = false;
    video.currentTime = Number(input.value);
  });

  const show = (event) => {
    const { left, width } = root.getBoundingClientRect();
    const secs = Math.min(1, Math.max(0, (event.clientX - left) / width)) * video.duration;
    preview.hidden = !Number.isFinite(secs);
    if (preview.hidden) return;
    preview.querySelector("time").textContent = clock(secs);
    preview.querySelector(".chapter").textContent = chapterAt(chapters, secs) ?? "";
    const sprite = spriteAt(sprites, secs);
    picture.hidden = !sprite;
    if (sprite) {
      picture.style.width = `${sprite.width}px`;
      picture.style.height = `${sprite.height}px`;
      picture.style.background = `url("${sprite.url}") -${sprite.x}px -${sprite.y}px`;
    }
    const half = preview.offsetWidth / 2;
    preview.style.left = `${Math.min(width - half, Math.max(half, event.clientX - left))}px`;
  };
  root.addEventListener("pointermove", show);
  root.addEventListener("pointerenter", () => loadSprites());
  root.addEventListener("pointerleave", () => {
    preview.hidden = true;
  });

  return {
    setChapters(list, duration) {
      chapters = list;
      const inner = list.filter(({ start }) => start > 0 && start < duration);
      marks.replaceChildren(
        ...inner.map(({ start }) => {
          const mark = document.createElement("i");
          mark.style.left = `${(100 * start) / duration}%`;
          return mark;
        }),
      );
    },
    /** Pictures are asked for when somebody looks, and again as long as the server is still making them. */
    setThumbnails(address) {
      let asked = Number.NEGATIVE_INFINITY;
      loadSprites = async () => {
        if (sprites.length > 0 || performance.now() - asked < ASK_AGAIN_MS) return;
        asked = performance.now();
        const answer = await fetch(address).catch(() => null);
        if (answer?.ok) sprites = parseSprites(await answer.text(), new URL(address, location.href).href);
      };
    },
  };
}
