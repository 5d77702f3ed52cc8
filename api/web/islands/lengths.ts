// Lengths as a clock shows them, and as they are spoken, in the language of the page.

export function shown(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number): string => String(value).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

export function spoken(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const isJapanese = document.documentElement.lang === "ja";
  const parts: [number, string, string][] = [
    [Math.floor(whole / 3600), "時間", "hour"],
    [Math.floor(whole / 60) % 60, "分", "minute"],
    [whole % 60, "秒", "second"],
  ];
  const told = parts
    .filter(([count]) => count > 0)
    .map(([count, ja, en]) => (isJapanese ? `${count} ${ja}` : `${count} ${en}${count === 1 ? "" : "s"}`));
  return told.join(" ") || (isJapanese ? "0 秒" : "0 seconds");
}
