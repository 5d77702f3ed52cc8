"""What was corrected, as it is answered."""

from datetime import UTC, datetime

import pytest

from api.web.calls.amendments import CorrectionView, MarksView, corrections_shown, notes_shown
from archive.call.corrections import (
    ByParticipant,
    ByStream,
    Change,
    Correction,
    NoteWritten,
    QueueCorrected,
    SideCorrected,
)
from archive.catalog.search.call_course import Amended
from tests.archive.catalog.examples import STARTED_US

AT = datetime(2026, 10, 29, 8, 42, 10, tzinfo=UTC)


def written(change: Change, *was: str) -> Correction:
    return Correction(
        change=change, author="yamada", at_us=STARTED_US, reason="heard", was=was, journal=1
    )


@pytest.mark.parametrize(
    ("change", "participant", "stream", "value"),
    [
        (SideCorrected(whom=ByParticipant(participant="p"), side="agent"), "p", None, ["agent"]),
        (SideCorrected(whom=ByStream(stream=0), side="agent"), None, 0, ["agent"]),
        (QueueCorrected(queue=""), None, None, []),
    ],
)
def test_a_correction_says_whom_it_is_of_what_is_so_and_what_was(
    change: Change, participant: str | None, stream: int | None, value: list[str]
) -> None:
    """Both values, its author, its time and its reason."""
    shown = CorrectionView.show(written(change, "old"))

    assert (shown.participant, shown.stream) == (participant, stream)
    assert (shown.value, shown.was) == (value, ["old"])
    assert (shown.author, shown.at, shown.reason) == ("yamada", AT, "heard")


@pytest.mark.parametrize("is_guess", [True, False])
def test_a_correction_says_whether_the_side_that_was_there_was_a_guess(is_guess: bool) -> None:
    """ "Was the customer" is no fact then."""
    whom = ByParticipant(participant="p", side_guessed=is_guess)
    shown = CorrectionView.show(written(SideCorrected(whom=whom, side="agent"), "customer"))

    assert shown.side_guessed is is_guess
    assert not CorrectionView.show(written(QueueCorrected(queue=""))).side_guessed


def test_notes_are_read_apart_from_corrections() -> None:
    """A note puts nothing in the place of anything."""
    amended = Amended(
        corrections=(written(NoteWritten(text="a\nb")), written(QueueCorrected(queue="q")))
    )

    assert [each.kind for each in corrections_shown(amended, UTC)] == ["queue"]
    assert [(each.text, each.at) for each in notes_shown(amended, UTC)] == [("a\nb", AT)]


def test_marks_are_those_in_force_by_their_kinds() -> None:
    """What the route is called is no mark of the recording."""
    amended = Amended(marks=(("route", "r"), ("tag", "a"), ("tag", "b"), ("purpose", "quality")))

    assert MarksView.show(amended) == MarksView(
        queues=[], controllers=[], purposes=["quality"], tags=["a", "b"]
    )
