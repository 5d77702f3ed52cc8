"""What became of a notice, by what was sent and what the party said of it."""

from typing import Literal

import pytest

from archive.call.events import Event, NoticePlayed, NoticeReported
from archive.call.notices import NoticeOutcome, NoticesOutcome, notices_in, outcome_of

Sent = Literal["complete", "cut_short", "failed"]
To = Literal["caller", "callee"]
PACKETS = 100


def played(
    outcome: Sent = "complete", to: To = "caller", prompt: str = "notice", packets: int = PACKETS
) -> NoticePlayed:
    return NoticePlayed(
        at_us=9, to=to, prompt=prompt, language="ja", wording_sha256="ab", wording="録音します",
        outcome=outcome, stream=2, from_us=1, until_us=2_000_000, packets=packets,
        sent_ms=packets * 20, whole_ms=PACKETS * 20,
    )  # fmt: skip


def word(
    lost: int = 0, *, to: To = "caller", reports: int = 1, through: bool = True, sent: int = 0,
    discarded: int = 0,
) -> NoticeReported:  # fmt: skip
    return NoticeReported(
        at_us=10, to=to, reports=reports, through=through, lost=lost, sent=sent,
        discarded=discarded,
    )  # fmt: skip


def outcomes(*events: Event) -> list[NoticeOutcome]:
    return [each.outcome for each in notices_in(events)]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (None, "unproved"),
        (word(reports=0, through=False), "unproved"),
        (word(), "complete"),
        (word(49), "complete"),
        (word(50), "unproved"),
        (word(99), "unproved"),
        (word(-3), "complete"),
        (word(through=False), "unproved"),
        (word(100), "unheard"),
        (word(100, through=False), "unheard"),
        (word(150, sent=150), "unheard"),
        (word(100, sent=150), "unproved"),
        (word(50, sent=150), "unproved"),
        (word(49, sent=150), "complete"),
        (word(discarded=50, sent=100), "unproved"),
        (word(24, discarded=25, sent=100), "complete"),
        (word(discarded=100, sent=100), "unheard"),
        (word(40, discarded=60, sent=100), "unheard"),
        (word(40, discarded=60, sent=150), "unproved"),
    ],
)
def test_only_a_party_s_own_word_proves_a_notice(
    said: NoticeReported | None, expected: NoticeOutcome
) -> None:
    """All of it left. Of all that was sent nothing came: unheard, lost or thrown away alike.

    Of a notice that half of is missing nobody can say that it was understood.
    """
    assert outcomes(played(), *([said] if said else [])) == [expected]


@pytest.mark.parametrize("sent", ["cut_short", "failed"])
def test_what_was_not_sent_whole_is_proved_by_nobody(sent: Sent) -> None:
    """Whatever came of it."""
    assert outcomes(played(sent), word()) == [sent]


def test_each_party_s_word_is_of_its_own_notice() -> None:
    """One hears it, the other one does not."""
    events = [played(), played(to="callee"), word(100, to="callee"), word()]

    assert outcomes(*events) == ["complete", "unheard"]


def test_who_takes_a_place_has_a_word_of_his_own() -> None:
    """That of the party before him was of what that one was told."""
    events = [played(), word(), played(), word(reports=0, through=False)]

    assert outcomes(*events) == ["complete", "unproved"]


def test_several_prompts_have_one_word() -> None:
    """RTCP counts all that was sent: a loss of half of one prompt may be of that prompt, or not."""
    first, second = played(prompt="greeting", packets=50), played()

    assert outcomes(first, second, word(24)) == ["complete", "complete"]
    assert outcomes(first, second, word(25)) == ["unproved", "complete"]
    assert outcomes(first, second, word(150)) == ["unheard", "unheard"]


def test_what_went_out_in_another_codec_before_makes_up_for_nothing() -> None:
    """The notice is begun anew; what is missing may all be of the new playing."""
    before, anew = played("cut_short", packets=80), played()

    assert outcomes(before, anew, word(PACKETS // 2, sent=180)) == ["cut_short", "unproved"]
    assert outcomes(before, anew, word(PACKETS // 2 - 1, sent=180)) == ["cut_short", "complete"]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([], "failed"),
        ([played(), word()], "failed"),
        ([played()], "failed"),
        ([played(), word(100)], "unheard"),
        ([played("cut_short")], "cut_short"),
    ],
)
def test_who_could_not_be_told_counts_although_another_one_was(
    events: list[Event], expected: NoticesOutcome
) -> None:
    """No prompt is there for its codec, say: nothing was sent, and no event tells of a playing."""
    assert outcome_of(notices_in(events), ("notice_missing",)) == expected


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([], "none"),
        ([word(reports=0)], "none"),
        ([played(), word()], "complete"),
        ([played(), word(), played(to="callee")], "unproved"),
        ([played(), played("cut_short", "callee")], "cut_short"),
        ([played("cut_short", "callee"), played(), word(100)], "unheard"),
        ([played("failed", "callee"), played(), word(100)], "failed"),
        ([played("cut_short"), played(), word()], "complete"),
        ([played("cut_short"), word(), played(), word()], "cut_short"),
        ([played("cut_short", prompt="greeting"), played(), word()], "cut_short"),
    ],
)
def test_of_a_recording_the_worst_counts_and_of_a_prompt_the_last_playing(
    events: list[Event], expected: NoticesOutcome
) -> None:
    """A hold has it begun anew; who was told whole in the end was told."""
    assert outcome_of(notices_in(events)) == expected
