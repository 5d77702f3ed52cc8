"""What becomes of a call; a row of the ledger says what was wrong, where, by which clause."""

import pytest

from archive.call.events import CallRefused, Event, Flagged, RecordingRefused
from archive.call.refusal_reasons import Fate, Reason, began_us, fate_of, is_evidence, told_of


def refused(began_us: int = 0, **told: str) -> CallRefused:
    return CallRefused(
        at_us=1, source="pbx", transport="udp", peer="192.0.2.1", call_id="c", from_value="",
        to_value="", status=400, reason="refused by SIP", began_us=began_us,
        **told,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        (
            {"detail": "no bracket", "header": "Contact", "excerpt": "<sip:a@b", "clause": "§25.1"},
            "no bracket; Contact: <sip:a@b (§25.1)",
        ),
        ({"detail": "spool bytes"}, "spool bytes"),
        ({"header": "Require", "excerpt": "x", "clause": "§8.2.2.3"}, "Require: x (§8.2.2.3)"),
        ({}, ""),
    ],
)
def test_a_row_says_what_is_known_and_nothing_else(told: dict[str, str], shown: str) -> None:
    """Rows of before this was written have their detail alone."""
    assert told_of(refused(**told)) == shown


@pytest.mark.parametrize(
    ("status", "fate"),
    [
        (200, Fate.CONNECTED_UNRECORDED),
        (202, Fate.CONNECTED_UNRECORDED),
        (0, Fate.REFUSED),
        (302, Fate.REFUSED),
        (486, Fate.REFUSED),
    ],
)
def test_a_call_that_was_connected_is_not_a_refused_one(status: int, fate: Fate) -> None:
    """An auditor counts the calls that went by us unrecorded; nobody was turned away in them."""
    assert fate_of(status) is fate


def test_a_call_that_was_answered_and_of_which_nothing_came_is_one_without_audio() -> None:
    """Nobody heard anything of it, and there is no recording."""
    assert fate_of(200, Reason.NO_PACKET) is Fate.WITHOUT_AUDIO
    assert fate_of(200, "neither ACK nor packet came") is Fate.WITHOUT_AUDIO
    assert fate_of(200, Reason.NOT_RECORDED) is Fate.CONNECTED_UNRECORDED


@pytest.mark.parametrize(
    ("event", "is_so"),
    [
        (Flagged(at_us=1, flag="notice_missing"), True),
        (Flagged(at_us=1, flag="other_sender", detail="192.0.2.77 4000"), True),
        (RecordingRefused(at_us=1, by="caller", digit="9"), True),
        (Flagged(at_us=1, flag="ack_missing"), False),
        (Flagged(at_us=1, flag="no_bye"), False),
    ],
)
def test_who_was_not_told_who_refused_and_who_sent_from_elsewhere_is_evidence(
    event: Event, is_so: bool
) -> None:
    """A row with the reason that no packet came would say less, or what is not so."""
    assert is_evidence(event) == is_so


def test_a_call_began_when_it_was_turned_away_unless_it_was_connected() -> None:
    """Rows of before this was written have one time."""
    assert began_us(refused()) == 1
    assert began_us(refused(began_us=0)) == 1
    assert began_us(refused(began_us=-5)) == -5


def test_no_two_reasons_are_the_same_word() -> None:
    """The second would be the first under another name."""
    assert len({reason.value for reason in Reason}) == len(Reason.__members__)
