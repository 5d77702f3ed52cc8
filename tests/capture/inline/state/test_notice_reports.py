"""What RTCP says of a notice, by the numbers of its packets."""

import pytest

from capture.inline.state.notice_reports import NOTHING_HEARD
from capture.links.relay_messages import Outcome, Played, Reported, Side


def played(first: int = 1_000, packets: int = 100, refused: int = 0) -> Played:
    return Played(
        call=b"c", side=Side.CALLER, serial=1, outcome=Outcome.COMPLETE, from_us=1, until_us=2,
        packets=packets, sent_ms=0, whole_ms=0, first_sequence=first, gate_us=0, refused=refused,
    )  # fmt: skip


def report(highest: int, lost: int = 0, discards: int | None = None) -> Reported:
    return Reported(
        call=b"c", side=Side.CALLER, highest_sequence=highest, lost=lost, jitter=3, at_us=1,
        discards=discards,
    )  # fmt: skip


@pytest.mark.parametrize(("highest", "is_through"), [(1_098, False), (1_099, True), (1_300, True)])
def test_through_is_what_a_report_covers_to_its_last_packet(highest: int, is_through: bool) -> None:
    """RFC 3550 section 6.4.1: the highest sequence that has come; the hundredth is 1099."""
    known = NOTHING_HEARD.played(played(), 1_000).heard(report(highest))

    assert known.is_through == is_through


def test_a_report_after_the_notice_that_is_of_before_does_not_cover_it() -> None:
    """Whatever time it came at: the party's last word was still in the middle."""
    known = NOTHING_HEARD.heard(report(1_010)).played(played(), 1_000)

    assert not known.is_through
    assert not known.heard(report(1_050)).is_through


def test_the_first_report_that_covers_it_is_the_last_that_counts() -> None:
    """What a party loses afterwards is not the notice's."""
    known = NOTHING_HEARD.heard(report(1_010, 1)).played(played(), 1_000).heard(report(1_099, 2))
    known = known.heard(report(9_000, 500))

    assert (known.count, known.lost, known.highest) == (2, 2, 1_099)


def test_packets_that_were_refused_have_had_numbers() -> None:
    """The last one is so much further on."""
    known = NOTHING_HEARD.played(played(packets=97, refused=3), 1_000)

    assert known.last == 1_099


def test_of_several_prompts_the_last_packet_of_the_last_one_counts() -> None:
    """Else the first alone would be proof of both."""
    known = NOTHING_HEARD.played(played(), 1_000).played(played(first=1_100), 1_000)

    assert not known.heard(report(1_150)).is_through
    assert known.heard(report(1_199)).is_through


def test_a_notice_of_which_nothing_has_left_is_never_through() -> None:
    """There is no last packet."""
    known = NOTHING_HEARD.played(played(packets=0), 1_000).heard(report(5_000))

    assert (known.is_played, known.is_through) == (True, False)


@pytest.mark.parametrize(
    ("lost", "discards", "discarded"), [(0, 0, 0), (0, 255, 150), (50, 255, 100), (0, 51, 30)]
)
def test_lost_and_discarded_are_of_all_that_was_sent_until_then(
    lost: int, discards: int, discarded: int
) -> None:
    """RTCP counts from the first packet, which may be ringback: 50 of it, then the notice."""
    known = NOTHING_HEARD.played(played(first=1_050), 1_000).heard(report(1_149, lost, discards))

    assert (known.sent, known.lost, known.discarded) == (150, lost, discarded)


def test_what_was_thrown_away_stays_so_in_a_report_that_does_not_speak_of_it() -> None:
    """PJSIP sends its metrics with some reports alone: all is thrown away, then nothing is said."""
    known = NOTHING_HEARD.heard(report(1_050, discards=255)).played(played(), 1_000)

    assert known.heard(report(1_099)).discarded == 100
    assert known.heard(report(1_099, discards=0)).discarded == 0


def test_without_a_report_nothing_is_known_to_have_been_received() -> None:
    """Nor is anything lost."""
    known = NOTHING_HEARD.played(played(), 1_000)

    assert (known.sent, known.discarded) == (0, 0)
