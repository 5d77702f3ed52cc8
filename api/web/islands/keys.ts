// Keys of one letter: an element says its own by data-key; typing goes on where something is typed.

import { isTyping, keysAreOn } from "./typing";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event) || !keysAreOn()) return;
  const wanted = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(event.key)}"]`);
  if (wanted === null) return;
  event.preventDefault();
  if (wanted instanceof HTMLInputElement || wanted instanceof HTMLSelectElement) wanted.focus();
  else wanted.click();
});
