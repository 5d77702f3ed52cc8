"""Which recordings are meant by an id, and may be had: those that an entry about it names."""

from pathlib import Path

from archive.access.reach import WHOLE_TENANT
from archive.call.adoption import Adoption
from archive.catalog.access.grants import Ask, ListenGrant, ReadGrant, TraceGrant, grant
from archive.catalog.access.served_recordings import served
from archive.catalog.database.engine import reading
from archive.catalog.search.calls import stored
from archive.ids import DEFAULT_TENANT, ConversationId, PageId, RecordingId
from tests.archive.catalog.examples import (
    OTHER_TENANT,
    access,
    adopt,
    adoption,
    inbound,
    new_catalog,
    of_group,
    recording_id,
)

CALL = ConversationId(recording_id(1).raw)


def of_the_call(number: int) -> Adoption:
    return adoption(number, (*inbound(), of_group("g")))


def test_an_entry_about_a_call_names_the_recordings_that_it_has(tmp_path: Path) -> None:
    """Neither those of another call nor those of another tenant."""
    engine = new_catalog(tmp_path)
    adopt(engine, of_the_call(1), of_the_call(2), adoption(3), adoption(4, tenant=OTHER_TENANT))

    granted = grant(engine, ListenGrant, Ask(access=access(), target=CALL))
    with reading(engine) as connection:
        ours = served(connection, DEFAULT_TENANT, WHOLE_TENANT, CALL)
        theirs = served(connection, OTHER_TENANT, WHOLE_TENANT, CALL)
    assert granted.line.entry.shown == ours == (recording_id(1), recording_id(2))
    assert theirs == ()


def test_what_joins_a_call_later_is_not_served_under_an_earlier_entry(tmp_path: Path) -> None:
    """The key daemon would refuse its key: the entry does not name it. Who reads sees it."""
    engine = new_catalog(tmp_path)
    adopt(engine, of_the_call(1))
    listening, looking = (
        grant(engine, kind, Ask(access=access(), target=CALL)) for kind in (ListenGrant, ReadGrant)
    )
    adopt(engine, of_the_call(2))

    with reading(engine) as connection:
        heard, seen = (stored(connection, CALL, each) for each in (listening, looking))
    assert [each.found.recording for each in heard] == [recording_id(1)]
    assert [each.found.recording for each in seen] == [recording_id(1), recording_id(2)]


def test_an_entry_about_a_recording_or_a_page_names_it_whatever_the_index_has(
    tmp_path: Path,
) -> None:
    """An index that is being made anew has nothing. An entry that opens nothing names nothing."""
    engine = new_catalog(tmp_path)
    page = PageId(b"p" * 16)

    asked = ((ListenGrant, recording_id()), (TraceGrant, page), (ReadGrant, recording_id()))
    lines = [grant(engine, kind, Ask(access=access(), target=own)).line for kind, own in asked]

    named = [line.entry.shown for line in lines]
    assert named == [(recording_id(),), (RecordingId(page.raw),), ()]
    assert [len(line.opening) for line in lines] == [16, 16, 0]
