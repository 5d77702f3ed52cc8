"""Which side is the customer's."""

from dataclasses import replace

import pytest

from archive.call.events import CallType
from archive.call.numbers import user_part
from capture.metadata.call_roles import NO_ROLES, CallRoles
from capture.metadata.snapshot import NameId, Participant
from capture.metadata.stream_parties import StreamParty, party_of
from capture.recording.party_sides import FirstGuesses, sides, sides_of_people
from tests.capture.siprec.calls import PBX


def party(position: int, aor: str, user: str = "") -> StreamParty:
    return StreamParty(
        position=position, label="", participant_id=str(position), aor=aor, user=user
    )


def said_by(who: str, position: int) -> StreamParty:
    return StreamParty(position=position, label="", participant_id=who, aor=f"sip:{who}@x")


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
    found = sides_of_people([party(0, aor, user)], PBX)["0"]

    assert found == (("agent", because) if because else ("customer", "first_stream"))


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


SHORT = party(0, "sip:2601@x", "2601")
FULL = party(1, "sip:0355550100@carrier.example", "0355550100")


def test_without_a_rule_the_shape_of_numbers_goes_before_the_order_of_lines() -> None:
    """As numbers of the source's country are written."""
    source = replace(PBX, country="JP")

    assert sides([SHORT, FULL], [0, 1], source) == {
        0: ("agent", "number_shape"), 1: ("customer", "number_shape"),
    }  # fmt: skip
    assert sides([SHORT, FULL], [0, 1], replace(PBX, country=""))[0] == ("customer", "first_stream")


def test_what_was_guessed_first_stays_whatever_lines_they_speak_on() -> None:
    """The two have changed places; a third one comes for who spoke on the first line."""
    before = FirstGuesses(
        people={"a": ("customer", "first_stream"), "b": ("agent", "first_stream")},
        lines={0: ("customer", "first_stream"), 1: ("agent", "first_stream")},
    )
    swapped = [said_by("b", 0), said_by("a", 1)]
    replaced = [said_by("c", 0), said_by("b", 1)]

    assert dict(sides_of_people(swapped, PBX, before=before)) == {
        "a": ("customer", "first_stream"), "b": ("agent", "first_stream"),
    }  # fmt: skip
    assert sides_of_people(replaced, PBX, before=before)["c"] == ("customer", "first_stream")


def test_who_comes_beside_those_who_were_guessed_is_the_other_sides() -> None:
    """One spoke on the second line while nobody was known on the first."""
    before = FirstGuesses(people={"b": ("customer", "first_stream")})

    assert sides_of_people([said_by("a", 0), said_by("b", 1)], PBX, before=before) == {
        "a": ("agent", "first_stream"), "b": ("customer", "first_stream"),
    }  # fmt: skip


def test_a_line_of_nobody_is_the_other_sides_by_a_guess() -> None:
    """Two customers in a call of two would be one too many."""
    assert sides([said_by("b", 1)], [0, 1], PBX) == {
        0: ("agent", "first_stream"), 1: ("customer", "first_stream"),
    }  # fmt: skip


def test_evidence_takes_the_place_of_what_was_guessed() -> None:
    """For all who are in the call."""
    before = FirstGuesses(people={"0": ("customer", "first_stream")})

    assert sides_of_people([party(0, "tel:4021", "4021")], PBX, before=before)["0"] == (
        "agent", "internal_number",
    )  # fmt: skip


def test_what_the_client_says_goes_before_every_rule() -> None:
    """Its dialog of the phone brings the agent, whatever his address looks like."""
    near = StreamParty(position=0, label="", participant_id="n", aor=OUTSIDE.aor, side="agent")
    far = StreamParty(position=-1, label="", participant_id="f", aor=INSIDE.aor, side="customer")

    assert sides([near, far], [0], PBX) == {0: ("agent", "client_said")}
    assert sides([near], [0, 1], PBX)[1] == ("unknown", "client_said")


def test_without_streams_there_are_no_sides() -> None:
    """A session may be longer than the calls in it."""
    assert sides([], [], PBX) == {}


def told_sides(*people: StreamParty, told: CallRoles = NO_ROLES) -> dict[str, tuple[str, str]]:
    return dict(sides_of_people(people, PBX, told))


def test_a_domain_that_fits_everybody_says_nothing() -> None:
    """It is that of the telephone system, which stands behind every address."""
    one, two = party(0, "sip:1@pbx.example.com", "1"), party(1, "sip:2@pbx.example.com", "2")

    assert told_sides(one, two) == {
        "0": ("customer", "first_stream"),
        "1": ("agent", "first_stream"),
    }


def test_numbers_that_fit_where_the_domain_fits_everybody_decide() -> None:
    """OpenSIPS: both under the server's domain."""
    one = party(0, "sip:4021@pbx.example.com", "4021")
    two = party(1, "sip:0355550100@pbx.example.com", "0355550100")

    assert told_sides(one, two) == {
        "0": ("agent", "internal_number"), "1": ("customer", "internal_number"),
    }  # fmt: skip


def test_numbers_that_fit_everybody_say_that_nobody_is_a_customer() -> None:
    """One desk calls another."""
    found = told_sides(party(0, "tel:4021", "4021"), party(1, "tel:4022", "4022"))

    assert set(found.values()) == {("agent", "internal_number")}


@pytest.mark.parametrize("aor", ["4021", "sip:4021", "tel:4021", "4021@x", "<sip:4021;user=phone>"])
def test_an_internal_number_is_one_however_it_stands_in_an_address(aor: str) -> None:
    """Bare, or where a SIP URI has its host: clients write it so."""
    assert told_sides(party(0, aor, user_part(aor)))["0"] == ("agent", "internal_number")


def test_who_is_recorded_is_ours_and_the_other_whom_he_talks_to() -> None:
    """Unless the other is ours as well."""
    recorded = CallRoles(recorded=("0",))

    assert told_sides(OUTSIDE, party(1, "sip:x@y", "x"), told=recorded) == {
        "0": ("agent", "recorded_party"), "1": ("customer", "counterpart"),
    }  # fmt: skip
    assert told_sides(OUTSIDE, party(1, "tel:4021", "4021"), told=recorded)["1"] == (
        "agent", "internal_number",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("call_type", "first", "second"),
    [
        ("inbound", ("customer", "counterpart"), ("agent", "call_type")),
        ("outbound", ("agent", "call_type"), ("customer", "counterpart")),
        ("internal", ("agent", "call_type"), ("agent", "call_type")),
    ],
)
def test_a_call_type_and_its_caller_say_both_sides(
    call_type: CallType, first: tuple[str, str], second: tuple[str, str]
) -> None:
    """As the client's user sees the call."""
    told = CallRoles(call_type=call_type, caller="0", caller_because="metadata")

    assert told_sides(OUTSIDE, party(1, "sip:x@y", "x"), told=told) == {"0": first, "1": second}


def test_a_line_on_which_both_sides_speak_is_nobodys_alone() -> None:
    """A mixed stream has one lane and no side."""
    people = [OUTSIDE, StreamParty(
        position=0, label="", participant_id="b", aor="tel:4021", user="4021"
    )]  # fmt: skip

    assert sides(people, [0], PBX) == {0: ("unknown", "internal_number")}


@pytest.mark.parametrize(
    ("aors", "because"),
    [
        (("sip:alice@elsewhere", "tel:4021"), "internal_number"),
        (("tel:0312345678", "sip:alice@pbx.example.com"), "internal_domain"),
        (("tel:03-00",), "internal_number"),
        (('"Alice" <sip:4021@elsewhere>',), "internal_number"),
        (('"Alice" <sip:alice@pbx.example.com>',), "internal_domain"),
    ],
)
def test_any_address_of_a_party_tells_whose_it_is(aors: tuple[str, ...], because: str) -> None:
    """A client names the public address first, and the extension behind it."""
    ids = tuple(NameId(aor=aor) for aor in aors)
    ours = party_of(Participant(participant_id="ours", name_ids=ids), 1)

    assert sides_of_people([OUTSIDE, ours], PBX) == {
        "0": ("customer", because), "ours": ("agent", because),
    }  # fmt: skip
