// <live-calls news="…">: rows of calls that are up, as they come, change and go; the table can be held still.

import { say } from "./say";

const TICK_MS = 1_000;
// A call that is over stays so long, that nothing vanishes under somebody's pointer.
const GONE_AFTER_MS = 8_000;

interface CallNews {
  recording: string;
  row: string;
}

class LiveCalls extends HTMLElement {
  #source: EventSource | null = null;
  #tick = 0;
  #held: Array<() => void> | null = null;
  // The first answer has all calls: they are no news.
  #isSettled = false;

  connectedCallback(): void {
    this.#part("controls")?.removeAttribute("hidden");
    this.#part("pause")?.addEventListener("click", () => this.#holdOrGoOn());
    this.#tick = window.setInterval(() => this.#tellSince(), TICK_MS);
    this.#tellSince();
    this.#listen();
  }

  disconnectedCallback(): void {
    this.#source?.close();
    window.clearInterval(this.#tick);
  }

  #listen(): void {
    this.#source = new EventSource(this.getAttribute("news") ?? "");
    this.#source.addEventListener("open", () => {
      this.#isSettled = false;
      window.setTimeout(() => (this.#isSettled = true), TICK_MS);
    });
    this.#source.addEventListener("call", (event) => {
      const news = JSON.parse((event as MessageEvent<string>).data) as CallNews;
      this.#do(() => this.#put(news));
    });
    this.#source.addEventListener("over", (event) => {
      const { recording } = JSON.parse((event as MessageEvent<string>).data) as { recording: string };
      this.#do(() => this.#end(recording));
    });
    this.#source.addEventListener("refused", (event) => {
      const { said } = JSON.parse((event as MessageEvent<string>).data) as { said: string };
      this.#stop(said);
    });
    this.#source.addEventListener("error", () => this.#lose());
  }

  // A browser tries again by itself, unless it was answered with anything but news.
  #lose(): void {
    if (this.#source?.readyState === EventSource.CLOSED) this.#stop(this.getAttribute("said-ended") ?? "");
    else say(this.getAttribute("said-lost") ?? "");
  }

  #stop(why: string): void {
    this.#source?.close();
    const ended = this.#part("ended");
    if (ended === null) return;
    ended.textContent = why;
    ended.removeAttribute("hidden");
  }

  #do(change: () => void): void {
    if (this.#held === null) {
      change();
      return;
    }
    this.#held.push(change);
    this.#tellWaiting();
  }

  #holdOrGoOn(): void {
    const waiting = this.#held;
    this.#held = waiting === null ? [] : null;
    this.#part("pause")?.setAttribute("aria-pressed", String(this.#held !== null));
    for (const change of waiting ?? []) change();
    this.#tellWaiting();
  }

  #put({ recording, row }: CallNews): void {
    const made = document.createElement("template");
    made.innerHTML = row.trim();
    const next = made.content.firstElementChild;
    const table = this.querySelector("tbody");
    if (!(next instanceof HTMLTableRowElement) || table === null) return;
    const before = this.#row(recording);
    if (before === null) {
      table.append(next);
      if (this.#isSettled) this.#sayNew(next);
    } else if (before.querySelector("details[open]") === null) {
      before.replaceWith(next);
    }
    this.#tellSince();
    this.#count();
  }

  #end(recording: string): void {
    const row = this.#row(recording);
    if (row === null) return;
    row.classList.add("over");
    row.removeAttribute("data-started");
    say(this.getAttribute("said-over") ?? "");
    window.setTimeout(() => {
      row.remove();
      this.#count();
    }, GONE_AFTER_MS);
  }

  #sayNew(row: Element): void {
    const who = row.getAttribute("data-who") ?? "";
    say((this.getAttribute("said-new") ?? "").replace("{who}", who));
  }

  #tellSince(): void {
    for (const row of this.querySelectorAll<HTMLElement>("tr[data-started]")) {
      const seconds = Math.max(0, Math.floor((Date.now() - Number(row.dataset["started"])) / 1000));
      const since = row.querySelector('[data-part="since"]');
      if (since !== null) since.textContent = clock(seconds);
    }
  }

  #tellWaiting(): void {
    const waiting = this.#part("waiting");
    const count = this.#held?.length ?? 0;
    const told = (this.getAttribute("said-held") ?? "").replace("{count}", String(count));
    if (waiting !== null) waiting.textContent = count > 0 ? told : "";
  }

  #count(): void {
    const rows = this.querySelectorAll("tr[data-started]").length;
    const status = this.#part("status");
    if (status !== null) status.textContent = (status.textContent ?? "").replace(/\d+/, String(rows));
    this.#part("empty")?.toggleAttribute("hidden", rows > 0);
  }

  #row(recording: string): HTMLElement | null {
    return this.querySelector(`tr[data-recording="${CSS.escape(recording)}"]`);
  }

  #part(name: string): HTMLElement | null {
    return this.querySelector(`[data-part="${name}"]`);
  }
}

function clock(seconds: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

customElements.define("live-calls", LiveCalls);
