"""How soon the page of a three-hour call is drawn, and how soon a seek in it is heard.

Run `python -m bench.long_call --json FILE`; exit code 3 where a promise is missed. Wants Debian's
Chromium and `make .venv/.browser`. The browser is the witness: when the lanes are drawn its own
clock says, and when something is heard what goes to its loudspeaker. Knows of the page what is
seen.
"""

import argparse
import struct
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from random import Random
from typing import Any, Final

import numpy as np

from bench.facts import machine_facts
from bench.progress import steps
from bench.promises import DRAWN_MS, FINDINGS, SEEK_MS
from bench.questions import Waited
from bench.report import table, write_json
from bench.result_pages import reader_of
from bench.server import Running, start_rokuon
from rokuon.config.load import load
from tests.archive.reading.scenes import PACKET, PACKET_US, START_US, Packet, added, ended
from tests.pages.tones import LOUD, RATE_HZ, encoded
from tests.rokuon.installation import Installation, events, party

SEED: Final = 17
HEADS: Final = ("what", "times", "median ms", "worst ms")
DRAWN: Final = "from the address to the drawn lanes"
SEEK: Final = "from a seek to sound"
_MINUTE_S: Final = 60
# A tone for every other minute: where one is heard says where the sound is from.
_TONES_HZ: Final = (440, 1_500)
_PACKETS_A_S: Final = 50
_ADOPTED_WITHIN_S: Final = 120.0

# When lanes are first on the screen, by the page's own clock, since its address was asked for.
EYE: Final = """
new MutationObserver((_, eye) => {
  if (!document.querySelector(".lane canvas")) return;
  eye.disconnect();
  requestAnimationFrame(() => requestAnimationFrame(() => { window.drawn = performance.now(); }));
}).observe(document, { childList: true, subtree: true });
"""
# The loudest tone that goes to the loudspeaker, now.
EAR: Final = """
const connect = AudioNode.prototype.connect;
AudioNode.prototype.connect = function (to, ...rest) {
  if (to instanceof AudioDestinationNode) {
    const ear = new AnalyserNode(this.context, { fftSize: 1024, smoothingTimeConstant: 0 });
    const bins = new Float32Array(ear.frequencyBinCount);
    connect.call(this, ear);
    window.tone = () => {
      ear.getFloatFrequencyData(bins);
      const loudest = bins.indexOf(Math.max(...bins));
      return bins[loudest] > -50 ? (loudest * ear.context.sampleRate) / ear.fftSize : 0;
    };
  }
  return connect.call(this, to, ...rest);
};
"""
# Seek, and wait until the tone of that minute is heard; the time in ms.
SEEKING: Final = """
([second, hz]) => new Promise((resolve) => {
  const audio = document.querySelector("audio");
  const begun = performance.now();
  audio.currentTime = second;
  const timer = setInterval(() => {
    if (Math.abs(window.tone() - hz) < 100) {
      clearInterval(timer);
      resolve(performance.now() - begun);
    }
  }, 2);
})
"""


class CallNotAdopted(Exception):
    """The keeper has not taken the call in time."""


@dataclass(slots=True, kw_only=True)
class LongCallFigures:
    """What was measured of one long call."""

    command: list[str]
    machine: dict[str, object]
    hours: float
    waited: list[Waited] = field(default_factory=list)

    @property
    def missed(self) -> list[str]:
        """The promises that were not kept, in words."""
        promised = {DRAWN: DRAWN_MS, SEEK: SEEK_MS}
        return [
            f"{one.name}: {one.median_ms:.0f} ms"
            for one in self.waited
            if one.median_ms > promised[one.name]
        ]

    def table(self) -> str:
        """A line for each kind."""
        rows = [
            [one.name, len(one.times_ms), one.median_ms, max(one.times_ms, default=0.0)]
            for one in self.waited
        ]
        return table(HEADS, rows)


def measure(arguments: argparse.Namespace, command: list[str]) -> LongCallFigures:
    """A Rokuon of its own with one call, and a browser before it."""
    figures = LongCallFigures(command=command, machine=machine_facts(), hours=arguments.hours)
    with tempfile.TemporaryDirectory() as folder, steps(3) as step:
        running = start_rokuon(Path(folder), first=("--welcome",))
        try:
            step("a long call")
            call = put_call(running, int(arguments.hours * 3_600))
            with reader_of(running) as reader, window(running, reader.cookie) as opened:
                step("drawing")
                figures.waited.append(drawings(opened, running, call, arguments.times))
                step("seeking")
                figures.waited.append(seeks(opened, int(arguments.hours * 3_600), arguments.times))
        finally:
            running.stop()
    return figures


def put_call(running: Running, seconds: int) -> str:
    """Leave a sealed call in the spool as capture would; its address' last piece."""
    config = load(running.config)
    site = Installation(running.config.parent, config, ExitStack(), ExitStack())
    told = [
        *events()[:1],
        added(0),
        added(1),
        party(0, "customer", "sip:+81312347788@carrier.example", "佐藤"),
        party(1, "agent", "sip:2001@pbx.example", "田中"),
        ended(START_US + seconds * 1_000_000),
    ]
    return str(site.put(told, list(packets(seconds))))


@contextmanager
def window(running: Running, cookies: str) -> Iterator[Any]:
    """A window of somebody who is signed in, in Debian's Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
        )
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        base = f"http://127.0.0.1:{running.http_port}"
        pairs = (each.split("=", 1) for each in cookies.split("; "))
        context.add_cookies([{"name": name, "value": value, "url": base} for name, value in pairs])
        context.add_init_script(EYE)
        context.add_init_script(EAR)
        yield context.new_page()
        browser.close()


def packets(seconds: int) -> Iterator[Packet]:
    """Two streams that are a tone all the time, another one every minute."""
    for number in range(seconds * _PACKETS_A_S):
        tone = _tone_at(number // _PACKETS_A_S)
        codes = _CODES[tone][number % _PACKETS_A_S]
        for stream in range(2):
            head = struct.pack(
                ">BBHII", 0x80, 0, number % (1 << 16), number * PACKET, 1_000 + stream
            )
            arrival_us = START_US + number * PACKET_US
            yield Packet(arrival_us=arrival_us, datagram=head + codes, stream=stream)


def _tone_at(second: int) -> int:
    return second // _MINUTE_S % len(_TONES_HZ)


def _second_of(hz: int) -> list[bytes]:
    """The payloads of a second of a tone."""
    time_s = np.arange(RATE_HZ) / RATE_HZ
    codes = encoded((LOUD * np.sin(2 * np.pi * hz * time_s)).astype(np.int64))
    return [codes[at : at + PACKET] for at in range(0, RATE_HZ, PACKET)]


_CODES: Final = [_second_of(hz) for hz in _TONES_HZ]


def drawings(opened: Any, running: Running, call: str, times: int) -> Waited:
    """Open the page anew so many times; as soon as it has been adopted for the first."""
    address = f"http://127.0.0.1:{running.http_port}/calls/{call}"
    waited = Waited(name=DRAWN)
    wait_for_call(opened, address)
    for _ in range(times):
        opened.goto(address)
        opened.wait_for_function("() => window.drawn")
        waited.times_ms.append(float(opened.evaluate("window.drawn")))
    return waited


def wait_for_call(opened: Any, address: str) -> None:
    """Until its page is there. Raises `CallNotAdopted`."""
    until_s = time.monotonic() + _ADOPTED_WITHIN_S
    while opened.goto(address).status != HTTPStatus.OK:
        if time.monotonic() > until_s:
            raise CallNotAdopted(f"not within {_ADOPTED_WITHIN_S:.0f} s")
        time.sleep(1)


def seeks(opened: Any, seconds: int, times: int) -> Waited:
    """Play, and seek to the middle of minutes whose tone is another one."""
    waited, chance = Waited(name=SEEK), Random(SEED)  # noqa: S311  # the same seeks every time
    opened.keyboard.press("k")
    opened.wait_for_function("() => window.tone && window.tone() > 0")
    tone = _tone_at(int(opened.evaluate("document.querySelector('audio').currentTime")))
    for _ in range(times):
        tone = 1 - tone
        minutes = [each for each in range(seconds // _MINUTE_S) if each % 2 == tone]
        second = chance.choice(minutes) * _MINUTE_S + _MINUTE_S // 3
        waited.times_ms.append(float(opened.evaluate(SEEKING, [second, _TONES_HZ[tone]])))
    return waited


def main() -> int:
    """Measure, write the JSON file, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=3.0)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--json", type=Path, default=Path("build/bench-long-call.json"))
    figures = measure(parser.parse_args(), ["python", "-m", "bench.long_call", *sys.argv[1:]])
    write_json(parser.parse_args().json, figures)
    print(figures.table())
    print("\n".join(f"missed: {each}" for each in figures.missed))
    return FINDINGS if figures.missed else 0


if __name__ == "__main__":
    sys.exit(main())
