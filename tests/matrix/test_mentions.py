"""Numbers and names that a client tells beside its participants: each finds its call by its role.

What was sent is read out of the bytes of the message by the expression of this test alone.
"""

import re
from pathlib import Path

import pytest

from archive.access.query import AgentClue, Clue, CustomerClue, MarkClue, PhoneClue
from archive.call.events import Mentioned, StreamPartyKnown, decode_event
from archive.call.mentions import ToldAs
from tests.capture.siprec.stage import METADATA, MIXED, SIPREC, Stage, described, request
from tests.matrix.index import Index
from tests.support.siprec.mentions import EXTENSION, HEADERS, NAMES, NUMBERS


def clue(told_as: ToldAs, name: str) -> Clue:
    """By what staff look for a name of this role."""
    if told_as == "queue":
        return MarkClue("queue", name)
    return AgentClue(name) if told_as == "agent" else CustomerClue(name)


@pytest.fixture(scope="module")
def message() -> bytes:
    """The INVITE of a client that tells everything."""
    headers = [(name.encode(), value.encode()) for name, value in HEADERS]
    metadata = METADATA.replace(b"</recording>", f"{EXTENSION}</recording>".encode())
    return request(b"INVITE", SIPREC, MIXED, *headers, body=described(metadata=metadata))


@pytest.fixture(scope="module")
def stage(message: bytes) -> Stage:
    """The call, and its end."""
    stage = Stage().peer(message).inside(b"ACK", 1)
    stage.media().until(stage.now_s + 5)
    return stage.inside(b"BYE", 9)


@pytest.fixture(scope="module")
def index(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Index:
    index = Index(tmp_path_factory.mktemp("mentions"))
    index.add(stage.records()[-1].events)
    return index


def test_every_number_finds_its_call_by_what_it_was_told_as(index: Index, message: bytes) -> None:
    """Of none of them anybody is a participant."""
    for told_as, number in NUMBERS:
        assert re.search(rb"(?<!\d)%s(?!\d)" % number.encode(), message), number
        assert index.found(PhoneClue.parse(number, "JP")), number
        assert index.found(PhoneClue.parse(number, "JP", told_as)), (told_as, number)


def test_a_number_is_not_found_as_what_it_was_not_told(index: Index) -> None:
    """A queue's number is no agent's."""
    assert not index.found(PhoneClue.parse("81007", "JP", "agent"))
    assert not index.found(PhoneClue.parse("0311110001", "JP", "called"))


def test_every_name_finds_its_call(index: Index, message: bytes) -> None:
    """As the clue that staff have for it."""
    for told_as, name in NAMES:
        assert re.search(name.encode(), message), name
        assert index.found(clue(told_as, name)), (told_as, name)
    assert index.found(AgentClue("Yui Ono"))  # who redirects is of either side


def test_words_of_two_names_are_not_one(index: Index) -> None:
    """Else half the archive is found by any two first names."""
    assert not index.found(CustomerClue("Aoi Maeda"))
    assert not index.found(AgentClue("Haruto Endo"))


def test_nobodys_side_or_streams_follow_from_what_is_told_beside(stage: Stage) -> None:
    """It is found and shown, and decides nothing."""
    events = [decode_event(each.payload) for each in stage.records()[-1].events]
    spoken = {each.aor for each in events if isinstance(each, StreamPartyKnown)}

    assert not any(number in aor for _, number in NUMBERS for aor in spoken)


def test_a_recording_says_by_its_second_event_that_it_was_read(tmp_path: Path) -> None:
    """Else nobody knows of which ones something may be missing."""
    stage = Stage().peer(request(b"INVITE", SIPREC, MIXED, body=described())).inside(b"ACK", 1)
    stage.media().until(stage.now_s + 5).inside(b"BYE", 9)
    events = [decode_event(each.payload) for each in stage.records()[-1].events]

    assert isinstance(events[1], Mentioned)
    assert [each.name for each in events[1].mentions] == ["Desk 7"]
    assert Index(tmp_path).add(stage.records()[-1].events)
