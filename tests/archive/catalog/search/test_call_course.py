"""Who came and went in a call, as the index tells it."""

from pathlib import Path

from archive.call.adoption import StreamGap, StreamReplay
from archive.call.events import Flagged, ParticipantChanged, RouteTaken
from archive.catalog.access.grants import Ask, ReadGrant, grant
from archive.catalog.database.engine import reading
from archive.catalog.search.call_course import read_course
from tests.archive.catalog.examples import (
    MINUTE_US,
    STARTED_US,
    access,
    adopt,
    adoption,
    inbound,
    inline,
    new_catalog,
    notice_played,
    notice_reported,
    recording_id,
    unread,
    with_streams,
)


def test_the_changes_of_a_recording_are_its_own_and_in_their_order(tmp_path: Path) -> None:
    """Another call at the same time has others."""
    joined = ParticipantChanged(at_us=STARTED_US, what="joined", participant="a", aor="sip:2001@x")
    left = ParticipantChanged(at_us=STARTED_US + MINUTE_US, what="left", participant="a")
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1, (*inbound(), joined, left)), adoption(2, (*inbound(), left)))
    granted = grant(engine, ReadGrant, Ask(access=access(), target=recording_id(1)))

    with reading(engine) as connection:
        (course,) = read_course(connection, recording_id(1), granted)

    assert course.found.recording == recording_id(1)
    assert course.changes == (joined, left)


def test_the_route_of_an_inline_call_and_its_marks_are_told(tmp_path: Path) -> None:
    """A recording session took none."""
    taken = RouteTaken(
        at_us=STARTED_US, route="support", target="pbx", mode="yes", queue="q1", tags=("gold",)
    )
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1, (*inbound(), taken)), adoption(2, inbound()))

    for number, expected in ((1, taken), (2, None)):
        granted = grant(engine, ReadGrant, Ask(access=access(), target=recording_id(number)))
        with reading(engine) as connection:
            (course,) = read_course(connection, recording_id(number), granted)
        assert course.routed.taken == expected


def test_what_a_party_was_told_and_said_of_it_is_told(tmp_path: Path) -> None:
    """Of a recording that exists as of a new one: from its events."""
    engine = new_catalog(tmp_path)
    sent, word = notice_played(), notice_reported(100)
    adopt(engine, adoption(1, inline(sent, word)))
    granted = grant(engine, ReadGrant, Ask(access=access(), target=recording_id(1)))
    with reading(engine) as connection:
        (course,) = read_course(connection, recording_id(1), granted)

    assert [(each.sent, each.word, each.outcome) for each in course.notices] == [
        (sent, word, "unheard")
    ]
    assert course.found.flags == ("notice_unheard",)


def test_codecs_that_nobody_agreed_on_and_who_else_sends_are_named_once(tmp_path: Path) -> None:
    """By the flags of each stream; other flags name none."""
    engine = new_catalog(tmp_path)
    strays = [
        Flagged(at_us=STARTED_US + n, flag="wrong_codec", detail=codec)
        for n, codec in enumerate(("G721", "G721", "GSM"))
    ]
    other = Flagged(at_us=STARTED_US, flag="no_bye", detail="x")
    elsewhere = Flagged(at_us=STARTED_US, flag="other_sender", detail="192.0.2.9 4002")
    adopt(engine, adoption(1, (*inbound(), *strays, other, elsewhere, elsewhere)))
    granted = grant(engine, ReadGrant, Ask(access=access(), target=recording_id(1)))
    with reading(engine) as connection:
        (course,) = read_course(connection, recording_id(1), granted)

    assert course.oddities.strays == ("G721", "GSM")
    assert course.oddities.senders == ("192.0.2.9 4002",)
    assert course.found.flags == ("no_bye", "other_sender", "wrong_codec")


def test_gaps_are_told_with_their_speaker_or_as_not_known(tmp_path: Path) -> None:
    """A part that cannot be read says nothing, also not that nothing is missing."""
    loss = StreamGap(1, STARTED_US + 5, STARTED_US + 25, 1, 20, "lost")
    engine = new_catalog(tmp_path)
    adopt(engine, with_streams(adoption(1), gaps=(loss,)), adoption(2))
    unread(engine, recording_id(2))

    gaps = []
    for number in (1, 2):
        granted = grant(engine, ReadGrant, Ask(access=access(), target=recording_id(number)))
        with reading(engine) as connection:
            (course,) = read_course(connection, recording_id(number), granted)
        gaps.append(course.gaps)

    known, unknown = gaps
    assert known is not None
    assert [(each.because, each.packets, each.from_us) for each in known] == [
        ("lost", 1, STARTED_US + 5)
    ]
    assert known[0].participant
    assert unknown is None


def test_what_came_a_second_time_is_a_flag_and_told_with_its_speaker(tmp_path: Path) -> None:
    """Who hears a call must know that somebody sent its packets again."""
    again = StreamReplay(1, STARTED_US + 5, STARTED_US + 25, 40)
    engine = new_catalog(tmp_path)
    adopt(engine, with_streams(adoption(1), replays=(again,)), adoption(2))

    found = []
    for number in (1, 2):
        granted = grant(engine, ReadGrant, Ask(access=access(), target=recording_id(number)))
        with reading(engine) as connection:
            found += read_course(connection, recording_id(number), granted)

    told, plain = found
    (known,) = told.replays
    assert (known.stream, known.packets, known.from_us) == (1, 40, STARTED_US + 5)
    assert known.participant
    assert "media_replayed" in told.found.flags
    assert (plain.replays, "media_replayed" in plain.found.flags) == ((), False)
