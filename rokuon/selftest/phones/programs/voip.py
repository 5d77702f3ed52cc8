"""A phone of pyVoIP 1.6.8: a program that places the call of a self-test.

Runs in the library's own Python. What it hears is written as it plays it: 8 bit, unsigned, 8 kHz.
"""

import audioop
import itertools
import re
import threading
import time
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

from orders import obey, settings, tell
from pyVoIP.VoIP import CallState, VoIPCall, VoIPPhone

_TURN_S = 0.01
_PIECE = 160
_PIECE_S = 0.02


class Phone:
    """The orders. Nobody calls it: without `rung` the library says that it is busy."""

    rung: Callable[[VoIPCall], None] | None = None

    def __init__(self, asked: dict[str, Any]):
        self.asked = asked
        self.calls: dict[int, VoIPCall] = {}
        self._numbers = itertools.count(1)
        self.library = VoIPPhone(
            asked["server"], asked["server_port"], asked["user"], asked.get("password", ""),
            myIP=asked["host"], callCallback=self.rung, sipPort=asked["port"],
            rtpPortLow=asked["media"][0], rtpPortHigh=asked["media"][1],
        )  # fmt: skip
        self.prepare(self.library.sip)
        _mend_ack(self.library.sip)
        self.library.start()

    def prepare(self, sip: Any) -> None:
        """It does nothing before it has registered; its peers here are no registrar."""
        sip.register = sip.deregister = lambda: True

    def live(self, number: int, call: VoIPCall) -> None:
        """Tell of each state, say and hear while it is up."""
        state = None
        with Heard(Path(self.asked["folder"]) / f"heard-{number}.wav") as heard:
            while state is not CallState.ENDED:
                if call.state is not state:
                    state = call.state
                    tell("state", call=number, state=state.value.lower(), call_id=call.call_id)
                    if state is CallState.ANSWERED:
                        self.say(call)
                for digit in iter(call.get_dtmf, ""):
                    tell("dtmf", call=number, digit=digit)
                heard.add(call) if state is CallState.ANSWERED else time.sleep(_TURN_S)
        tell("over", call=number)

    def say(self, call: VoIPCall) -> None:
        if not self.asked["says"]:
            return
        with wave.open(self.asked["says"]) as file:
            samples = file.readframes(file.getnframes())
        once = audioop.bias(audioop.lin2lin(samples, 2, 1), 1, 128)
        call.write_audio(once * self.asked["times"])

    def do_call(self, number: str) -> int:
        call = self.library.call(number)
        ours = next(self._numbers)
        self.calls[ours] = call
        threading.Thread(target=self.live, args=(ours, call), daemon=True).start()
        return ours

    def do_hang_up(self, call: int) -> None:
        self.calls[call].hangup()


class Heard:
    """A WAV file that is written in real time: silence where nothing has come."""

    def __init__(self, path: Path):
        self.path = path

    def __enter__(self) -> "Heard":
        self.file = wave.open(str(self.path), "wb")
        self.file.setnchannels(1)
        self.file.setsampwidth(1)
        self.file.setframerate(8000)
        self.due_s = time.monotonic()
        return self

    def add(self, call: VoIPCall) -> None:
        self.due_s += _PIECE_S
        time.sleep(max(0.0, self.due_s - time.monotonic()))
        self.file.writeframes(call.read_audio(_PIECE, blocking=False))

    def __exit__(self, *_: object) -> None:
        self.file.close()


def _mend_ack(sip: Any) -> None:
    """The library invents the To tag of its ACK; RFC 3261 §13.2.2.4 wants that of the answer."""
    written = sip.gen_ack

    def gen_ack(response: Any) -> str:
        tag = response.headers["To"]["tag"]
        return re.sub(r"(\r\nTo: [^\r\n]*;tag=)[^\r\n]*", rf"\g<1>{tag}", written(response))

    sip.gen_ack = gen_ack


def main(kind: type[Phone] = Phone) -> None:
    phone = kind(settings())
    obey(phone, lambda: time.sleep(_TURN_S))
    phone.library.stop()


if __name__ == "__main__":
    main()
