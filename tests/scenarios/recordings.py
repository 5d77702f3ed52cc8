"""A recorded call as a person gets it: found by time, then exported.

Only the command line is used. Knows nothing of the wire.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

from tests.scenarios.scene import Scene
from tests.scenarios.server import Server
from tests.scenarios.waiting import until
from tests.scenarios.witness import Datagram, read_pcap

Samples = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Recorded:
    """A call in the archive: what `calls find` says of it."""

    server: Server
    row: dict[str, Any]

    @property
    def flags(self) -> set[str]:
        """What whoever listens should know, but for a second of silence at an edge.

        So long a machine that has much to do may take from the last packet to the BYE;
        `test_edges.py` looks at that.
        """
        return set(self.row["flags"]) - {"silent_edge"}

    def datagrams(self) -> list[Datagram]:
        """The export as pcap."""
        return read_pcap(self._export("pcap"))

    def audio(self) -> Samples:
        """The export as WAV, shape (samples, lanes)."""
        samples, rate = soundfile.read(self._export("wav"), dtype="int16", always_2d=True)
        assert rate == 8000
        return np.asarray(samples, np.int16)

    def _export(self, form: str) -> Path:
        file = self.server.folder / f"{secrets.token_hex(8)}.{form}"
        self.server.command("calls", "export", self.row["call"], "--format", form, "-O", str(file))
        return file


def recorded_of(scene: Scene, *clues: str) -> Recorded:
    """The one call that began with this scene, as soon as it can be found; `clues` are options."""
    began = datetime.fromtimestamp(scene.invited().at_us / 1_000_000, UTC)
    window = (
        "--from",
        _text(began - timedelta(milliseconds=1)),
        "--to",
        _text(began + timedelta(seconds=1)),
    )

    def find() -> Recorded | None:
        rows = scene.server.rows("calls", "find", *window, "--zone", "UTC", *clues)
        assert len(rows) <= 1, rows
        return next(iter(Recorded(scene.server, row) for row in rows), None)

    return until(find, "the call", within_s=15)


def _text(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds")


def answered_since(server: Server, since: datetime) -> list[dict[str, Any]]:
    """The ledger's rows of the calls that were taken since then and are over.

    One on which nobody spoke is no recording; its detail is how it ended.
    """
    window = (since.isoformat(), (since + timedelta(minutes=5)).isoformat())
    rows = server.rows("calls", "ledger", "--from", window[0], "--to", window[1])
    return [row for row in rows if row["fate"] in {"recorded", "without audio"}]


def silent_row(scene: Scene) -> dict[str, Any]:
    """The row of the one call that began with this scene, on which nobody spoke."""
    began = datetime.fromtimestamp(scene.invited().at_us / 1_000_000, UTC)

    def own() -> dict[str, Any] | None:
        rows = answered_since(scene.server, began - timedelta(milliseconds=1))
        return next((row for row in rows if row["call_id"] == scene.call_id), None)

    return until(own, "the row of a silent call")
