"""Partial documents laid over what is known."""

from datetime import UTC, datetime

from hypothesis import given

from capture.metadata.partial_update import merge
from capture.metadata.snapshot import (
    DataMode,
    MediaStream,
    MetadataSnapshot,
    NameId,
    Participant,
    ParticipantStreamAssociation,
)
from tests.capture.siprec.strategies import SNAPSHOTS
from tests.support.metadata import write_moment

CAME = write_moment(datetime(2026, 11, 25, 10, 0, tzinfo=UTC))
LEFT = write_moment(datetime(2026, 11, 25, 10, 5, tzinfo=UTC))
BACK = write_moment(datetime(2026, 11, 25, 10, 9, tzinfo=UTC))


def partial(**members: object) -> MetadataSnapshot:
    return MetadataSnapshot(data_mode=DataMode.PARTIAL, **members)  # type: ignore[arg-type]  # mixed


def speaking(**changes: object) -> ParticipantStreamAssociation:
    return ParticipantStreamAssociation(participant_id="p", **changes)  # type: ignore[arg-type]  # mixed


def after(*steps: ParticipantStreamAssociation) -> tuple[ParticipantStreamAssociation, ...]:
    known = MetadataSnapshot()
    for step in steps:
        known = merge(known, partial(participant_streams=(step,)))
    return known.participant_streams


@given(SNAPSHOTS, SNAPSHOTS)
def test_a_complete_document_replaces_what_was_known(
    previous: MetadataSnapshot, following: MetadataSnapshot
) -> None:
    """Whoever is not in it is not in the call any more."""
    if following.data_mode is DataMode.COMPLETE:
        assert merge(previous, following) == following
    else:
        assert merge(previous, following).data_mode is previous.data_mode


@given(SNAPSHOTS)
def test_an_empty_change_changes_nothing(known: MetadataSnapshot) -> None:
    """A partial document speaks only of what it names."""
    assert merge(known, partial()) == known


def test_a_change_adds_whom_it_names_and_keeps_the_others() -> None:
    """A transfer brings a third participant into a call of two."""
    alice = Participant(participant_id="a", name_ids=(NameId("sip:a@x"),))
    bob = Participant(participant_id="b", name_ids=(NameId("sip:b@x"),))
    moved = Participant(participant_id="a", name_ids=(NameId("sip:a@y"),))
    known = merge(MetadataSnapshot(participants=(alice,)), partial(participants=(bob,)))

    assert known.participants == (alice, bob)
    assert merge(known, partial(participants=(moved,))).participants == (moved, bob)


def test_what_a_change_leaves_out_stays() -> None:
    """A stream's new label does not take it out of its session."""
    stream = MediaStream(stream_id="s", session_id="c", label="1")
    known = merge(
        MetadataSnapshot(streams=(stream,)),
        partial(streams=(MediaStream(stream_id="s", label="2"),)),
    )

    assert known.streams == (MediaStream(stream_id="s", session_id="c", label="2"),)


def test_who_leaves_keeps_the_time_of_coming() -> None:
    """A peer may send the one time that is new."""
    (known,) = after(speaking(sends=("s",), associated_at=CAME), speaking(disassociated_at=LEFT))

    assert (known.sends, known.associated_at, known.disassociated_at) == (("s",), CAME, LEFT)


def test_who_comes_back_has_not_left() -> None:
    """After a hold the same participant speaks on the same stream again."""
    (known,) = after(
        speaking(sends=("s",), associated_at=CAME),
        speaking(disassociated_at=LEFT),
        speaking(associated_at=BACK),
    )

    assert (known.sends, known.associated_at, known.disassociated_at) == (("s",), BACK, None)


def test_who_only_hears_no_longer_speaks() -> None:
    """On hold a participant is associated with what is played, and sends nothing."""
    (known,) = after(speaking(sends=("s",), receives=("t",)), speaking(receives=("t",)))

    assert (known.sends, known.receives) == ((), ("t",))


def test_who_is_said_to_do_neither_does_neither() -> None:
    """An association that says nothing else; one that tells a time keeps its streams."""
    known = speaking(sends=("s",), receives=("r",))

    assert after(known, speaking()) == (speaking(),)
    assert after(known, speaking(disassociated_at=LEFT)) == (
        speaking(sends=("s",), receives=("r",), disassociated_at=LEFT),
    )


def test_repeated_associations_are_replaced_together() -> None:
    """Two spans of one participant in one change are two, not one laid over the other."""
    spans = (speaking(sends=("s",), disassociated_at=LEFT), speaking(sends=("t",)))
    known = MetadataSnapshot(participant_streams=(speaking(sends=("r",)),))

    assert merge(known, partial(participant_streams=spans)).participant_streams == spans
