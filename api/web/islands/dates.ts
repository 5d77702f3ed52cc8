// In the form of the search: a range that is chosen empties the dates, dates that are typed are the range.

const TYPED = "dates";

function field(name: string): HTMLInputElement | HTMLSelectElement | null {
  return document.querySelector(`[role="search"] [name="${name}"]`);
}

document.addEventListener("input", (event) => {
  const range = field("range");
  if (range === null || !(event.target instanceof HTMLElement)) return;
  if (event.target === range && range.value !== TYPED) {
    for (const name of ["from", "to"]) {
      const date = field(name);
      if (date !== null) date.value = "";
    }
  } else if (event.target === field("from") || event.target === field("to")) {
    range.value = TYPED;
  }
});
