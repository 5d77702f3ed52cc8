// The channels of a sound, each with a volume of its own, heard on both ears.

export class Mixer {
  readonly #context = new AudioContext({ latencyHint: "interactive" });
  readonly #audio: HTMLMediaElement;
  readonly #gains: GainNode[] = [];

  constructor(audio: HTMLMediaElement, channels: number) {
    this.#audio = audio;
    const source = this.#context.createMediaElementSource(audio);
    const parted = this.#context.createChannelSplitter(channels);
    // One channel: what is mixed into it comes out of both loudspeakers.
    const both = new GainNode(this.#context, { channelCount: 1, channelCountMode: "explicit" });
    source.connect(parted);
    for (let channel = 0; channel < channels; channel += 1) {
      // Silent until a lane wants to be heard: not every channel has one.
      const gain = new GainNode(this.#context, { gain: 0 });
      parted.connect(gain, channel);
      gain.connect(both);
      this.#gains.push(gain);
    }
    both.connect(this.#context.destination);
  }

  // A browser lets no page sound before it was touched.
  async wake(): Promise<void> {
    if (this.#context.state !== "running") await this.#context.resume();
  }

  // A short ramp: a jump would click. While nothing plays there is none, or what was muted would
  // begin to sound all the same.
  set(channel: number, volume: number): void {
    const gain = this.#gains[channel]?.gain;
    if (this.#audio.paused) gain?.setValueAtTime(volume, this.#context.currentTime);
    else gain?.setTargetAtTime(volume, this.#context.currentTime, 0.01);
  }

  end(): void {
    void this.#context.close();
  }
}
