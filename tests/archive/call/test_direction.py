"""Which side each leg is on, and who called whom."""

from dataclasses import replace

import msgspec
import pytest

from archive.call.callers import CallEvidence, evidence_in
from archive.call.direction import decide
from archive.call.events import CallType, CommunicationSessionKnown, RouteTaken, Side
from archive.call.legs import LegFacts
from tests.archive.catalog.examples import inbound, opened
from tests.support.archive.direction import leg

NOBODY = CallEvidence()


def guessed(who: str, side: Side) -> LegFacts:
    return leg(who, side, "first_stream")


def told(
    *legs: LegFacts, evidence: CallEvidence = NOBODY, seated: tuple[str, ...] = ()
) -> tuple[str, str, list[tuple[str, str]]]:
    found = decide(legs, evidence, [each.participant in seated for each in legs])
    return found.direction, found.because, [(s.side, s.because) for s in found.sides]


def direction(*legs: LegFacts, evidence: CallEvidence = NOBODY) -> tuple[str, str]:
    return told(*legs, evidence=evidence)[:2]


def calling(who: str) -> CallEvidence:
    """The INVITE of the recording session is from there."""
    return CallEvidence(opened=msgspec.structs.replace(opened(), from_uri=f"sip:{who}@sbc"))


@pytest.mark.parametrize(
    ("legs", "expected"),
    [
        ((leg("c", "customer"), leg("a", "agent")), ("inbound", "invite")),
        ((leg("a", "agent"), leg("c", "customer")), ("inbound", "invite")),
        ((leg("c", "agent"), leg("a", "customer")), ("outbound", "invite")),
        ((leg("c", "agent"), leg("a", "agent")), ("internal", "invite")),
        ((leg("c", "agent"),), ("outbound", "invite")),
        ((leg("c", "unknown"), leg("a", "agent")), ("unknown", "")),
        ((guessed("c", "customer"), guessed("a", "agent")), ("unknown", "")),
        ((leg("c", "customer", "client_said"), leg("a", "agent", "client_said")), ("unknown", "")),
        ((), ("unknown", "")),
    ],
)
def test_the_direction_follows_from_the_side_of_who_called(
    legs: tuple[LegFacts, ...], expected: tuple[str, str]
) -> None:
    """A side that was guessed says nothing of it."""
    assert direction(*legs, evidence=calling("c")) == expected


def test_where_nobody_says_who_called_the_direction_is_not_known() -> None:
    """In which order people are named says nothing, though whose sides they are is known."""
    assert direction(leg("c", "customer"), leg("a", "agent")) == ("unknown", "")
    assert direction(leg("a", "agent"), leg("b", "agent")) == ("unknown", "")


def test_whom_one_of_ours_has_called_may_be_ours_as_well() -> None:
    """Of three, nobody can say on which side the others are: outbound would be a guess."""
    others = (guessed("x", "customer"), guessed("y", "agent"))

    assert direction(leg("c", "agent"), *others, evidence=calling("c")) == ("unknown", "")
    assert direction(leg("c", "customer"), *others, evidence=calling("c")) == ("inbound", "invite")


def test_who_is_in_from_of_the_invite_has_called() -> None:
    """In whichever form the number is written."""
    agent, customer = leg("2001", "agent"), leg("+81312347788", "customer")

    assert direction(agent, customer, evidence=calling("0312347788")) == ("inbound", "invite")


def test_the_metadata_goes_before_the_invite() -> None:
    """From of a recording session may be of whoever the client pleases."""
    evidence = CallEvidence(caller="a", caller_because="metadata", opened=opened())

    assert direction(leg("c", "customer"), leg("a", "agent"), evidence=evidence) == (
        "outbound", "metadata",
    )  # fmt: skip


@pytest.mark.parametrize("call_type", ["inbound", "outbound", "internal"])
def test_a_call_type_says_the_direction_itself(call_type: CallType) -> None:
    """Also where nobody knows which side is whose."""
    evidence = CallEvidence(call_type=call_type, caller="c", caller_because="metadata")

    found = direction(guessed("c", "customer"), guessed("a", "agent"), evidence=evidence)
    assert found == (call_type, "call_type")


def test_the_route_of_an_inline_call_goes_before_everything() -> None:
    """It is what the administrator says of its calls."""
    evidence = CallEvidence(route="outbound", call_type="inbound")

    assert direction(leg("c", "customer"), evidence=evidence) == ("outbound", "route")


def test_a_person_of_the_agents_table_is_no_customer() -> None:
    """The order of streams had put her there; now direction is known as well."""
    guesses = (guessed("2001", "customer"), guessed("c", "agent"))
    found = told(*guesses, evidence=calling("2001"), seated=("2001",))

    assert found == (
        "outbound", "invite", [("agent", "agent_table"), ("customer", "agent_table")],
    )  # fmt: skip


def test_two_persons_of_the_table_talk_to_each_other() -> None:
    """Nobody of them is a customer."""
    guesses = (guessed("a", "customer"), guessed("b", "agent"))
    found = told(*guesses, evidence=calling("a"), seated=("a", "b"))

    assert found == ("internal", "invite", [("agent", "agent_table")] * 2)


def test_stronger_evidence_stands_against_the_table() -> None:
    """A customer's number may end up in the table of seats."""
    found = told(leg("c", "customer"), leg("a", "agent"), seated=("c", "a"))

    assert found[2] == [("customer", "internal_domain"), ("agent", "internal_domain")]


def test_what_events_say_of_the_call_is_gathered() -> None:
    """The last word of each counts."""
    known = CommunicationSessionKnown(
        at_us=1, communication_session="s", call_type="inbound", caller="p",
        caller_because="metadata",
    )  # fmt: skip
    again = CommunicationSessionKnown(at_us=2, communication_session="s", group="g")
    route = RouteTaken(at_us=3, route="r", target="t", mode="m", direction="outbound")
    found = evidence_in([*inbound(), known, again, route])

    assert (found.call_type, found.caller, found.caller_because, found.route) == (
        "inbound", "p", "metadata", "outbound",
    )  # fmt: skip
    assert found.opened == inbound()[0]


def with_sides(*legs: LegFacts, corrected: tuple[Side | None, ...]) -> list[tuple[str, str]]:
    found = decide(legs, NOBODY, [False] * len(legs), corrected)
    return [(s.side, s.because) for s in found.sides]


@pytest.mark.parametrize(
    ("legs", "corrected", "expected"),
    [
        (
            (leg("c", "customer"), leg("a", "agent")), ("agent", None),
            [("agent", "correction"), ("agent", "internal_domain")],
        ),
        (
            (guessed("c", "customer"), guessed("a", "agent")), ("agent", None),
            [("agent", "correction"), ("customer", "counterpart")],
        ),
        (
            (guessed("c", "customer"), guessed("a", "agent")), ("unknown", None),
            [("unknown", "correction"), ("agent", "first_stream")],
        ),
        (
            (guessed("c", "customer"), guessed("a", "agent")), ("agent", "agent"),
            [("agent", "correction"), ("agent", "correction")],
        ),
        (
            (guessed("c", "customer"), guessed("a", "agent"), guessed("b", "agent")),
            ("agent", None, None),
            [("agent", "correction"), ("agent", "first_stream"), ("agent", "first_stream")],
        ),
    ],
)  # fmt: skip
def test_a_corrected_side_goes_before_all_else(
    legs: tuple[LegFacts, ...],
    corrected: tuple[Side | None, ...],
    expected: list[tuple[str, str]],
) -> None:
    """Of two, what was a guess follows; of three nobody can say whose it is."""
    assert with_sides(*legs, corrected=corrected) == expected


def test_who_is_in_the_table_is_ours_whomever_somebody_corrects() -> None:
    """A call among colleagues: the other one is put right, and this one stays an agent."""
    legs = (guessed("a", "customer"), guessed("b", "agent"))
    found = decide(legs, NOBODY, [False, True], ["agent", None])

    assert [(s.side, s.because) for s in found.sides] == [
        ("agent", "correction"),
        ("agent", "agent_table"),
    ]


SHORT, FULL, OTHER = "2601", "0312347788", "0698765432"


def by_shape(*legs: LegFacts, seated: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    return told(*legs, evidence=CallEvidence(opened=opened()), seated=seated)[2]


def test_where_all_is_guessed_the_shape_of_numbers_goes_before_the_order_of_streams() -> None:
    """Also of recordings that are there: what capture has guessed by the order stands in them."""
    assert by_shape(guessed(SHORT, "customer"), guessed(FULL, "agent")) == [
        ("agent", "number_shape"), ("customer", "number_shape"),
    ]  # fmt: skip


def test_a_shape_says_nothing_of_the_direction() -> None:
    """It is a guess, and so would be what follows from it."""
    evidence = CallEvidence(
        opened=msgspec.structs.replace(opened(), from_uri=f"sip:{FULL}@sbc", to_uri="sip:srs@x")
    )
    found = told(guessed(SHORT, "customer"), guessed(FULL, "agent"), evidence=evidence)

    assert found[:2] == ("unknown", "")


def test_where_numbers_tell_nobody_apart_it_stays_as_it_was_guessed() -> None:
    """Two full ones; and who is known by evidence needs no shape."""
    order = [("customer", "first_stream"), ("agent", "first_stream")]

    assert by_shape(guessed(OTHER, "customer"), guessed(FULL, "agent")) == order
    assert by_shape(leg(SHORT, "customer"), leg(FULL, "agent"))[0] == (
        "customer",
        "internal_domain",
    )


def test_the_table_of_agents_goes_before_the_shape_of_numbers() -> None:
    """The full number is that of a seat; whom she talks to is a customer, however short he is."""
    found = by_shape(guessed(SHORT, "customer"), guessed(FULL, "agent"), seated=(FULL,))

    assert found == [("customer", "agent_table"), ("agent", "agent_table")]


def test_what_is_known_of_one_of_two_says_whose_the_other_is() -> None:
    """Evidence counts for the call: also for who had left before it came, and came back."""
    left = guessed("c", "agent")
    again = replace(leg("a", "agent"), from_us=left.from_us + 9)
    before = replace(guessed("a", "customer"), from_us=left.from_us)

    assert told(left, before, again)[2] == [
        ("customer", "counterpart"), ("agent", "internal_domain"), ("agent", "internal_domain"),
    ]  # fmt: skip
