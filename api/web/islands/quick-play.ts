// <quick-play>: a link to a call that plays it in its place; one at a time, in a bar that ends it.

import { shown } from "./lengths";
import { Opening } from "./opening";
import { PlayedReport } from "./played";

let ending: (() => void) | null = null;

class QuickPlay extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("click", (event) => {
      const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-audio]");
      if (link === null || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const isOwn = this.classList.contains("playing");
      ending?.();
      if (!isOwn) this.#play(link);
    });
  }

  #play(link: HTMLAnchorElement): void {
    const template = document.querySelector<HTMLTemplateElement>("template#quick-bar");
    const bar = template?.content.firstElementChild?.cloneNode(true);
    if (!(bar instanceof HTMLElement)) return;
    const audio = new Audio(link.dataset["audio"]);
    const report = new PlayedReport(audio, `${link.pathname}/played`, () => []);
    const time = bar.querySelector("[data-show=at]");
    audio.addEventListener("timeupdate", () => {
      if (time !== null) time.textContent = `${shown(audio.currentTime)} / ${shown(audio.duration || 0)}`;
    });
    const [failed, again] = [bar.querySelector<HTMLElement>("[data-show=failed]"), bar.querySelector<HTMLElement>("[data-do=again]")];
    const opening = new Opening(audio, (isOpen) => {
      for (const each of [failed, again]) if (each !== null) each.hidden = isOpen;
    });
    again?.addEventListener("click", () => void opening.again());
    ending = (): void => {
      audio.pause();
      opening.end();
      report.end();
      audio.removeAttribute("src");
      bar.remove();
      this.classList.remove("playing");
      ending = null;
    };
    audio.addEventListener("ended", () => ending?.());
    bar.querySelector("[data-do=stop]")?.addEventListener("click", () => {
      ending?.();
      link.focus();
    });
    const whole = bar.querySelector<HTMLAnchorElement>("[data-show=call]");
    if (whole !== null) whole.href = link.href;
    const what = bar.querySelector("[data-show=what]");
    if (what !== null) what.textContent = this.closest("tr, article")?.querySelector("th, time")?.textContent?.trim() ?? "";
    this.classList.add("playing");
    document.body.append(bar);
    opening.begin();
    void audio.play().catch(() => undefined);
  }
}

customElements.define("quick-play", QuickPlay);
