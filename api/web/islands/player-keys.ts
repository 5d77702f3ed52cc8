// How a player is led: by keys, those of one letter on the whole page; by a pointer on its pictures.

import { isTyping, keysAreOn } from "./typing";

export interface Led {
  toggle(): void;
  // To a share of the whole.
  to(share: number): void;
  by(seconds: number, isSaid: boolean): void;
  faster(steps: number): void;
}

export class PlayerKeys {
  readonly #keyed = (event: KeyboardEvent): void => this.#key(event);

  constructor(
    private readonly player: HTMLElement,
    private readonly led: Led,
  ) {
    document.addEventListener("keydown", this.#keyed);
  }

  end(): void {
    document.removeEventListener("keydown", this.#keyed);
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
    const act = this.#letter(event.key) ?? (this.#isHere(event) ? this.#move(event.key, event.shiftKey ? 0.1 : 1) : undefined);
    if (act === undefined) return;
    event.preventDefault();
    act();
  }

  // Keys of one letter hold on the whole page, where they are wanted.
  #letter(key: string): (() => void) | undefined {
    if (!keysAreOn()) return undefined;
    if (/^[1-9]$/.test(key)) return () => this.led.to(Number(key) / 10);
    const acts: Record<string, () => void> = {
      k: () => this.led.toggle(),
      j: () => this.led.by(-10, true),
      l: () => this.led.by(10, true),
      "[": () => this.led.faster(-1),
      "]": () => this.led.faster(1),
    };
    return acts[key];
  }

  // The others belong to the page, unless the player has the focus; what moves its slider is read by it.
  #move(key: string, step: number): (() => void) | undefined {
    const acts: Record<string, () => void> = {
      " ": () => this.led.toggle(),
      ArrowLeft: () => this.led.by(-step, false),
      ArrowRight: () => this.led.by(step, false),
      ArrowDown: () => this.led.by(-step, false),
      ArrowUp: () => this.led.by(step, false),
      PageDown: () => this.led.by(-10, false),
      PageUp: () => this.led.by(10, false),
      Home: () => this.led.to(0),
      End: () => this.led.to(1),
    };
    return acts[key];
  }

  #isHere(event: KeyboardEvent): boolean {
    const where = event.target;
    if (!(where instanceof HTMLElement) || !this.player.contains(where)) return false;
    return where.closest("button, a, summary, input") === null;
  }
}

// Wherever a pointer is pressed or drawn on a picture, its share of the width is meant; the slider has the focus then.
export function follow(picture: HTMLElement, slider: HTMLElement, to: (share: number) => void): void {
  const move = (event: PointerEvent): void => {
    const box = picture.getBoundingClientRect();
    to((event.clientX - box.left) / box.width);
  };
  picture.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    slider.focus({ preventScroll: true });
    picture.setPointerCapture(event.pointerId);
    move(event);
    picture.addEventListener("pointermove", move);
  });
  for (const end of ["pointerup", "pointercancel"] as const) {
    picture.addEventListener(end, () => picture.removeEventListener("pointermove", move));
  }
}
