"""Which side is the customer's."""

import pytest

from capture.siprec.parties import StreamParty
from capture.siprec.sides import is_internal, sides
from tests.capture.siprec.calls import PBX


def party(position: int, aor: str, user: str = "") -> StreamParty:
    return StreamParty(
        position=position, label="", participant_id=str(position), aor=aor, user=user
    )


INSIDE = party(0, "sip:x@pbx.example.com")
OUTSIDE = party(0, "sip:+81355550100@carrier.example", "+81355550100")


@pytest.mark.parametrize(
    ("aor", "user", "because"),
    [
        ("sip:x@pbx.example.com", "x", "internal_domain"),
        ("sip:x@PBX.example.com:5061;transport=tls", "x", "internal_domain"),
        ("<sip:x@pbx.example.com>", "x", "internal_domain"),
        ("sip:x@notpbx.example.com", "x", None),
        ("sip:x@pbx.example.com.evil.example", "x", None),
        ("sip:x@[2001:db8::1]:5060", "x", None),
        ("tel:4021", "4021", "internal_number"),
        ("tel:0300", "0300", "internal_number"),
        ("tel:03001", "03001", None),
        ("tel:+814021", "+814021", None),
        ("", "", None),
    ],
)
def test_a_party_is_ours_by_its_domain_or_its_number(
    aor: str, user: str, because: str | None
) -> None:
    """A whole domain, a whole number, or a number by its beginning."""
    assert is_internal(party(0, aor, user), PBX) == because


def test_whoever_is_not_ours_is_the_customer() -> None:
    """Whichever stream comes first."""
    found = sides([party(1, INSIDE.aor), OUTSIDE], [0, 1], PBX)
    assert found == {0: ("customer", "internal_domain"), 1: ("agent", "internal_domain")}
    found = sides([INSIDE, party(1, OUTSIDE.aor)], [0, 1], PBX)

    assert found == {0: ("agent", "internal_domain"), 1: ("customer", "internal_domain")}


def test_where_no_rule_fits_the_first_stream_is_the_customer() -> None:
    """By place in the description, and said to be a guess."""
    guessed = {1: ("customer", "first_stream"), 2: ("agent", "first_stream")}

    assert sides([OUTSIDE], [2, 1], PBX) == guessed
    assert sides([], [1, 2], PBX) == guessed


def test_a_call_inside_the_house_has_no_customer() -> None:
    """Both are ours, each for its own reason."""
    number = party(1, "tel:4021", "4021")

    assert sides([INSIDE, number], [0, 1], PBX) == {
        0: ("agent", "internal_domain"), 1: ("agent", "internal_number"),
    }  # fmt: skip


def test_what_the_client_says_goes_before_every_rule() -> None:
    """Its dialog of the phone brings the agent, whatever his address looks like."""
    near = StreamParty(position=0, label="", participant_id="n", aor=OUTSIDE.aor, side="agent")
    far = StreamParty(position=-1, label="", participant_id="f", aor=INSIDE.aor, side="customer")

    assert sides([near, far], [0], PBX) == {0: ("agent", "client_said")}
    assert sides([near], [0, 1], PBX)[1] == ("unknown", "client_said")


def test_without_streams_there_are_no_sides() -> None:
    """A session may be longer than the calls in it."""
    assert sides([], [], PBX) == {}
