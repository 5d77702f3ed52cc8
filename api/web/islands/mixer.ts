// The channels of a sound, each with a volume of its own, heard on both ears.

export class Mixer {
  readonly #context = new AudioContext({ latencyHint: "interactive" });
  readonly #gains: GainNode[] = [];

  constructor(audio: HTMLMediaElement, channels: number) {
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

  // A short ramp: a jump would click.
  set(channel: number, volume: number): void {
    this.#gains[channel]?.gain.setTargetAtTime(volume, this.#context.currentTime, 0.01);
  }

  end(): void {
    void this.#context.close();
  }
}
