"""What the keeper computes of a call: its part read, its rows written. CPU of this process.

Complete in itself: `bench.versions` has the interpreter of an older checkout run this file there.
Knows nothing of how that checkout does it.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from archive.call.events import Event
from archive.catalog.database.engine import catalog_url, open_engine
from archive.catalog.index.writer import CatalogWriter
from archive.catalog.migrate import upgrade
from archive.format.part_reader import PartReader
from archive.keeper.account import read_account
from bench.archived_calls import archived_calls
from tests.archive.reading.scenes import KEY, START_US, Shelf, Talk, added, ended, party
from tests.support.parts import MemorySource

_NS_PER_US: Final = 1_000
# A catalog has calls in it; nothing is timed before so many are there, and every statement known.
_FIRST: Final = 100
_EVERY_US: Final = 26_000_000
# Of a call of three minutes, both sides, with a sender report of each every five seconds.
_PACKETS: Final = 9_000
_PACKET_US: Final = 20_000
_REPORTED: Final = 250


def _cpu_us(work: Callable[[], None]) -> float:
    begun_ns = time.process_time_ns()
    work()
    return (time.process_time_ns() - begun_ns) / _NS_PER_US


def commit_us(recordings: int) -> float:
    """CPU of one part's rows, committed by itself; its journal entry and legal holds included."""
    calls = list(archived_calls(_FIRST + recordings, seed=1, every_us=_EVERY_US))
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:  # no disk is measured
        url = catalog_url(Path(folder) / "catalog.db")
        upgrade(url)
        engine = open_engine(url)
        writer = CatalogWriter(engine, lambda: time.time_ns() // _NS_PER_US)

        def commit() -> None:
            for each in calls[_FIRST:]:
                writer.commit([each])

        for each in calls[:_FIRST]:
            writer.commit([each])
        spent_us = _cpu_us(commit)
        engine.dispose()
    return spent_us / len(calls[_FIRST:])


def read_us(times: int) -> float:
    """CPU per packet of a part opened, counted and mapped."""
    with tempfile.TemporaryDirectory() as folder:
        content = _part(Path(folder))

    def read() -> None:
        for _ in range(times):
            with PartReader(MemorySource(content), KEY) as reader:
                read_account(reader, bytes(32))[0].check()

    read()
    return _cpu_us(read) / (times * 2 * _PACKETS)


def _part(folder: Path) -> bytes:
    talks = [Talk(stream=each, packets=_PACKETS, ssrc=1 + each, seed=each) for each in range(2)]
    ends_us = START_US + _PACKETS * _PACKET_US
    clocks_us = range(START_US, ends_us, _REPORTED * _PACKET_US)
    reports = [talk.report(at_us=us, clock_us=us) for talk in talks for us in clocks_us]
    packets = [packet for talk in talks for packet in talk.sent()]
    sides = (party(0, "customer"), party(1, "agent"))
    told: list[Event] = [added(0), added(1), *sides, ended(ends_us)]
    shelf = Shelf(folder=folder)
    shelf.write([*packets, *reports], told)
    return shelf.parts[0].path.read_bytes()
