"""A recording of the index as rules see it."""

from datetime import date

import pytest

from archive.lifecycle.recording_values import KINDS
from archive.lifecycle.retention_events import EventKey
from retention.decisions.recording_attributes import facts_of
from retention.rules.conditions import BEGINNINGS, CALL_END, AttributeKind
from tests.api.retained import retained
from tests.retention.examples import CALLED


def test_every_kind_that_a_rule_may_ask_is_answered() -> None:
    """A kind that is left out would be unknown for every recording, and keep all of them."""
    assert set(facts_of(retained()).values) == set(AttributeKind)
    assert set(KINDS) == set(AttributeKind) - {AttributeKind.BASIS}


def test_values_and_the_end_are_those_of_the_index() -> None:
    """What is unknown there is unknown to rules."""
    facts = facts_of(retained(queue="support", number="2001 +81312347788", team=None))

    assert facts.values[AttributeKind.QUEUE] == frozenset({"support"})
    assert facts.values[AttributeKind.NUMBER] == frozenset({"2001", "+81312347788"})
    assert facts.values[AttributeKind.TEAM] is None
    assert facts.values[AttributeKind.DIRECTION] == frozenset()
    assert facts.happened[CALL_END] == CALLED


def test_without_an_end_it_is_not_known_that_the_call_ended() -> None:
    """A period that begins with it has not begun, and is not over."""
    assert CALL_END not in facts_of(retained(ended_us=None)).happened


def test_a_basis_is_what_a_tag_says() -> None:
    """Its rules name it without the word before."""
    assert facts_of(retained(tag="basis:contract vip basis:")).values[
        AttributeKind.BASIS
    ] == frozenset({"contract"})
    assert facts_of(retained(tag=None)).values[AttributeKind.BASIS] is None


@pytest.mark.parametrize(
    ("tag", "event"),
    [
        ("contract:k-1", "contract_end"),
        ("case:7", "case_closed"),
        ("warranty:w:1", "event:warranty"),
    ],
)
def test_with_a_key_an_event_that_nobody_told_of_has_not_happened(tag: str, event: str) -> None:
    """Without one nobody could tell of it: that it happened is not known."""
    with_key, without = facts_of(retained(tag=tag)), facts_of(retained(tag="vip"))

    assert with_key.happened == {CALL_END: CALLED, event: None}
    assert without.happened == {CALL_END: CALLED}


@pytest.mark.parametrize("tag", ["contract:", ":k-1", "contract", ""])
def test_a_tag_without_a_name_or_a_key_is_the_key_of_nothing(tag: str) -> None:
    """Half a key finds no event."""
    assert facts_of(retained(tag=tag)).happened == {CALL_END: CALLED}


def test_an_agent_who_took_part_is_a_key_himself() -> None:
    """He has not left; of nobody known it is not known who would have to leave."""
    assert facts_of(retained(agent="a17")).happened["agent_left"] is None
    for nobody in ("", None):
        assert "agent_left" not in facts_of(retained(agent=nobody)).happened


def test_what_was_told_of_a_key_has_happened_on_its_day() -> None:
    """Until somebody tells it has not."""
    told = {EventKey("contract_end", "k-1"): date(2026, 3, 31)}

    assert facts_of(retained(tag="contract:k-1", told=told)).happened["contract_end"] == date(
        2026, 3, 31
    )
    assert facts_of(retained(tag="contract:k-2", told=told)).happened["contract_end"] is None


def test_of_several_keys_the_last_one_counts_when_all_have_happened() -> None:
    """A call about two contracts is kept for the one that ends later."""
    told = {EventKey("agent_left", f"a{at}"): date(2026, 3, at) for at in (1, 2)}

    both = facts_of(retained(agent="a1 a2", told=told))
    one = facts_of(retained(agent="a1 a2 a3", told=told))
    assert both.happened["agent_left"] == date(2026, 3, 2)
    assert one.happened["agent_left"] is None


def test_each_beginning_can_be_known() -> None:
    """A rule that begins with what no recording ever has would keep all that it is about."""
    facts = facts_of(retained(tag="contract:1 case:1", agent="a17"))

    assert set(facts.happened) == set(BEGINNINGS)
