"""What comes out of a page's loudspeaker, measured in the page beside it."""

from typing import Any, Final

# Whatever is sent to the loudspeakers is listened to besides: the loudest tone, every 20 ms.
EAR: Final = """
const connect = AudioNode.prototype.connect;
window.heard = [];
AudioNode.prototype.connect = function (to, ...rest) {
  if (to instanceof AudioDestinationNode) {
    const ear = new AnalyserNode(this.context, { fftSize: 2048, smoothingTimeConstant: 0 });
    const bins = new Float32Array(ear.frequencyBinCount);
    connect.call(this, ear);
    setInterval(() => {
      const audio = document.querySelector("audio");
      if (audio.paused || audio.seeking) return;
      ear.getFloatFrequencyData(bins);
      const loudest = bins.indexOf(Math.max(...bins));
      const hz = (loudest * ear.context.sampleRate) / ear.fftSize;
      window.heard.push({ at: audio.currentTime, hz, db: bins[loudest] });
    }, 20);
  }
  return connect.call(this, to, ...rest);
};
"""
LOUD_DB: Final = -50


def play_until(page: Any, until_s: float) -> list[tuple[float, float]]:
    """Play on by a key; the tones that were loud, with their seconds."""
    page.evaluate("window.heard = []")
    page.keyboard.press("k")
    page.wait_for_function("s => document.querySelector('audio').currentTime > s", arg=until_s)
    page.keyboard.press("k")
    page.wait_for_function("() => document.querySelector('audio').paused")
    heard = page.evaluate("window.heard")
    assert heard
    return [
        (each["at"], each["hz"])
        for each in heard
        if each["db"] is not None and each["db"] > LOUD_DB
    ]
