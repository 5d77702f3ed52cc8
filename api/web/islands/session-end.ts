// <session-end at="…">: shown two minutes before the session ends, and said to who does not see it.

import { say } from "./say";

const WARN_BEFORE_MS = 120_000;

class SessionEnd extends HTMLElement {
  #timer = 0;

  connectedCallback(): void {
    const ends = Date.parse(this.getAttribute("at") ?? "");
    if (Number.isNaN(ends)) return;
    this.#timer = window.setTimeout(() => this.#warn(), Math.max(0, ends - Date.now() - WARN_BEFORE_MS));
  }

  disconnectedCallback(): void {
    window.clearTimeout(this.#timer);
  }

  #warn(): void {
    this.hidden = false;
    say(this.querySelector("p")?.textContent ?? "");
  }
}

customElements.define("session-end", SessionEnd);
