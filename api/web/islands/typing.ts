// Whether keys of one letter are wanted, and whether one is typing: then they are letters.

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
  if (where instanceof HTMLInputElement) return !/^(checkbox|radio|range|button|submit)$/.test(where.type);
  return where.isContentEditable || /^(SELECT|TEXTAREA)$/.test(where.tagName);
}
