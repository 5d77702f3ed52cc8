// Whether a sound opens: who waits for it is told where it did not within 3 s, and may try again.

const PATIENCE_MS = 3_000;

export class Opening {
  #timer = 0;

  constructor(
    private readonly audio: HTMLMediaElement,
    private readonly told: (isOpen: boolean) => void,
  ) {
    audio.addEventListener("playing", () => this.#tell(true));
    audio.addEventListener("waiting", () => {
      if (!audio.paused) this.begin();
    });
    audio.addEventListener("error", () => {
      // An audio that is let go of has no address, and failed at nothing.
      if (audio.getAttribute("src") !== null) this.#tell(false);
    });
    audio.addEventListener("pause", () => this.end());
  }

  begin(): void {
    this.end();
    this.#timer = window.setTimeout(() => this.told(false), PATIENCE_MS);
  }

  end(): void {
    window.clearTimeout(this.#timer);
  }

  // From where it was.
  async again(): Promise<void> {
    const at = this.audio.currentTime;
    this.audio.load();
    if (at > 0) this.audio.currentTime = at;
    this.begin();
    await this.audio.play().catch(() => undefined);
  }

  #tell(isOpen: boolean): void {
    this.end();
    this.told(isOpen);
  }
}
