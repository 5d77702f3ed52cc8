// Keys of one letter: an element says its own by data-key; typing goes on where something is typed.

const OFF = "rokuon-keys-off";

export function keysAreOn(): boolean {
  return localStorage.getItem(OFF) === null;
}

export function turnKeys(on: boolean): void {
  if (on) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "1");
}

export function isTyping(event: KeyboardEvent): boolean {
  const where = event.target;
  if (!(where instanceof HTMLElement)) return false;
  return where.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(where.tagName);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event) || !keysAreOn()) return;
  const wanted = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(event.key)}"]`);
  if (wanted === null) return;
  event.preventDefault();
  if (wanted instanceof HTMLInputElement || wanted instanceof HTMLSelectElement) wanted.focus();
  else wanted.click();
});
