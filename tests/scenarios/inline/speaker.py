"""Says packets over and over and writes down what it hears: a process of its own, punctual.

Run `python speaker.py HOST PORT SAYS HEARD`; each line on its stdin is the place to speak to from
then on ("127.0.0.1 26600"), an empty one hushes it. Files hold datagrams, each behind its length.
"""

import selectors
import socket
import struct
import sys
import time
from collections.abc import Iterator
from io import FileIO
from pathlib import Path
from typing import Final

LENGTH: Final = struct.Struct(">H")
_HEAD: Final = struct.Struct(">BBHII")
_VERSION: Final = 0x80
_PACKET_S: Final = 0.02
_SAMPLES: Final = 160


def datagrams(file: Path) -> list[bytes]:
    """What is in such a file; a last one that is still written is left out."""
    data, at, found = file.read_bytes(), 0, []
    while at + LENGTH.size <= len(data):
        (size,) = LENGTH.unpack_from(data, at)
        at += LENGTH.size + size
        if at <= len(data):
            found.append(data[at - size : at])
    return found


def spoken(packets: list[bytes]) -> Iterator[bytes]:
    """The payloads of these packets, again and again, numbered on."""
    _, _, sequence, timestamp, source = _HEAD.unpack_from(packets[0])
    number = 0
    while True:
        payload = packets[number % len(packets)]
        head = _HEAD.pack(
            _VERSION, payload[1] & 0x7F, (sequence + number) & 0xFFFF,
            (timestamp + number * _SAMPLES) & 0xFFFFFFFF, source,
        )  # fmt: skip
        yield head + payload[_HEAD.size :]
        number += 1


def main(ours: socket.socket, orders: FileIO, says: Path, heard: FileIO) -> None:
    """Until its stdin ends."""
    ready, saying = selectors.DefaultSelector(), spoken(datagrams(says))
    for source in (ours, orders):
        ready.register(source, selectors.EVENT_READ)
    place: tuple[str, int] | None = None
    due_s = time.monotonic()
    while True:
        for key, _ in ready.select(max(0.0, due_s - time.monotonic())):
            if key.fileobj is ours:
                packet = ours.recv(2048)
                heard.write(LENGTH.pack(len(packet)) + packet)
            elif not (line := orders.readline()):
                return
            else:
                host, _, port = line.decode().strip().partition(" ")
                place = (host, int(port)) if host else None
        if time.monotonic() >= due_s:
            due_s += _PACKET_S
            packet = next(saying)
            if place is not None:
                ours.sendto(packet, place)


if __name__ == "__main__":
    with (
        socket.socket(type=socket.SOCK_DGRAM) as bound,
        FileIO(0) as orders,
        FileIO(sys.argv[4], "w") as written,
    ):
        bound.bind((sys.argv[1], int(sys.argv[2])))
        print("ready", flush=True)  # noqa: T201  # its parent waits for it
        main(bound, orders, Path(sys.argv[3]), written)
