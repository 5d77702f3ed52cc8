"""Which calls seem to follow one another, and which do not although they look like it."""

from dataclasses import replace

import pytest

from archive.call.direction import Direction
from archive.ids import ConversationId
from archive.locate.inferred_links import MOST_LINKS, LinkableCall, links_of, names_a_party
from tests.archive.catalog.examples import MINUTE_US, STARTED_US

HOUR_US = 60 * MINUTE_US
DAY_US = 24 * HOUR_US
SUZUKI = frozenset({"8877432131"})


def call(number: int, direction: Direction, started_us: int = STARTED_US) -> LinkableCall:
    """Ms Suzuki and agent A17 for five minutes."""
    return LinkableCall(
        conversation=ConversationId(number.to_bytes(16, "big")),
        started_us=started_us,
        ended_us=started_us + 5 * MINUTE_US,
        direction=direction,
        parties=SUZUKI,
        agents=frozenset({"A17"}),
    )


HERS = call(1, "inbound")
END_US = HERS.ended_us


@pytest.mark.parametrize(
    ("direction", "started_us", "because"),
    [
        ("outbound", END_US, "called_back"),
        ("outbound", END_US + 4 * DAY_US, "called_back"),
        ("outbound", END_US + 4 * DAY_US + 1, None),
        ("outbound", END_US - 1, None),
        ("inbound", END_US + MINUTE_US, "called_again"),
        ("inbound", END_US + 10 * MINUTE_US, "called_again"),
        ("inbound", END_US + 10 * MINUTE_US + 1, None),
        ("inbound", END_US - MINUTE_US, "called_again"),
        ("inbound", END_US - MINUTE_US - 1, None),
        ("unknown", END_US + MINUTE_US, None),
        ("internal", END_US + MINUTE_US, None),
    ],
)
def test_what_the_next_call_is_to_an_incoming_one(
    direction: Direction, started_us: int, because: str | None
) -> None:
    """Her own number and agent, and the clock; from either call it is the same story."""
    then = call(2, direction, started_us)
    forth, back = links_of(HERS, [then]).links, links_of(then, [HERS]).links

    assert [(each.because, each.place) for each in forth] == (
        [(because, "after")] if because else []
    )
    assert [(each.because, each.place) for each in back] == (
        [(because, "before")] if because else []
    )


def test_an_incoming_call_behind_an_outgoing_one_is_called_back_too() -> None:
    """Whom we did not reach calls us."""
    ours, hers = call(1, "outbound"), call(2, "inbound", STARTED_US + HOUR_US)

    assert [each.because for each in links_of(ours, [hers]).links] == ["called_back"]


THEN = call(2, "outbound", STARTED_US + HOUR_US)
NOBODY: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    ("own", "other", "shared"),
    [
        (HERS, THEN, ["agent"]),
        (HERS, replace(THEN, agents=frozenset({"A18"})), []),
        (
            replace(HERS, queues=frozenset({"support"})),
            replace(THEN, agents=NOBODY, queues=frozenset({"support", "sales"})),
            ["queue"],
        ),
        (
            replace(HERS, queues=frozenset({"support"})),
            replace(THEN, queues=frozenset({"support"})),
            ["agent", "queue"],
        ),
        (
            replace(HERS, agents=NOBODY, extensions=frozenset({"1002"})),
            replace(THEN, agents=NOBODY, extensions=frozenset({"1002"})),
            ["extension"],
        ),
        (HERS, replace(THEN, parties=frozenset({"8877432132"})), []),
        (replace(HERS, parties=NOBODY), replace(THEN, parties=NOBODY), []),
        (HERS, replace(THEN, conversation=HERS.conversation), []),
    ],
)
def test_a_link_takes_the_party_and_somebody_or_something_of_ours(
    own: LinkableCall, other: LinkableCall, shared: list[str]
) -> None:
    """A withheld number is nobody's, and another agent of another queue tells another story."""
    assert [list(each.shared) for each in links_of(own, [other]).links] == (
        [shared] if shared else []
    )


@pytest.mark.parametrize(
    ("digits", "is_one"), [("", False), ("1002", False), ("12345", False), ("123456", True)]
)
def test_a_withheld_or_a_short_number_names_no_party(digits: str, *, is_one: bool) -> None:
    """Whoever withholds his number does not call again as everybody else who does."""
    assert names_a_party(digits) is is_one


def test_of_too_many_the_nearest_are_told_in_their_order_and_that_there_are_more() -> None:
    """A number that half a town calls from."""
    calls = [
        call(9 + each, "outbound", STARTED_US + (each + 1) * HOUR_US)
        for each in range(MOST_LINKS + 1)
    ]
    found = links_of(HERS, reversed(calls))

    assert [each.call for each in found.links] == calls[:MOST_LINKS]
    assert found.is_more
    assert not links_of(HERS, calls[1:]).is_more
