"""Which recordings are of one conversation."""

import dataclasses
import hashlib
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import Engine, select

from archive.call.adoption import Adoption
from archive.call.events import (
    CallIdKind,
    CallIdKnown,
    CallOpened,
    CommunicationSessionKnown,
    Event,
)
from archive.catalog.access.grants import ReadGrant
from archive.catalog.database.engine import reading
from archive.catalog.index.conversations import NEAR_US, named_by
from archive.catalog.search.calls import read_call
from archive.catalog.tables.catalog import conversation, recording
from archive.ids import ConversationId
from tests.archive.catalog.examples import (
    MINUTE_US,
    STARTED_US,
    adopt,
    adoption,
    inbound,
    new_catalog,
    of_group,
    recording_id,
)
from tests.archive.catalog.rebuilding import rebuild
from tests.support.catalog.calls import granted
from tests.support.catalog.joining import Ids, conversations, told


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return new_catalog(tmp_path)


def test_recordings_of_one_group_are_one_conversation(engine: Engine) -> None:
    """A transfer makes a second recording of the same call."""
    for number in (1, 2):
        adopt(engine, adoption(number, (*inbound(), of_group("group-1"))))
    adopt(engine, adoption(3))
    one, two, other = conversations(engine)

    assert one == two
    assert other == recording_id(3).raw


@pytest.mark.parametrize(
    "kind", ["cisco_reference", "gcid", "ucid", "cisco_guid", "genesys_uuid", "icid"]
)
def test_dialogs_about_one_call_meet_by_a_vendors_id(engine: Engine, kind: CallIdKind) -> None:
    """Cisco's near end and far end; two recorders of one call."""
    for number in (1, 2):
        adopt(engine, adoption(number, told(((kind, "26"),))))
    adopt(engine, adoption(3, told(((kind, "27"),))))
    one, two, other = conversations(engine)

    assert one == two != other


def test_any_id_that_is_shared_joins(engine: Engine) -> None:
    """One end names its reference and the call, the other the call alone."""
    adopt(engine, adoption(1, told((("cisco_reference", "26"), ("cisco_guid", "a")))))
    adopt(engine, adoption(2, told((("cisco_guid", "a"),))))

    assert len(set(conversations(engine))) == 1


def test_a_late_link_makes_two_conversations_one(engine: Engine) -> None:
    """A third dialog names ids of both: all three are about one call."""
    adopt(engine, adoption(1, told((("ucid", "u"),))))
    adopt(engine, adoption(2, told((("cisco_reference", "26"),))))
    before = set(conversations(engine))
    adopt(engine, adoption(3, told((("ucid", "u"), ("cisco_reference", "26")))))

    assert len(before) == 2
    assert len(set(conversations(engine))) == 1
    assert set(conversations(engine)) < before


def test_the_names_of_conversations_that_became_one_still_answer(engine: Engine) -> None:
    """Somebody has one of them in a letter, or in the journal."""
    adopt(engine, adoption(1, told((("ucid", "u"),))))
    adopt(engine, adoption(2, told((("cisco_reference", "26"),))))
    before = set(conversations(engine))
    adopt(engine, adoption(3, told((("ucid", "u"), ("cisco_reference", "26")))))

    for name in before:
        target = ConversationId(name)
        with reading(engine) as connection:
            found = read_call(connection, target, granted(engine, ReadGrant, target))
        assert [each.recording for each in found] == [recording_id(number) for number in (1, 2, 3)]


def test_the_names_still_answer_when_the_index_is_built_anew(engine: Engine) -> None:
    """A name follows from the ids of a recording, not from the order in which they came."""
    parts = [
        adoption(1, told((("ucid", "u"),))),
        adoption(2, told((("cisco_reference", "26"),))),
        adoption(3, told((("ucid", "u"), ("cisco_reference", "26")))),
    ]
    adopt(engine, *parts)
    names = {named_by(("ucid", "u"), "sbc-tokyo"), named_by(("cisco_reference", "26"), "sbc-tokyo")}

    rebuild(engine, parts)

    for name in names:
        with reading(engine) as connection:
            found = read_call(connection, name, granted(engine, ReadGrant, name))
        assert len(found) == 3


@pytest.mark.parametrize(
    "ids",
    [
        ((("broadworks_tracking", "77:1"),), (("broadworks_tracking", "77:2"),)),
        ((("call_id", "callhalf-9:0"),), (("call_id", "callhalf-9:1"),)),
    ],
)
def test_dialogs_that_share_a_half_call_or_a_tracking_id_are_one_call(
    engine: Engine, ids: tuple[Ids, Ids]
) -> None:
    """BroadWorks numbers the dialogs of a call behind a colon, and each has a group of its own."""
    for number, own in enumerate(ids, 1):
        adopt(engine, adoption(number, (*told(own), of_group(f"group {number}"))))

    assert len(set(conversations(engine))) == 1


def in_two_parts(number: int, first: Event, second: Event) -> tuple[Adoption, Adoption]:
    """A recording of which one thing is told at first and another one later."""
    *began, over = inbound()
    return (
        adoption(number, (*began, first), part=0, is_last=False),
        adoption(number, (*began, first, second, over), part=1),
    )


def by_vendor(kind: CallIdKind, value: str) -> Event:
    return CallIdKnown(at_us=STARTED_US, kind=kind, value=value)


@pytest.mark.parametrize(
    ("first", "second", "other"),
    [
        (by_vendor("ucid", "1"), by_vendor("ucid", "2"), by_vendor("ucid", "2")),
        (
            by_vendor("call_id", "callhalf-1:0"),
            by_vendor("call_id", "callhalf-2:0"),
            by_vendor("call_id", "callhalf-2:1"),
        ),
        (of_group("1"), of_group("2"), of_group("2")),
        (of_group("1"), of_group("2"), of_group("1")),
    ],
)
def test_a_second_id_of_the_same_kind_is_a_late_link_too(
    engine: Engine, first: Event, second: Event, other: Event
) -> None:
    """A transfer brings the ids of the other call, when that one is over and archived.

    Whether they meet is not a matter of who was archived first.
    """
    before, after = in_two_parts(1, first, second)
    adopt(engine, before, adoption(2, (*inbound(), other)), after)

    assert len(set(conversations(engine))) == 1


def test_a_recording_that_is_alone_again_leads_to_itself(engine: Engine) -> None:
    """Its group turns out to be one whose name a call of another day has."""
    past_us = STARTED_US - 2 * NEAR_US
    before, after = in_two_parts(1, of_group("1"), of_group("2"))
    adopt(engine, adoption(2, (*told((), past_us), of_group("2", past_us))), before, after)

    with reading(engine) as connection:
        home = select(conversation.c.merged_into).join(
            recording, recording.c.conversation == conversation.c.row
        )
        assert list(connection.scalars(home)) == [None, None]


def test_a_late_link_joins_no_call_of_another_day(engine: Engine) -> None:
    """An id that came round again names a stranger: he is left where he is."""
    later_us = STARTED_US + NEAR_US + 20 * MINUTE_US
    reused: Ids = (("cisco_reference", "26"),)
    adopt(engine, adoption(1, told(reused, STARTED_US)))
    adopt(engine, adoption(2, told(reused, later_us)))
    adopt(engine, adoption(3, told((("ucid", "u"),), later_us)))
    adopt(engine, adoption(4, told((*reused, ("ucid", "u")), later_us)))
    stranger, *same = conversations(engine)

    assert len(set(same)) == 1
    assert stranger not in same


def test_an_id_that_comes_round_again_is_another_call(engine: Engine) -> None:
    """Each later one keeps together by itself as well."""
    ids: Ids = (("cisco_reference", "26"),)
    later_us = STARTED_US + NEAR_US + 20 * MINUTE_US
    for number, at_us in ((1, STARTED_US), (2, later_us), (3, later_us), (4, STARTED_US)):
        adopt(engine, adoption(number, told(ids, at_us)))
    first, second, third, fourth = conversations(engine)

    assert first == fourth != second
    assert second == third


def test_what_a_source_names_is_only_a_name_among_its_own(engine: Engine) -> None:
    """Nobody can name a way into another source's conversation."""
    for number, source in ((1, "a"), (2, "b")):
        adopt(engine, adoption(number, told((("ucid", "u"),), source=source)))

    assert len(set(conversations(engine))) == 2


def test_calls_that_we_have_joined_are_one_conversation_whoever_sent_them(engine: Engine) -> None:
    """A transfer from a trunk's call to one of the PBX."""
    for number, source in ((1, "a"), (2, "b")):
        adopt(engine, adoption(number, told((("joined_call", "u"),), source=source)))

    assert len(set(conversations(engine))) == 1


def test_no_source_can_name_a_way_into_calls_that_we_have_joined(engine: Engine) -> None:
    """Our name of a call is told to its parties; under any other kind it is one source's own."""
    adopt(engine, adoption(1, told((("joined_call", "u"),), source="a")))
    adopt(engine, adoption(2, (*told((), source="b"), of_group("u"))))
    adopt(engine, adoption(3, told((("ucid", "u"),), source="b")))

    assert len(set(conversations(engine))) == 3


def test_our_own_name_comes_before_what_a_source_says(engine: Engine) -> None:
    """Two calls of one source with different ids of its are joined all the same."""
    adopt(engine, adoption(1, told((("ucid", "1"), ("joined_call", "u")))))
    adopt(engine, adoption(2, told((("ucid", "1"),))))
    adopt(engine, adoption(3, told((("ucid", "2"), ("joined_call", "u")))))

    assert len(set(conversations(engine))) == 1


def test_two_keepers_name_a_conversation_alike(tmp_path: Path) -> None:
    """Whichever recording they see first."""
    found = []
    for order in ((1, 2), (2, 1)):
        folder = tmp_path / str(order[0])
        folder.mkdir()
        engine = new_catalog(folder)
        adopt(engine, *(adoption(number, told((("ucid", "u"),))) for number in order))
        found.append(set(conversations(engine)))

    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("join", "named"),
    [(("group", "g"), "g"), (("communication_session", "c"), "c"), (("ucid", "u"), "ucid u")],
)
def test_a_conversation_keeps_its_name_when_the_index_is_built_anew(
    join: tuple[str, str], named: str
) -> None:
    """Its id stands in links and in the journal."""
    told = b"rokuon conversation 1\x009\x00sbc-tokyo" + named.encode()

    assert named_by(join, "sbc-tokyo").raw == hashlib.sha256(told).digest()[:16]


def test_the_name_of_joined_calls_is_of_no_source() -> None:
    """Two keepers that see one of them each name the conversation alike."""
    join = ("joined_call", "u")

    assert named_by(join, "a") == named_by(join, "b") != named_by(("ucid", "u"), "a")


def end_of_call(
    number: int,
    *,
    at_us: int = STARTED_US,
    length_us: int = MINUTE_US,
    agent: str = "sip:2001@pbx",
    source: str = "sbc-tokyo",
    other: str = "sip:2000@pbx",
) -> Adoption:
    """A recording by a session of its own, of a call between 2000 and somebody."""
    events = inbound(at_us, length_us, customer=other, agent=agent)
    told = (
        replace(each, call_id=f"session-{number}", source=source)
        if isinstance(each, CallOpened)
        else each
        for each in events
    )
    return adoption(number, tuple(told))


def inferred(engine: Engine) -> list[bool]:
    """Whether each recording says that its call is inferred, in the order of their ids."""
    with reading(engine) as connection:
        flags = connection.scalars(select(recording.c.flags).order_by(recording.c.id))
        return ["call_inferred" in each for each in flags]


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_two_ends_of_one_call_without_an_id_are_one_and_say_that_it_is_inferred(
    engine: Engine, order: tuple[int, int]
) -> None:
    """Whichever comes first, and again from the archive alone; the older one names the call."""
    ends = {1: end_of_call(1), 2: end_of_call(2, at_us=STARTED_US + 1_500_000)}
    adopt(engine, *(ends[each] for each in order))
    before = conversations(engine)
    rebuild(engine, [ends[each] for each in order])

    assert set(before) == set(conversations(engine)) == {ends[1].part_name.recording.raw}
    assert inferred(engine) == [True, True]


def test_calls_of_other_moments_parties_sources_and_of_the_same_session_stay_apart(
    engine: Engine,
) -> None:
    """Three seconds later it is another call; a customer of one source is nobody of another's."""
    adopt(
        engine,
        end_of_call(1),
        end_of_call(2, at_us=STARTED_US + 3_000_000),
        end_of_call(3, agent="sip:2002@pbx"),
        end_of_call(4, source="other"),
    )
    same = (replace_call_id(end_of_call(number), "session-1") for number in (5,))
    adopt(engine, *same)

    assert len(set(conversations(engine))) == 5
    assert inferred(engine) == [False] * 5


def test_two_at_once_from_one_number_outside_are_two_calls(engine: Engine) -> None:
    """A company calls with its main number, whoever picks up the telephone there."""
    company = "sip:+81312345678@carrier"
    adopt(engine, end_of_call(1, other=company), end_of_call(2, other=company))

    assert len(set(conversations(engine))) == 2
    assert inferred(engine) == [False, False]


def replace_call_id(end: Adoption, call_id: str) -> Adoption:
    """It in another recording session."""
    events = tuple(
        (serial, replace(each, call_id=call_id) if isinstance(each, CallOpened) else each)
        for serial, each in end.events
    )
    return dataclasses.replace(end, events=events)


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_a_second_try_after_a_short_call_is_a_call_of_its_own(
    engine: Engine, order: tuple[int, int]
) -> None:
    """Two ends of one call are up together."""
    calls = {
        1: end_of_call(1, length_us=1_000_000),
        2: end_of_call(2, at_us=STARTED_US + 1_500_000),
    }
    adopt(engine, *(calls[each] for each in order))

    assert inferred(engine) == [False, False]


def test_of_three_at_once_nobody_knows_which_two_are_one(engine: Engine) -> None:
    """What was inferred of two is taken back when the third comes."""
    adopt(engine, end_of_call(1), end_of_call(2))
    assert inferred(engine) == [True, True]
    adopt(engine, end_of_call(3))

    assert len(set(conversations(engine))) == 3
    assert inferred(engine) == [False] * 3


def test_both_ids_of_a_session_told_from_either_end_are_one_call(engine: Engine) -> None:
    """Each recorder names its own end first; one that knows no other end names no pair."""
    one, other, nil = "a" * 32, "b" * 32, "0" * 32
    for number, text in enumerate(
        (f"{one};remote={other}", f"{other};remote={one}", f"{one};remote={nil}")
    ):
        known = CommunicationSessionKnown(
            at_us=STARTED_US, communication_session=f"c-{number}", sip_session_ids=(text,)
        )
        adopt(engine, adoption(number, (*inbound(), known)))
    first, second, third = conversations(engine)

    assert first == second != third
