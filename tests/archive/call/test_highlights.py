"""What of a call one jumps to."""

from archive.call.events import (
    NoticePlayed,
    ParticipantChanged,
    PartiesJoined,
    RecordingPaused,
    StreamAdded,
    StreamChanged,
)
from archive.call.highlights import highlights_in
from archive.call.other_sounds import OtherSound


def test_comings_notices_holds_and_pauses_stand_in_one_order() -> None:
    """Each with its end, where it has one; what lasts ends with the call."""
    events = [
        StreamAdded(
            at_us=0, stream=0, label="", local_port=1, formats=(), direction="recvonly"
        ),
        ParticipantChanged(at_us=10, what="joined", participant="a"),
        NoticePlayed(
            at_us=25, to="caller", prompt="p", language="ja", wording_sha256="", wording="",
            outcome="cut_short", stream=2, from_us=20, until_us=25, packets=1, sent_ms=1,
            whole_ms=2,
        ),
        RecordingPaused(at_us=30, serial=0, by="yamada", reason="card"),
        StreamChanged(at_us=40, stream=0, formats=(), direction="inactive"),
        ParticipantChanged(at_us=50, what="held", participant="a"),
        ParticipantChanged(at_us=60, what="transferred", participant="b"),
        ParticipantChanged(at_us=70, what="left", participant="a"),
    ]  # fmt: skip

    found = [
        (each.kind, each.from_us, each.until_us, each.who, each.detail)
        for each in highlights_in(events, 90)
    ]
    assert found == [
        ("joined", 10, 10, "a", ""),
        ("notice", 20, 25, "caller", "cut_short"),
        ("pause", 30, 90, "yamada", "card"),
        ("hold", 40, 90, "", ""),
        ("hold", 50, 70, "a", ""),
        ("transferred", 60, 60, "b", ""),
        ("left", 70, 70, "a", ""),
    ]


def test_what_is_no_partys_voice_is_jumped_to_as_what_it_is() -> None:
    """By whose place it is in."""
    sounds = [
        OtherSound(from_us=a, until_us=b, kind=kind, stream=1, participant="a")
        for kind, a, b in (("early_media", 10, 20), ("hold_music", 40, 50))
    ]
    found = highlights_in([PartiesJoined(at_us=30)], 90, others=sounds)

    assert [(each.kind, each.from_us, each.until_us, each.who) for each in found] == [
        ("early_media", 10, 20, "a"),
        ("hold_music", 40, 50, "a"),
    ]


def test_a_notice_that_never_left_has_no_place() -> None:
    """It is told of among the notices."""
    never = NoticePlayed(
        at_us=25, to="caller", prompt="p", language="ja", wording_sha256="", wording="",
        outcome="failed", stream=2, from_us=0, until_us=0, packets=0, sent_ms=0, whole_ms=2,
    )  # fmt: skip

    assert highlights_in([never], 90) == ()
