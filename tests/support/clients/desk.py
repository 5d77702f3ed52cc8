"""What Rokuon tells of a client's call, over HTTP alone: found, shown, exported.

Knows nothing of what it should be.
"""

import io
import json
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any, Final
from urllib.parse import quote
from urllib.request import Request, urlopen

import numpy as np
import soundfile
from numpy.typing import NDArray

from tests.scenarios.server import HOST, Server
from tests.scenarios.waiting import until
from tests.support.clients.moments import moment, us
from tests.support.clients.voices import LOUD, RATE

_SCOPES: Final = (
    *("--scope", "calls:search", "--scope", "calls:read", "--scope", "audio:export"),
    *("--purpose", "technical"),
)
# Of each second that much in its middle is judged: words and sound take their time on the way.
_JUDGED: Final = (0.3, 0.7)
# A tone that is there is as loud as it was sent, one that is not far below.
_HEARD: Final = 0.4
Row = dict[str, Any]


class Desk:
    """Who looks for calls."""

    def __init__(self, server: Server) -> None:
        own = server.command("user", "token", "clients-desk", *_SCOPES)
        self._token, self._port = own.strip().splitlines()[-1], server.http_port

    def _ask(self, path: str, body: bytes | None = None) -> bytes:
        at = f"http://{HOST}:{self._port}/api/v1/{path}"
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        with urlopen(Request(at, body, headers)) as answer:
            return bytes(answer.read())

    def search(self, began_us: int, *clues: Row) -> list[Row]:
        """Recordings of the minute that begins a second before this moment."""
        since = moment(began_us) - timedelta(seconds=1)
        window = {"from": since.isoformat(), "to": (since + timedelta(minutes=1)).isoformat()}
        asked = {"window": {**window, "zone": "UTC"}, "clues": list(clues), "limit": 200}
        return list(json.loads(self._ask("calls/search", json.dumps(asked).encode()))["calls"])

    def found(self, began_us: int, call_id: str, count: int) -> list["Told"]:
        """So many recordings of this session, as soon as they can be found."""
        own = {"kind": "id", "value": call_id}

        def find() -> list[Row] | None:
            rows = self.search(began_us, own)
            return rows if len(rows) >= count else None

        rows = until(find, f"{count} recordings of {call_id}")
        return [Told(self, row["recording"]) for row in rows]

    def course(self, recording: str) -> Row:
        """Everything that is shown of a recording."""
        return dict(json.loads(self._ask(f"recordings/{quote(recording)}")))

    def channels(self, recording: str) -> list[Row]:
        """Whose each channel of its export is."""
        return list(
            json.loads(self._ask(f"recordings/{quote(recording)}/export/notes"))["channels"]
        )

    def audio(self, recording: str) -> NDArray[np.int16]:
        """Its export, shape (samples, lanes)."""
        wav = self._ask(f"recordings/{quote(recording)}/export?format=wav")
        samples, rate = soundfile.read(io.BytesIO(wav), dtype="int16", always_2d=True)
        assert rate == RATE
        return np.asarray(samples, np.int16)


@dataclass(frozen=True)
class Told:
    """All that is told of one recording."""

    desk: Desk
    recording: str

    @cached_property
    def course(self) -> Row:
        """As it is shown."""
        return self.desk.course(self.recording)

    @property
    def legs(self) -> list[Row]:
        """Who stayed in it."""
        return list(self.course["legs"])

    @cached_property
    def channels(self) -> list[Row]:
        """Whose its lanes are."""
        return self.desk.channels(self.recording)

    @cached_property
    def _audio(self) -> NDArray[np.int16]:
        return self.desk.audio(self.recording)

    def is_of(self, people: set[str]) -> bool:
        """Is any of these participants in it?"""
        return any(leg["participant"] in people for leg in self.legs)

    def is_found_by(self, began_us: int, *clue: Row) -> bool:
        """Does a search by any one of these find it?"""
        return any(
            self.recording in {row["recording"] for row in self.desk.search(began_us, each)}
            for each in clue
        )

    def heard(self, begun_us: int, second: int, tones: set[int]) -> list[set[int]]:
        """Which of these tones each lane has in a second of a call that begun then."""
        at_s = (begun_us - us(self.course["started_at"])) / 1e6 + second
        first, last = (round((at_s + each) * RATE) for each in _JUDGED)
        window = self._audio[max(first, 0) : max(last, 0)].astype(float)
        if not len(window):
            return [set() for _ in self.channels]
        samples = np.arange(len(window))
        shaped = window * np.hanning(len(window))[:, None]
        return [
            {
                hertz
                for hertz in tones
                if abs(np.exp(-2j * np.pi * hertz / RATE * samples) @ lane) * 4 / len(window) / LOUD
                > _HEARD
            }
            for lane in shaped.T
        ]
