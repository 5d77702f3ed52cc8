// One lane of the player: who it is, how loud, what it looks like, and why it is flat where it is.

import { spoken } from "./lengths";
import { draw, type Blank, type Channel, type Peaks } from "./waveform";

export type Words = Record<string, string>;

export class Lane {
  readonly element: HTMLElement;
  isMuted = false;
  isAlone = false;
  volume = 1;

  constructor(
    template: HTMLTemplateElement,
    readonly channel: Channel,
    readonly name: string,
    private readonly changed: () => void,
  ) {
    const made = template.content.firstElementChild?.cloneNode(true);
    if (!(made instanceof HTMLElement)) throw new Error("a lane has one element");
    this.element = made;
    made.dataset["side"] = channel.side;
    made.setAttribute("aria-label", name);
    this.#part(".name").textContent = name;
    this.#part("[data-do=mute]").addEventListener("click", () => this.#press("mute"));
    this.#part("[data-do=alone]").addEventListener("click", () => this.#press("alone"));
    this.#part("input").addEventListener("input", (event) => {
      this.volume = Number((event.target as HTMLInputElement).value) / 100;
      this.changed();
    });
  }

  get picture(): HTMLElement {
    return this.#part(".picture");
  }

  draw(peaks: Peaks, loudest: number): void {
    draw(this.#part("canvas") as HTMLCanvasElement, peaks, this.channel.channel - 1, loudest);
  }

  explain(blanks: Blank[], lengthMs: number, words: Words): void {
    for (const blank of blanks.filter((each) => each.channels.includes(this.channel.channel))) {
      const shown = document.createElement("div");
      shown.className = "blank";
      shown.dataset["because"] = blank.because;
      const why = words[blank.because] ?? blank.because;
      const told = blank.codec === "" ? why : `${why}: ${blank.codec}`;
      shown.append(Object.assign(document.createElement("span"), { textContent: told }));
      shown.title = `${told}: ${spoken((blank.until_ms - blank.from_ms) / 1000)}`;
      place(shown, blank.from_ms / lengthMs, blank.until_ms / lengthMs);
      this.picture.append(shown);
    }
  }

  #press(what: "mute" | "alone"): void {
    if (what === "mute") this.isMuted = !this.isMuted;
    else this.isAlone = !this.isAlone;
    const button = this.#part(`[data-do=${what}]`);
    button.setAttribute("aria-pressed", String(what === "mute" ? this.isMuted : this.isAlone));
    this.changed();
  }

  #part(selector: string): HTMLElement {
    const found = this.element.querySelector<HTMLElement>(selector);
    if (found === null) throw new Error(`a lane without ${selector}`);
    return found;
  }
}

// Puts something from one share of the width to another.
export function place(element: HTMLElement, from: number, until: number): void {
  const share = (value: number): number => Math.min(1, Math.max(0, value));
  element.style.setProperty("inset-inline-start", `${100 * share(from)}%`);
  element.style.setProperty("inline-size", `${100 * (share(until) - share(from))}%`);
}

export function nameOf(channel: Channel, names: Words, sides: Words, words: Words): string {
  const who = channel.participants.map((each) => names[each] ?? "").filter((each) => each !== "");
  const own = channel.side === "node" && channel.label !== "" ? [words[channel.label] ?? channel.label] : who;
  const known = sides[channel.side] ?? channel.side;
  const side = channel.side_guessed ? `? ${known} (${words["guess"] ?? ""})` : known;
  const told = own.length > 0 ? `${side} ${own.join(", ")}` : side;
  return channel.mixed ? `${told} (${words["mixed"] ?? ""})` : told;
}
