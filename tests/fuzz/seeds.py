"""Seeds for the fuzzers: every session of the corpus, as the datagrams that a client sends.

Run `python -m tests.fuzz.seeds <folder>`. Each datagram has a file, and each session one more.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.support.siprec.vendors import places, play, staged
from tests.vendors.expected import EXPECTED
from tests.vendors.script import NAMES, placed, read, seeded, wire

# What no SIP message holds; divides the datagrams of a session.
BETWEEN: Final = b"\0\0\0\0"


def sessions() -> Iterator[tuple[str, list[bytes]]]:
    """The name of each vendor and what its client sends."""
    for name in NAMES:
        stage, sent = staged(EXPECTED[name]), []
        for number, message in enumerate(read(name, seeded(1)).messages):
            tag = stage.dialog.local_tag if number else b""
            sent.append(wire(placed(message, places(tag, number + 1))))
            play(stage, message, number)
        yield name, sent


def main() -> None:
    """Write them."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, datagrams in sessions():
        kind = bytes([EXPECTED[name].mode == "network-based"])
        (folder / name).write_bytes(kind + BETWEEN.join(datagrams))
        for number, datagram in enumerate(datagrams):
            (folder / f"{name}-{number}").write_bytes(datagram)


if __name__ == "__main__":
    main()
