"""What hangs on a recording beside its legs is written anew with each part."""

from pathlib import Path

from sqlalchemy import select

from archive.call.events import CallIdKnown, Tolerated
from archive.call.mentions import READ_FORM, Mention, Mentioned
from archive.catalog.database.engine import reading
from archive.catalog.tables.catalog import call_id, mention, recording, told_id, tolerance
from tests.archive.catalog.examples import STARTED_US, adopt, adoption, inbound, new_catalog

UCID = CallIdKnown(at_us=STARTED_US, kind="ucid", value="00025000160955721139")
ODD = Tolerated(at_us=STARTED_US, code="TOL-001")


def test_a_part_that_comes_later_changes_the_rows_and_doubles_none(tmp_path: Path) -> None:
    """Its events are more, or the same again."""
    engine = new_catalog(tmp_path)
    first = adoption(1, inbound(), is_last=False)
    second = adoption(1, (*inbound(), UCID, ODD), part=1)
    adopt(engine, first, second)
    with reading(engine) as connection:
        ids = connection.execute(select(call_id.c.kind, told_id)).all()
        codes = connection.scalars(select(tolerance.c.code)).all()

    assert sorted(map(tuple, ids)) == [
        ("recording_session", "call-id"), ("ucid", "00025000160955721139"),
    ]  # fmt: skip
    assert list(codes) == ["TOL-001"]


def test_an_id_is_kept_twice_only_where_it_is_not_folded_as_it_is(tmp_path: Path) -> None:
    """A call has five, thirty characters each; few have capitals, which are another's id."""
    told = [CallIdKnown(at_us=STARTED_US, kind="ucid", value=each) for each in ("00F1", "00f1")]
    adopt(engine := new_catalog(tmp_path), adoption(1, (*inbound(), *told)))
    with reading(engine) as connection:
        wanted = select(call_id.c.value, call_id.c.folded, told_id)
        rows = connection.execute(wanted.where(call_id.c.kind == "ucid")).all()

    assert sorted(map(tuple, rows)) == [("", "00f1", "00f1"), ("00F1", "00f1", "00F1")]


def test_what_is_mentioned_is_a_row_for_each_way_to_find_it(tmp_path: Path) -> None:
    """A number by its digits from the end, a name by its words, a queue by all of it."""
    queue = Mention(told_as="queue", address="sip:81007@pbx.example", name="Sales North")
    caller = Mention(told_as="caller", address="0312345678")
    told = Mentioned(at_us=STARTED_US, mentions=(queue, caller, queue), by="headers")
    first, *others = inbound()
    adopt(engine := new_catalog(tmp_path), adoption(1, (first, told, *others)))
    with reading(engine) as connection:
        rows = connection.execute(
            select(mention.c.nth, mention.c.kind, mention.c.told_as, mention.c.folded)
        ).all()
        form = connection.scalar(select(recording.c.read_form))

    assert sorted(map(tuple, rows)) == [
        (0, "name", "queue", "north"),
        (0, "name", "queue", "sales"),
        (0, "name", "queue", "salesnorth"),
        (0, "number", "queue", "70018"),
        (0, "queue", "queue", "sales north"),
        (1, "number", "caller", "+81312345678"[:0:-1]),
    ]
    assert form == READ_FORM


def test_a_recording_of_before_was_never_read_for_it(tmp_path: Path) -> None:
    """A search says how many of these there are."""
    adopt(engine := new_catalog(tmp_path), adoption(1, inbound()))
    with reading(engine) as connection:
        assert connection.scalar(select(recording.c.read_form)) == 0
