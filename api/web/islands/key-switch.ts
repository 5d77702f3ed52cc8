// <key-switch>: whether keys of one letter do something in this browser; without a script there are none.

import { keysAreOn, turnKeys } from "./typing";

class KeySwitch extends HTMLElement {
  connectedCallback(): void {
    const box = this.querySelector("input");
    if (box === null) return;
    this.hidden = false;
    box.checked = keysAreOn();
    box.addEventListener("change", () => turnKeys(box.checked));
  }
}

customElements.define("key-switch", KeySwitch);
