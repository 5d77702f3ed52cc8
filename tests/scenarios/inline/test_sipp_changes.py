"""What is asked for inside a call that is up crosses to the other side; SIPp on both sides."""

from pathlib import Path

import pytest

from tests.scenarios.inline.node import Node
from tests.scenarios.inline.talk import ACKED, Roles, Talk, after, talk
from tests.scenarios.phones import sipp

pytestmark = [
    pytest.mark.scenario,
    pytest.mark.skipif(bool(sipp.why_not()), reason=sipp.why_not() or "it is here"),
]
# As `later` of the scenarios: the second codec is gone.
CUT = r"(?:.+\n)*?\n(?:.+\n)*?m=audio \d+ RTP/AVP 0 101"


def kept_whole(two: Talk) -> None:
    """All of it is in the recording, before and after."""
    kept = two.kept()
    assert kept.recorded.flags == set()
    kept.notice_is_true()
    kept.nothing_from_before()
    kept.voices_in_place()


def test_an_update_of_the_caller_is_the_callees_to_answer(node: Node, tmp_path: Path) -> None:
    """RFC 3311: the offer crosses with the codec that is gone, the answer comes back."""
    roles = Roles(caller="caller_updates", callee="callee_updated")
    with talk(node, tmp_path, roles) as two:
        two.answered()
        two.hear_each_other()
        two.go((("caller", ACKED),))
        two.callee.saw(rf"^UPDATE {CUT}")
        two.caller.saw(after(200, 2, "UPDATE"))
        two.hear_anew()
        two.hang_up()
    kept_whole(two)


def test_an_update_and_a_reinvite_of_the_callee_are_the_callers_to_answer(
    node: Node, tmp_path: Path
) -> None:
    """One after the other, each with an offer that is news."""
    roles = Roles(caller="caller_reprised", callee="callee_updates", ends="callee")
    with talk(node, tmp_path, roles) as two:
        two.answered()
        two.hear_each_other()
        two.go((("callee", ACKED),))
        two.caller.saw(rf"^UPDATE {CUT}")
        two.callee.saw(r"^CSeq: 2 ACK")
        two.hear_anew()
        two.hang_up()
    kept_whole(two)


def test_a_491_of_the_callee_is_what_the_caller_hears(node: Node, tmp_path: Path) -> None:
    """Nothing has changed; his second re-INVITE, after the pause of RFC 3261 section 14.1, does."""
    roles = Roles(caller="caller_reinvites", callee="callee_pending")
    with talk(node, tmp_path, roles) as two:
        two.answered()
        two.hear_each_other()
        two.go((("caller", ACKED),))
        two.caller.saw(after(491, 2, "INVITE"))
        two.caller.saw(r"^CSeq: 3 ACK")
        two.hear_anew()
        two.hang_up()
    kept_whole(two)


def test_two_who_want_a_change_at_once_are_both_told_491(node: Node, tmp_path: Path) -> None:
    """We are asking the callee when his own comes (RFC 3261 section 14.2); the next one passes."""
    roles = Roles(caller="caller_reinvites", callee="callee_glares")
    with talk(node, tmp_path, roles) as two:
        two.answered()
        two.hear_each_other()
        two.go((("caller", ACKED),))
        two.callee.saw(after(491, 1, "INVITE"))
        two.caller.saw(after(491, 2, "INVITE"))
        two.caller.saw(r"^CSeq: 3 ACK")
        two.hear_anew()
        two.hang_up()
    kept_whole(two)


def test_a_change_that_is_taken_back_goes_no_further_than_its_cancel(
    node: Node, tmp_path: Path
) -> None:
    """487 to who asked, CANCEL to who was asked (RFC 3261 section 9.2); they talk on."""
    roles = Roles(caller="caller_takes_back", callee="callee_thinks")
    with talk(node, tmp_path, roles) as two:
        two.answered()
        two.hear_each_other()
        two.go((("caller", ACKED),))
        two.callee.saw(r"^CANCEL ")
        two.caller.saw(after(487, 2, "INVITE"))
        two.hear_anew()
        two.hang_up()
    kept_whole(two)


def test_an_info_crosses_as_it_came(node: Node, tmp_path: Path) -> None:
    """Its body too."""
    roles = Roles(caller="caller_informs", callee="callee_informed")
    with talk(node, tmp_path, roles) as two:
        two.answered()
        two.hear_each_other()
        two.go((("caller", ACKED),))
        two.callee.saw(r"^INFO (?:.+\n)*?\nsaid aside")
        two.caller.saw(after(200, 2, "INFO"))
        two.hang_up()
    kept_whole(two)


def test_a_callee_that_is_recording_aware_and_asks_for_a_password_is_told_both(
    node: Node, tmp_path: Path
) -> None:
    """Off until the caller has heard the notice, then on; SIPp itself works the digests out."""
    roles = Roles(caller="caller", callee="callee_aware")
    with talk(node, tmp_path, roles) as two:
        two.answered()
        two.hear_each_other()
        two.callee.saw(r"^UPDATE (?:.+\n)*?\n(?:.+\n)*?a=record:on")
        two.hear_anew()
        two.hang_up()
    kept_whole(two)
