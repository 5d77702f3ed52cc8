// What is said to who does not see it: one polite region for each page.

export function say(text: string): void {
  const place = document.getElementById("said");
  if (place !== null) place.textContent = text;
}
