// A button with a list of which one is chosen.

/** Only one is open at a time. */
let closeOpen = () => {};
addEventListener("pointerdown", ({ target }) => !target.closest?.(".choice") && closeOpen());

/**
 * @param root the element with the button and the list
 * @returns `show(items, chosen)`; an item is `{ label, value, disabled? }`, and without at least two there is nothing to choose
 */
export function createMenu(root, choose) {
  const button = root.querySelector("button");
  const list = root.querySelector(".menu");
  const close = () => {
    list.hidden = true;
    button.setAttribute("aria-expanded", "false");
  };
  const open = () => {
    closeOpen();
    closeOpen = close;
    list.hidden = false;
    button.setAttribute("aria-expanded", "true");
    (list.querySelector('[aria-checked="true"]') ?? list.firstElementChild)?.focus();
  };
  button.addEventListener("click", () => (list.hidden ? open() : close()));
  root.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") {
      close();
      button.focus();
    } else if (step) {
      const all = [...list.querySelectorAll("button:enabled")];
      all.at((all.indexOf(document.activeElement) + step) % all.length).focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });

  return (items, chosen) => {
    root.hidden = items.length < 2;
    list.replaceChildren(
      ...items.map(({ label, value, disabled = false }) => {
        const item = document.createElement("button");
        item.setAttribute("role", "menuitemradio");
        item.setAttribute("aria-checked", String(value === chosen));
        item.textContent = label;
        item.disabled = disabled;
        item.addEventListener("click", () => {
          close();
          choose(value);
        });
        return item;
      }),
    );
  };
}
