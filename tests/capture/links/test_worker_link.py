"""Signalling's side of the socket to the ingest workers."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from capture.links.recorder_messages import Close, Closed, Everything, PartBegins
from tests.support.capture.link import Office, a_record


def a_close(name: bytes = b"one") -> Close:
    """Its end."""
    return Close(recording=name, reason="bye", at_us=2)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    made = Office(tmp_path / "recorder.sock")
    await made.link.open()
    yield made
    made.link.close()


async def test_a_worker_hears_records_then_that_this_is_all_then_the_ends(office: Office) -> None:
    """What landed of a call that is not named belongs to nobody; what has ended is still named."""
    office.commands[1] = [a_close(b"one"), a_record(b"one"), a_record(b"two")]
    worker = await office.worker(1)

    assert await worker.hear(4) == [a_record(b"one"), a_record(b"two"), Everything(), a_close()]


async def test_a_worker_is_told_what_happens(office: Office) -> None:
    """In the order in which it is said."""
    worker = await office.worker(0)
    await worker.hear(1)
    office.link.tell(0, a_record())
    office.link.tell(0, a_close())

    assert await worker.hear(2) == [a_record(), a_close()]


async def test_an_event_crosses_a_connection_once(office: Office) -> None:
    """A call that changes all day would send its megabytes again at each change."""
    office.commands[0] = [a_record(b"one", range(2))]
    worker = await office.worker(0)
    assert await worker.hear(2) == [a_record(b"one", range(2)), Everything()]
    office.link.tell(0, a_record(b"one", range(5)))
    office.link.tell(0, a_record(b"two", range(1)))
    office.link.tell(0, a_record(b"one", range(5)))

    assert await worker.hear(3) == [
        a_record(b"one", range(2, 5)),
        a_record(b"two", range(1)),
        a_record(b"one"),
    ]


async def test_whoever_connects_hears_every_event(office: Office) -> None:
    """A successor knows none, and what was on its way to a broken connection may be lost."""
    office.commands[0] = [a_record(b"one", range(2))]
    first = await office.worker(0)
    await first.hear(2)
    office.link.tell(0, a_record(b"one", range(3)))
    office.commands[0] = [a_record(b"one", range(3))]
    second = await office.worker(0)

    assert await second.hear(2) == [a_record(b"one", range(3)), Everything()]


async def test_a_worker_that_comes_back_is_told_what_it_does_not_have(office: Office) -> None:
    """Everything again, each time, would keep both from their calls."""
    office.commands[0] = [a_record(b"one", range(4)), a_record(b"two", range(2))]
    worker = await office.worker(0, {b"one": 3})

    assert await worker.hear(3) == [
        a_record(b"one", range(3, 4)),
        a_record(b"two", range(2)),
        Everything(),
    ]


async def test_an_ended_recording_is_forgotten_by_the_link(office: Office) -> None:
    """Else it would remember every call that ever was."""
    worker = await office.worker(0)
    await worker.hear(1)
    office.link.tell(0, a_record(b"one", range(1)))
    office.link.tell(0, a_close())

    assert office.link._told == {0: {}}


async def test_what_is_said_to_a_worker_that_is_away_is_not_kept(office: Office) -> None:
    """He hears everything when he comes back, in the state of then."""
    office.link.tell(0, a_record())
    worker = await office.worker(0)

    assert await worker.hear(1) == [Everything()]


async def test_what_a_worker_says_is_passed_on(office: Office) -> None:
    """Part numbers and ends; commands are not his to give."""
    worker = await office.worker(0)
    worker.say(a_record(), PartBegins(recording=b"one", part=3), Closed(recording=b"one"))

    assert await office.next_heard() == PartBegins(recording=b"one", part=3)
    assert await office.next_heard() == Closed(recording=b"one")
