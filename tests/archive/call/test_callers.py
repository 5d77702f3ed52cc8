"""Who called whom."""

from dataclasses import replace
from typing import Literal

import msgspec
import pytest

from archive.call.callers import CallEvidence, who_called
from archive.call.events import CallOpened
from archive.call.legs import LegFacts
from tests.archive.catalog.examples import opened
from tests.support.archive.direction import leg

CUSTOMER, AGENT, COLLEAGUE = "+81312347788", "2001", "2002"


def invite(
    from_user: str,
    to_user: str,
    mode: Literal["siprec", "network-based", "inline"] = "siprec",
) -> CallOpened:
    return msgspec.structs.replace(
        opened(), from_uri=f"sip:{from_user}@sbc", to_uri=f"sip:{to_user}@sbc", mode=mode
    )


def called(*legs: LegFacts, told: CallEvidence) -> tuple[str, ...]:
    return who_called(legs, told).parties(legs)


def by_invite(*legs: LegFacts, from_user: str = "src", to_user: str = "srs") -> tuple[str, ...]:
    return called(*legs, told=CallEvidence(opened=invite(from_user, to_user)))


def test_in_which_order_people_are_named_says_nothing() -> None:
    """RFC 7865 gives it no meaning, and an SBC names the callee first."""
    legs = (leg(CUSTOMER, "customer"), leg(AGENT, "agent"))

    assert by_invite(*legs) == ("", "")
    assert called(*legs, told=CallEvidence()) == ("", "")


@pytest.mark.parametrize(
    ("from_user", "to_user"),
    [
        ("0312347788", "srs"),
        ("0312347788", AGENT),
        ("src", AGENT),
    ],
)
def test_from_or_to_of_the_invite_says_who_called(from_user: str, to_user: str) -> None:
    """Of two people, one of whom was called, the other one has called."""
    legs = (leg(AGENT, "agent"), leg(CUSTOMER, "customer"))

    assert by_invite(*legs, from_user=from_user, to_user=to_user) == ("callee", "caller")


def test_who_is_in_both_headers_has_called_nobody() -> None:
    """A recorder is told of one telephone: both name whose line is recorded."""
    legs = (leg(AGENT, "agent"), leg(CUSTOMER, "customer"))

    assert by_invite(*legs, from_user=AGENT, to_user=AGENT) == ("", "")


def test_two_with_the_number_of_from_are_told_apart_by_to_alone() -> None:
    """The same number on both sides: the number of the house."""
    one = leg(CUSTOMER, "customer")
    other = replace(leg(CUSTOMER, "agent"), participant="b")

    assert by_invite(one, other, from_user=CUSTOMER) == ("", "")
    assert by_invite(one, other, leg(AGENT, "agent"), from_user=CUSTOMER, to_user=AGENT) == (
        "", "", "callee",
    )  # fmt: skip


def test_of_three_who_begin_a_call_to_tells_whom_it_was_for_and_no_more() -> None:
    """Any of the others may have called."""
    legs = (leg(CUSTOMER, "customer"), leg(AGENT, "agent"), leg(COLLEAGUE, "agent"))

    assert by_invite(*legs, to_user=AGENT) == ("", "callee", "")


def test_who_comes_later_has_neither_called_nor_been_called() -> None:
    """The call was passed on to a colleague."""
    first = (leg(CUSTOMER, "customer"), leg(AGENT, "agent"))
    later = replace(leg(COLLEAGUE, "agent"), from_us=first[0].from_us + 9)

    assert by_invite(*first, later, to_user=AGENT) == ("caller", "callee", "")
    assert by_invite(*first, later, from_user=CUSTOMER) == ("caller", "callee", "")


def test_who_called_and_comes_back_has_still_called() -> None:
    """Each stay of a participant is a leg of its own."""
    caller = leg(CUSTOMER, "customer")
    again = replace(caller, from_us=caller.from_us + 9, until_us=caller.until_us + 9)

    assert by_invite(caller, leg(AGENT, "agent"), again, from_user=CUSTOMER) == (
        "caller", "callee", "caller",
    )  # fmt: skip


def test_what_metadata_says_goes_before_the_headers() -> None:
    """From of a recording session may be of whoever the client pleases."""
    legs = (leg(CUSTOMER, "customer"), leg(AGENT, "agent"))
    told = CallEvidence(caller=AGENT, caller_because="metadata", opened=invite(CUSTOMER, "srs"))

    assert called(*legs, told=told) == ("callee", "caller")
    assert who_called(legs, told).because == "metadata"


def test_of_an_inline_call_who_sent_the_invite_has_called() -> None:
    """Its first leg."""
    legs = (leg(AGENT, "agent"), leg(CUSTOMER, "customer"))

    assert called(*legs, told=CallEvidence(opened=invite("x", "y", "inline"))) == (
        "caller", "callee",
    )  # fmt: skip


def test_a_one_way_dialog_of_a_client_says_nothing_of_who_called() -> None:
    """Both ends of each are the recorded telephone's."""
    legs = (leg(AGENT, "agent", "client_said"), leg(CUSTOMER, "customer", "client_said"))

    assert by_invite(*legs, from_user=AGENT) == ("", "")
