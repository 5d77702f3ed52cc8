// What of a page is cut off, overlaps, sticks out or is squeezed: a list of sentences.
(() => {
  const said = [];
  const root = document.documentElement;
  const told = (text) => JSON.stringify(text.trim().replace(/\s+/g, " ").slice(0, 40));
  if (root.scrollWidth > root.clientWidth) said.push(`the page scrolls sideways, to ${root.scrollWidth}`);

  // Drawn by hand or lying over the page on purpose; each stands elsewhere in words.
  const APART = ".unseen, .past, .blank, .picture, template, option, datalist, .quick-bar, session-end";
  const scrolls = (style) => ["auto", "scroll"].includes(style.overflowX);
  const hides = (style) => ["hidden", "clip"].includes(style.overflowX) || ["hidden", "clip"].includes(style.overflowY);
  const BOXES = ".card, .message, .mark, .button, .secret, .field, td, th, .track-head, .choice";

  // What is left of a rectangle in the frames that scroll around it; null: nothing.
  const clipped = (rect, element) => {
    let [left, top, right, bottom] = [rect.left, rect.top, rect.right, rect.bottom];
    for (let at = element; at !== null; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (!scrolls(style)) continue;
      const frame = at.getBoundingClientRect();
      [left, right] = [Math.max(left, frame.left), Math.min(right, frame.right)];
      [top, bottom] = [Math.max(top, frame.top), Math.min(bottom, frame.bottom)];
    }
    return right - left > 1 && bottom - top > 1 ? { left, top, right, bottom } : null;
  };

  const pieces = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    if (node.data.trim() === "" || element.closest(APART) !== null) continue;
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const lines = [...range.getClientRects()].filter((line) => line.width > 0);
    judge(node, element, lines);
    for (const line of lines) {
      const seen = clipped(line, element);
      if (seen !== null) pieces.push({ element, seen, text: told(node.data) });
    }
  }

  function judge(node, element, lines) {
    const box = element.closest(BOXES);
    const inner = box?.getBoundingClientRect();
    const [left, right] = [Math.min(...lines.map((each) => each.left)), Math.max(...lines.map((each) => each.right))];
    if (inner !== undefined && (right > inner.right + 1 || left < inner.left - 1))
      if (element.closest(".scroll") === null || element.closest(".scroll").contains(box))
        said.push(`${told(node.data)} sticks out of its ${box.tagName.toLowerCase()}.${box.className}`);
    for (let at = element; at !== null && at !== root; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (scrolls(style)) break;
      const frame = at.getBoundingClientRect();
      if (hides(style) && lines.some((line) => line.right > frame.right + 1 || line.bottom > frame.bottom + 3))
        said.push(`${told(node.data)} is cut off`);
    }
    const text = node.data.trim();
    const rows = new Set(lines.map((line) => Math.round(line.top))).size;
    if (element.closest("td, th") !== null && rows > 2 && text.length / rows < 3.5)
      said.push(`${told(node.data)} is squeezed into ${rows} lines`);
  }

  for (const element of document.querySelectorAll("input:not([type=hidden]), select, textarea, button, a.button, audio")) {
    if (element.closest(APART) !== null || !element.checkVisibility({ visibilityProperty: true })) continue;
    const seen = clipped(element.getBoundingClientRect(), element);
    if (seen !== null) pieces.push({ element, seen, text: element.tagName.toLowerCase() + told(element.name ?? "") });
  }

  pieces.sort((one, other) => one.seen.top - other.seen.top);
  pieces.forEach((one, at) => {
    for (const other of pieces.slice(at + 1)) {
      if (other.seen.top >= one.seen.bottom) break;
      if (one.element.contains(other.element) || other.element.contains(one.element)) continue;
      const wide = Math.min(one.seen.right, other.seen.right) - Math.max(one.seen.left, other.seen.left);
      const high = Math.min(one.seen.bottom, other.seen.bottom) - other.seen.top;
      const least = Math.min(one.seen.bottom - one.seen.top, other.seen.bottom - other.seen.top);
      if (wide > 2 && high > 0.4 * least) said.push(`${one.text} lies on ${other.text}`);
    }
  });
  return [...new Set(said)];
})()
