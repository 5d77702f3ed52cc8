"""Ids that come round again days later: a call of its own, found by them all the same."""

from pathlib import Path

import pytest

from archive.access.query import IdClue
from archive.call.events import CommunicationSessionKnown, decode_event
from archive.ids import RecordingId
from capture.links.recorder_messages import NumberedEvent
from tests.capture.siprec.stage import MIXED, SIPREC, Stage, described, request
from tests.matrix.index import Index

HOUR_S = 3_600.0


def called_at(begin_s: float) -> tuple[NumberedEvent, ...]:
    """The same session, byte for byte, at another time."""
    stage = Stage()
    stage.now_s = begin_s
    stage.peer(request(b"INVITE", SIPREC, MIXED, body=described())).inside(b"ACK", 1)
    stage.media().until(stage.now_s + 5).inside(b"BYE", 9)
    return tuple(stage.records()[-1].events)


@pytest.mark.parametrize(("hours", "calls"), [(1, 1), (11, 1), (13, 2), (72, 2), (24 * 30, 2)])
def test_ids_of_days_ago_join_nothing(tmp_path: Path, hours: int, calls: int) -> None:
    """A careless device counts its sessions from 1 after each start."""
    index = Index(tmp_path)
    recordings: list[RecordingId] = []
    for begin_s in (0.0, hours * HOUR_S):
        recordings.append(index.add(called_at(begin_s)))
    found = [index.course(each).found for each in recordings]

    assert len({each.conversation for each in found}) == calls


def test_each_of_them_is_found_by_the_id(tmp_path: Path) -> None:
    """In its own time."""
    index, later = Index(tmp_path), called_at(72 * HOUR_S)
    index.add(called_at(0.0))
    (known,) = {
        event.communication_session
        for event in (decode_event(each.payload) for each in later)
        if isinstance(event, CommunicationSessionKnown)
    }
    own = index.add(later)

    assert [each.recording for each in index.found(IdClue(known))] == [own]
