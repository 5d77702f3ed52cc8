// What was really played of a call: stretches of its time, reported when it is paused, left, and every 30 s.

const EVERY_MS = 30_000;
const MOST = 100;

export class PlayedReport {
  #stretches: [number, number][] = [];
  #begin: number | null = null;
  #last = 0;
  #timer = 0;
  readonly #leaving = (): void => {
    if (document.visibilityState === "hidden") this.send();
  };

  constructor(
    private readonly audio: HTMLMediaElement,
    private readonly at: string,
    private readonly channels: () => number[],
  ) {
    audio.addEventListener("playing", () => this.#start());
    audio.addEventListener("timeupdate", () => this.#go());
    audio.addEventListener("seeking", () => this.#jump());
    for (const end of ["pause", "ended", "emptied"]) audio.addEventListener(end, () => this.send());
    document.addEventListener("visibilitychange", this.#leaving);
    window.addEventListener("pagehide", this.#leaving);
    this.#timer = window.setInterval(() => this.send(), EVERY_MS);
  }

  // Says what was played since it was said last; what goes on begins anew.
  send(): void {
    const goesOn = this.#begin !== null && !this.audio.paused;
    this.#close();
    if (goesOn) this.#start();
    const told = this.#stretches.splice(0, MOST);
    if (told.length === 0) return;
    const key = document.querySelector<HTMLInputElement>("input[name=form_key]")?.value ?? "";
    const body = new URLSearchParams({
      form_key: key,
      stretches: told.map(([from, until]) => `${from}-${until}`).join(","),
      channels: this.channels().join(","),
    });
    void fetch(this.at, { method: "POST", body, keepalive: true }).catch(() => undefined);
  }

  end(): void {
    this.send();
    window.clearInterval(this.#timer);
    document.removeEventListener("visibilitychange", this.#leaving);
    window.removeEventListener("pagehide", this.#leaving);
  }

  #start(): void {
    this.#begin ??= this.audio.currentTime;
    this.#last = Math.max(this.#begin, this.audio.currentTime);
  }

  #go(): void {
    if (this.#begin !== null && !this.audio.seeking) this.#last = Math.max(this.#last, this.audio.currentTime);
  }

  // The element is elsewhere already: what was played ended where it was seen last.
  #jump(): void {
    const goesOn = this.#begin !== null;
    this.#close();
    if (goesOn && !this.audio.paused) this.#begin = this.#last = this.audio.currentTime;
  }

  #close(): void {
    if (this.#begin === null) return;
    if (!this.audio.seeking) this.#go();
    const [from, until] = [Math.floor(this.#begin * 1000), Math.ceil(this.#last * 1000)];
    if (until > from) this.#stretches.push([from, until]);
    this.#begin = null;
  }
}
