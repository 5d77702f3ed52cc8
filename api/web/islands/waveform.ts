// The waveform of a call as the server tells it: its peaks read, drawn on a canvas, looked through for silence.

export interface Channel {
  channel: number;
  side: string;
  side_guessed: boolean;
  participants: string[];
  label: string;
  mixed: boolean;
  packets: number;
}

export interface Blank {
  from_ms: number;
  until_ms: number;
  because: string;
  channels: number[];
  codec: string;
}

export interface Drawn {
  start_at: string;
  length_ms: number;
  channels: Channel[];
  blanks: Blank[];
  peaks: string;
}

// A lone stream in which several speak is on both channels of the sound: it is one lane.
export function lanesOf(drawn: Drawn): Channel[] {
  const [left, right, ...others] = drawn.channels;
  const isTwice = left?.mixed === true && right?.mixed === true && right.packets === left.packets;
  return isTwice && left !== undefined ? [left, ...others] : drawn.channels;
}

export interface Interval {
  from: number;
  until: number;
}

const HEAD_BYTES = 24;
// Of 128: the noise of a line is below it, a whisper is not.
const QUIET = 3;
const SHORTEST_SILENCE_S = 1.5;
// A quiet call is drawn larger, though never its noise as if it were speech.
const LEAST_FULL = 24;

// Peaks as audiowaveform writes them (.dat, version 2, 8 bits): lowest and highest, bin by bin, channel by channel.
export class Peaks {
  readonly bins: number;
  readonly channels: number;
  readonly #perSecond: number;
  readonly #levels: Int8Array;

  constructor(packed: string) {
    const bytes = Uint8Array.from(atob(packed), (each) => each.charCodeAt(0));
    const head = new DataView(bytes.buffer);
    this.#perSecond = head.getInt32(8, true) / head.getInt32(12, true);
    this.bins = head.getUint32(16, true);
    this.channels = head.getInt32(20, true);
    this.#levels = new Int8Array(bytes.buffer, HEAD_BYTES);
  }

  // How loud the loudest 20 ms of a channel are, of 128.
  loudest(): number {
    let most = 0;
    for (const level of this.#levels) most = Math.max(most, Math.abs(level));
    return most;
  }

  range(channel: number, first: number, end: number): [number, number] {
    let [low, high] = [0, 0];
    const step = 2 * this.channels;
    const stop = Math.min(end, this.bins) * step;
    for (let at = first * step + 2 * channel; at < stop; at += step) {
      const [a, b] = [this.#levels[at] ?? 0, this.#levels[at + 1] ?? 0];
      if (a < low) low = a;
      if (b > high) high = b;
    }
    return [low, high];
  }

  // Where none of these channels is heard for a while, in seconds.
  silences(channels: number[]): Interval[] {
    const found: Interval[] = [];
    let begin = 0;
    for (let bin = 0; bin <= this.bins; bin += 1) {
      const isLoud = bin === this.bins || channels.some((channel) => this.#isLoud(channel, bin));
      if (!isLoud) continue;
      const silence = { from: begin / this.#perSecond, until: bin / this.#perSecond };
      if (silence.until - silence.from >= SHORTEST_SILENCE_S) found.push(silence);
      begin = bin + 1;
    }
    return found;
  }

  #isLoud(channel: number, bin: number): boolean {
    const at = 2 * (bin * this.channels + channel);
    return (this.#levels[at + 1] ?? 0) > QUIET || -(this.#levels[at] ?? 0) > QUIET;
  }
}

// Draws one channel in the colour of the canvas' text; a line where nothing is heard.
export function draw(canvas: HTMLCanvasElement, peaks: Peaks, channel: number, loudest: number): void {
  const scale = window.devicePixelRatio || 1;
  const [width, height] = [Math.round(canvas.clientWidth * scale), Math.round(canvas.clientHeight * scale)];
  const brush = canvas.getContext("2d");
  if (brush === null || width === 0 || height === 0) return;
  [canvas.width, canvas.height] = [width, height];
  brush.fillStyle = getComputedStyle(canvas).color;
  const [middle, unit] = [height / 2, height / 2 / Math.max(loudest, LEAST_FULL)];
  const perColumn = peaks.bins / width;
  for (let x = 0; x < width; x += 1) {
    const first = Math.floor(x * perColumn);
    const [low, high] = peaks.range(channel, first, Math.max(first + 1, Math.floor((x + 1) * perColumn)));
    const top = middle - high * unit;
    brush.fillRect(x, top, 1, Math.max(scale, (high - low) * unit));
  }
}
