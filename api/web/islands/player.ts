// <call-player>: lanes, what happened, keys and speeds over an <audio> that plays without them.

import { Lane, nameOf, place, type Words } from "./lane";
import { shown, spoken } from "./lengths";
import { Mixer } from "./mixer";
import { Opening } from "./opening";
import { PlayedReport } from "./played";
import { follow, PlayerKeys } from "./player-keys";
import { say } from "./say";
import { lanesOf, Peaks, type Drawn, type Interval } from "./waveform";

// Of a silence so much is heard at its end, that the first word is whole.
const LEAD_S = 0.25;
// After so long who waits for the lanes is told that they do not come.
const PATIENCE_MS = 3_000;
const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3];

class CallPlayer extends HTMLElement {
  #audio!: HTMLAudioElement;
  #drawn: Drawn | null = null;
  #peaks: Peaks | null = null;
  #loudest = 0;
  #lanes: Lane[] = [];
  #silences: Interval[] = [];
  #mixer: Mixer | null = null;
  #report: PlayedReport | null = null;
  #opening: Opening | null = null;
  #frame = 0;
  readonly #sized = new ResizeObserver(() => this.#draw());
  readonly #colours = window.matchMedia("(prefers-color-scheme: dark)");
  readonly #redraw = (): void => this.#draw();
  #keys: PlayerKeys | null = null;

  connectedCallback(): void {
    const audio = this.querySelector("audio");
    if (audio === null) return;
    this.#audio = audio;
    void this.#load();
  }

  disconnectedCallback(): void {
    this.#report?.end();
    this.#opening?.end();
    this.#mixer?.end();
    this.#sized.disconnect();
    cancelAnimationFrame(this.#frame);
    this.#colours.removeEventListener("change", this.#redraw);
    this.#keys?.end();
  }

  async #load(): Promise<void> {
    const late = window.setTimeout(() => this.#say("failed"), PATIENCE_MS);
    try {
      const answer = await fetch(`${this.#path}/waveform`, { headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
      this.#drawn = (await answer.json()) as Drawn;
    } catch {
      this.#plain();
      return;
    } finally {
      window.clearTimeout(late);
    }
    this.#hush();
    this.#peaks = new Peaks(this.#drawn.peaks);
    this.#loudest = this.#peaks.loudest();
    this.#build(this.#drawn);
    this.#listen();
    this.#heed();
    this.#show();
    this.#begin();
  }

  // Without a picture the browser's own controls are better than half of ours.
  #plain(): void {
    this.classList.add("plain");
    this.#say("failed");
    this.#offer(() => window.location.reload());
  }

  #build(drawn: Drawn): void {
    const [template, room] = [this.querySelector<HTMLTemplateElement>("template"), this.#part(".lanes")];
    if (template === null) return;
    const [names, sides, words] = [this.#table("names"), this.#table("sides"), this.#words];
    this.#lanes = lanesOf(drawn).map(
      (channel) => new Lane(template, channel, nameOf(channel, names, sides, words), () => this.#mix()),
    );
    room.replaceChildren(...this.#lanes.map((lane) => lane.element));
    for (const lane of this.#lanes) lane.explain(drawn.blanks, drawn.length_ms, words);
    this.#mark(drawn);
    this.#audio.controls = false;
    this.#part(".player").hidden = false;
    this.#part("[data-show=length]").textContent = shown(this.#length);
    this.#sized.observe(room);
    this.#colours.addEventListener("change", this.#redraw);
  }

  // What happened, as the list below says it, at its place.
  #mark(drawn: Drawn): void {
    const room = this.#part(".events .picture");
    for (const link of this.#links) {
      const [from, until] = [this.#placeOf(link.dataset["from"]), this.#placeOf(link.dataset["until"])];
      const mark = document.createElement("div");
      mark.className = "event";
      mark.dataset["kind"] = link.dataset["kind"] ?? "";
      mark.title = link.parentElement?.textContent?.replace(/\s+/g, " ").trim() ?? "";
      place(mark, (1000 * from) / drawn.length_ms, (1000 * until) / drawn.length_ms);
      room.append(mark);
    }
  }

  #draw(): void {
    if (this.#peaks === null) return;
    for (const lane of this.#lanes) lane.draw(this.#peaks, this.#loudest);
  }

  #listen(): void {
    const audio = this.#audio;
    this.#report = new PlayedReport(audio, `${this.#path}/played`, () => this.#heard);
    for (const name of ["timeupdate", "seeked", "loadedmetadata"]) audio.addEventListener(name, () => this.#show());
    for (const name of ["play", "pause", "ended"]) audio.addEventListener(name, () => this.#run());
    const opening = new Opening(audio, (isOpen) => {
      if (isOpen) this.#hush();
      else {
        this.#say("unplayable");
        this.#offer(() => void opening.again());
      }
    });
    this.#opening = opening;
    this.#part("[data-do=play]").addEventListener("click", () => this.#toggle());
    this.#part("[data-do=back]").addEventListener("click", () => this.#seek(audio.currentTime - 10));
    this.#part("[data-do=on]").addEventListener("click", () => this.#seek(audio.currentTime + 10));
    this.#speed.addEventListener("change", () => this.#setSpeed(Number(this.#speed.value)));
    this.#part("[data-do=skip]").addEventListener("change", () => this.#findSilences());
    for (const link of this.#links) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        this.#seek(this.#placeOf(link.dataset["from"]));
        void this.#play();
      });
    }
  }

  #heed(): void {
    const slider = this.#part(".seek");
    for (const picture of [slider, ...this.#lanes.map((lane) => lane.picture)]) {
      follow(picture, slider, (share) => this.#seek(share * this.#length));
    }
    this.#keys = new PlayerKeys(this, {
      toggle: () => this.#toggle(),
      to: (share) => this.#seek(share * this.#length, true),
      by: (seconds, isSaid) => this.#seek(this.#audio.currentTime + seconds, isSaid),
      faster: (steps) => this.#faster(steps),
    });
  }

  #toggle(): void {
    if (this.#audio.paused) void this.#play();
    else this.#audio.pause();
  }

  async #play(): Promise<void> {
    this.#mixer ??= new Mixer(this.#audio, this.#drawn?.channels.length ?? 1);
    this.#mix();
    this.#opening?.begin();
    await this.#mixer.wake();
    await this.#audio.play().catch(() => undefined);
  }

  #seek(seconds: number, isSaid = false): void {
    this.#audio.currentTime = Math.min(Math.max(0, seconds), this.#length);
    this.#show();
    if (isSaid) say(spoken(this.#audio.currentTime));
  }

  #faster(steps: number): void {
    const at = SPEEDS.indexOf(this.#audio.playbackRate);
    this.#setSpeed(SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, at + steps))] ?? 1);
    say(this.#speed.selectedOptions[0]?.textContent ?? "");
  }

  #setSpeed(speed: number): void {
    this.#audio.defaultPlaybackRate = this.#audio.playbackRate = speed;
    this.#speed.value = String(speed);
  }

  #mix(): void {
    // What was heard until now was heard on other lanes.
    this.#report?.send();
    const heard = this.#heard;
    for (const lane of this.#lanes) {
      const isHeard = heard.includes(lane.channel.channel);
      lane.element.classList.toggle("silent", !isHeard);
      this.#mixer?.set(lane.channel.channel - 1, isHeard ? lane.volume : 0);
    }
    this.#findSilences();
  }

  get #heard(): number[] {
    const isAnyAlone = this.#lanes.some((lane) => lane.isAlone);
    return this.#lanes
      .filter((lane) => !lane.isMuted && lane.volume > 0 && (lane.isAlone || !isAnyAlone))
      .map((lane) => lane.channel.channel);
  }

  #findSilences(): void {
    const isWanted = (this.#part("[data-do=skip]") as HTMLInputElement).checked;
    this.#silences = isWanted ? (this.#peaks?.silences(this.#heard.map((each) => each - 1)) ?? []) : [];
  }

  #skip(): void {
    const now = this.#audio.currentTime;
    const silence = this.#silences.find((each) => each.from <= now && now < each.until - 2 * LEAD_S);
    if (silence !== undefined && !this.#audio.seeking) this.#seek(silence.until - LEAD_S);
  }

  // While it plays, the line moves with each picture of the screen; where less motion is wanted, with each second.
  #run(): void {
    const button = this.#part("[data-do=play]");
    const isPlaying = !this.#audio.paused && !this.#audio.ended;
    button.classList.toggle("playing", isPlaying);
    this.#part("[data-show=play]").textContent = this.#words[isPlaying ? "pause_it" : "play_it"] ?? "";
    cancelAnimationFrame(this.#frame);
    this.#show();
    if (!isPlaying) return;
    const isCalm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const step = (): void => {
      if (!isCalm) this.#point();
      this.#skip();
      this.#frame = requestAnimationFrame(step);
    };
    step();
  }

  #show(): void {
    const now = this.#audio.currentTime;
    const slider = this.#part(".seek");
    this.#part("[data-show=at]").textContent = shown(now);
    slider.setAttribute("aria-valuemax", String(Math.round(this.#length)));
    slider.setAttribute("aria-valuenow", String(Math.floor(now)));
    const said = this.#words["place"] ?? "{at}";
    slider.setAttribute("aria-valuetext", said.replace("{at}", spoken(now)).replace("{length}", spoken(this.#length)));
    this.#point();
  }

  #point(): void {
    this.#part(".tracks").style.setProperty("--at", String(this.#audio.currentTime / this.#length));
  }

  // An address that names a moment (#t=12.5) begins there.
  #begin(): void {
    const found = /^#t=(\d+(?:\.\d+)?)$/.exec(window.location.hash);
    if (found !== null) this.#seek(Number(found[1]));
  }

  #say(name: string): void {
    const message = this.#part("[data-show=message]");
    message.hidden = false;
    message.textContent = this.#words[name] ?? "";
  }

  #hush(): void {
    this.#part("[data-show=message]").hidden = true;
    this.#again.hidden = true;
  }

  // What is tried again where it failed.
  #offer(act: () => void): void {
    this.#again.onclick = act;
    this.#again.hidden = false;
  }

  get #again(): HTMLButtonElement {
    return this.#part("[data-do=again]") as HTMLButtonElement;
  }

  #placeOf(us: string | undefined): number {
    return Math.max(0, Number(us ?? 0) / 1_000_000 - Date.parse(this.#drawn?.start_at ?? "") / 1000);
  }

  get #links(): HTMLAnchorElement[] {
    return [...this.querySelectorAll<HTMLAnchorElement>("a[data-from]")];
  }

  get #length(): number {
    return (this.#drawn?.length_ms ?? 0) / 1000;
  }

  get #path(): string {
    return this.getAttribute("path") ?? "";
  }

  get #speed(): HTMLSelectElement {
    return this.#part("[data-do=speed]") as HTMLSelectElement;
  }

  get #words(): Words {
    return this.#table("words");
  }

  #table(name: string): Words {
    return JSON.parse(this.getAttribute(name) ?? "{}") as Words;
  }

  #part(selector: string): HTMLElement {
    const found = this.querySelector<HTMLElement>(selector);
    if (found === null) throw new Error(`a player without ${selector}`);
    return found;
  }
}

customElements.define("call-player", CallPlayer);
