"""Which side each leg is on, and who called whom."""

import pytest

from archive.call.direction import CallEvidence, decide, evidence_in
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


@pytest.mark.parametrize(
    ("legs", "expected"),
    [
        ((leg("c", "customer"), leg("a", "agent")), ("inbound", "order")),
        ((leg("a", "agent"), leg("c", "customer")), ("outbound", "order")),
        ((leg("a", "agent"), leg("b", "agent")), ("internal", "order")),
        ((leg("a", "agent"),), ("outbound", "order")),
        ((leg("c", "unknown"), leg("a", "agent")), ("unknown", "")),
        ((guessed("c", "customer"), guessed("a", "agent")), ("unknown", "")),
        ((leg("c", "customer", "client_said"), leg("a", "agent", "client_said")), ("unknown", "")),
        ((), ("unknown", "")),
    ],
)
def test_without_other_evidence_who_is_named_first_has_called(
    legs: tuple[LegFacts, ...], expected: tuple[str, str]
) -> None:
    """A side that was guessed from the order of streams says nothing of who called whom."""
    assert direction(*legs) == expected


def test_the_callers_line_need_not_come_first() -> None:
    """OpenSIPS offers the callee's stream first and names the caller first in its metadata."""
    caller, callee = leg("c", "customer", stream=1), leg("a", "agent", stream=0)

    assert direction(caller, callee) == ("inbound", "order")


def test_who_is_in_from_of_the_invite_has_called() -> None:
    """Whichever order the metadata has."""
    invite = opened()
    evidence = CallEvidence(
        opened=type(invite)(
            **{
                **{name: getattr(invite, name) for name in invite.__struct_fields__},
                "from_uri": "sip:0312347788@sbc",
            }
        )
    )
    agent, customer = leg("2001", "agent"), leg("+81312347788", "customer")

    assert direction(agent, customer, evidence=evidence) == ("inbound", "invite")


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
    found = told(guessed("2001", "customer"), guessed("c", "agent"), seated=("2001",))

    assert found == (
        "outbound", "order", [("agent", "agent_table"), ("customer", "agent_table")],
    )  # fmt: skip


def test_two_persons_of_the_table_talk_to_each_other() -> None:
    """Nobody of them is a customer."""
    found = told(guessed("a", "customer"), guessed("b", "agent"), seated=("a", "b"))

    assert found == ("internal", "order", [("agent", "agent_table")] * 2)


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
