"""What the index has of recordings, held against the events of their parts."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from archive.call.events import CallEnded, Event
from archive.catalog.tables.stored_events import stored_body
from archive.verification.events import MAX_NAMED, ToldEvents, event_differences
from tests.archive.verification.evidence import Evidence, make
from tests.archive.verification.index_tampering import INDEX_WAYS
from tests.rokuon.installation import events, installation


@pytest.fixture(scope="module")
def evidence() -> Iterator[Evidence]:
    with installation() as made:
        yield make(made)


def stored(told: list[Event]) -> dict[int, bytes]:
    """As the index has them."""
    bodies = {serial: stored_body(each) for serial, each in enumerate(told)}
    return {serial: body for serial, body in bodies.items() if body}


def test_whatever_is_falsified_beside_the_parts_rows_is_found_and_named(evidence: Evidence) -> None:
    """Everything that a search, a page or a policy goes by; all at once, for each costs a run."""
    for way in INDEX_WAYS.values():
        way.act(evidence)

    code, said = evidence.verify()

    told = {(row["part"], row["fault"]): row["said"] for row in said["findings"]}
    unfound = []
    for name, way in INDEX_WAYS.items():
        own = str(evidence.parts[way.part].header.recording)
        if way.named not in told.get((own, way.fault), "").partition(": ")[2].split(", "):
            unfound.append(name)
    assert unfound == []
    assert code == 3


def test_events_that_all_parts_repeat_alike_are_those_of_the_index() -> None:
    """A further part begins with what came before it."""
    told = ToldEvents()
    told.add(enumerate(events()))
    told.add(enumerate(events()))

    assert list(event_differences(told, stored(events()), all_read=True)) == []


def test_what_no_part_has_is_told_where_all_were_read() -> None:
    """Of what a lost part had nothing can be said."""
    told = ToldEvents()
    told.add(enumerate(events()[:-1]))
    last = len(events()) - 1

    assert list(event_differences(told, stored(events()), all_read=True)) == [str(last)]
    assert list(event_differences(told, stored(events()), all_read=False)) == []


def test_what_differs_or_is_missing_is_told_although_a_part_is_lost() -> None:
    """What the parts that are left tell is enough."""
    told = ToldEvents()
    told.add(enumerate(events()))
    late = [replace(each, at_us=each.at_us + 1) for each in events()[:1]]

    found = list(event_differences(told, stored(late), all_read=False))

    assert found == [str(serial) for serial in range(len(events()))]


def test_more_than_fit_into_a_line_are_counted() -> None:
    """None is passed over in silence."""
    told = ToldEvents()
    told.add((serial, CallEnded(at_us=1, reason="bye")) for serial in range(MAX_NAMED + 3))

    assert list(event_differences(told, {}, all_read=True))[-1] == "+3"
