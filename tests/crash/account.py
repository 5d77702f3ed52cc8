"""The account of a run: what was sent, what a `pcap` export of every recording found.

Reads the archive as the command line does: search, grant, journal, key daemon, export.
"""

import struct
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from archive.format.header import BLOCK_BYTES
from archive.verification.faults import Finding
from rokuon.compose.archive.records import verify_archive
from rokuon.config.schema import Config
from tests import own_archive
from tests.crash.load import Sent
from tests.own_archive import Row

# Intake page and header, in front of the first segment of a part in the spool.
LEAD_BYTES: Final = 2 * BLOCK_BYTES
_FILE_HEAD_BYTES: Final = 24
_RECORD: Final = struct.Struct(">IIII")
_IP_UDP_BYTES: Final = 28
_RTP: Final = struct.Struct(">BBHII")
_VERSION_2: Final = 2


@dataclass(slots=True)
class Account:
    """Per run: packets sent and missing, the worst stream, repetitions, and what nobody sent.

    `missing`: by SSRC the packets' numbers in their stream, from 0. `holes`: streams in which a
    packet is missing before one that is there.
    """

    sent: int = 0
    lost: int = 0
    worst_stream: int = 0
    repeated: int = 0
    strange: int = 0
    holes: int = 0
    missing: dict[int, list[int]] = field(default_factory=dict)


def spool_files(config: Config) -> list[Path]:
    """Parts that are still in the spool."""
    return [path for path in config.spool.path.rglob("*") if path.is_file()]


def begun_parts(config: Config) -> list[Path]:
    """Those of them that have their lead: a worker makes the file, and then writes it."""
    return [path for path in spool_files(config) if path.stat().st_size >= LEAD_BYTES]


def exported(config: Config, found: list[Row]) -> Counter[tuple[int, int]]:
    """How often each (SSRC, sequence) is in the export of all recordings."""
    seen: Counter[tuple[int, int]] = Counter()
    for row in found:
        seen.update(_packets(own_archive.exported(config, str(row["recording"]))))
    return seen


def _packets(content: bytes) -> Iterator[tuple[int, int]]:
    at = _FILE_HEAD_BYTES
    while at < len(content):
        _, _, size, _ = _RECORD.unpack_from(content, at)
        kind, _, sequence, _, ssrc = _RTP.unpack_from(content, at + _RECORD.size + _IP_UDP_BYTES)
        assert kind >> 6 == _VERSION_2
        yield ssrc, sequence
        at += _RECORD.size + size


def settle(
    sent: list[Sent], seen: Counter[tuple[int, int]], *, later: list[Sent] | None = None
) -> Account:
    """Compare. `sent` must be there; `later` may be there too (sent until everybody knew)."""
    account = Account(sent=sum(stream.packets for stream in sent))
    for stream in sent:
        missing = [
            number
            for number in range(stream.packets)
            if (stream.ssrc, stream.sequence(number)) not in seen
        ]
        account.lost += len(missing)
        account.worst_stream = max(account.worst_stream, len(missing))
        if missing:
            account.missing[stream.ssrc] = missing
            account.holes += missing != list(range(missing[0], stream.packets))
    allowed = {(one.ssrc, one.sequence(n)) for one in later or sent for n in range(one.packets)}
    account.repeated = seen.total() - len(seen)
    account.strange = len(seen.keys() - allowed)
    return account


def damage_in(config: Config) -> tuple[int, list[Finding]]:
    """`rokuon verify`: parts checked, and what is wrong."""
    verified = verify_archive(config, lambda _done, _all: None)
    return verified.parts, verified.findings
