"""On what grounds a recording goes as a whole, and why another does not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from archive.lifecycle.intention import Scope
from retention.decisions.bounds import Bound, Bounds, Unknown
from retention.decisions.decision import NOTHING_STANDS, Erasure, Hold, Standing, decide
from retention.decisions.due import (
    Cause,
    Grounds,
    Waiting,
    reason_now,
    verdict,
    verdict_of_facts,
    verdict_of_page,
)

NOW = datetime(2026, 11, 27, tzinfo=UTC)
PAST, LATER = NOW - timedelta(days=9), NOW + timedelta(days=9)
DUE = Bounds(ceiling=Bound(PAST, ("b", "a")), floor=Bound(PAST, ("kept",)))
COURT = Standing(erasures=(Erasure("C2", "court", PAST),))
CAUSES = [
    (DUE, Standing(holds=(Hold("H1", "m"),)), Cause.HELD),
    (DUE, Standing(freezes=frozenset({"C1"})), Cause.FROZEN),
    (DUE, Standing(problems=("clock",)), Cause.UNKNOWN),
    (replace(DUE, unknown=(Unknown("a", "queue"),)), NOTHING_STANDS, Cause.UNKNOWN),
    (replace(DUE, floor=Bound(LATER, ("law",))), NOTHING_STANDS, Cause.RESTRICTED),
    (Bounds(ceiling=Bound(LATER, ("a",))), NOTHING_STANDS, Cause.NOT_DUE),
    (Bounds(), NOTHING_STANDS, Cause.NOT_DUE),
]


def test_the_grounds_are_the_rules_that_end_it_and_not_those_that_kept_it() -> None:
    """A person approves by which rule something goes."""
    decision = decide(DUE, NOTHING_STANDS, NOW)

    assert verdict(7, decision, decision) == Grounds(7, ("a", "b"))


def test_an_erasure_is_a_ground_by_its_case() -> None:
    """So that no standing approval of rules covers it."""
    decision = decide(DUE, COURT, NOW)
    grounds = verdict(7, decision, decision)

    assert grounds == Grounds(7, ("case:C2",))
    assert isinstance(grounds, Grounds)
    assert grounds.is_erasure
    assert not Grounds(7, ("a",)).is_erasure


@pytest.mark.parametrize(("own", "standing", "cause"), CAUSES)
def test_what_is_kept_says_by_what(own: Bounds, standing: Standing, cause: Cause) -> None:
    """The first in the order of precedence."""
    decision = decide(own, standing, NOW)

    assert verdict(7, decision, decision) is cause


def test_a_recording_whose_metadata_must_be_kept_goes_with_its_audio_alone() -> None:
    """That is another act: who approves the one has not approved the other."""
    audio = decide(DUE, NOTHING_STANDS, NOW)
    metadata = decide(Bounds(ceiling=Bound(LATER, ("m",))), NOTHING_STANDS, NOW)

    assert verdict(7, audio, metadata) == Grounds(7, ("a", "b"), "audio")
    assert verdict_of_facts(7, metadata) is Cause.NOT_DUE
    assert verdict_of_facts(7, audio) == Grounds(7, ("a", "b"), "facts")
    assert verdict_of_page(7, audio) == Grounds(7, ("a", "b"), "ledger")
    assert verdict_of_page(7, metadata) is Cause.NOT_DUE
    scopes = get_args(Scope)
    said = {one for each in scopes for one in Grounds(7, ("a",), each).approved}
    assert said == {(7, "a"), (7, "audio:a"), (7, "facts:a"), (7, "ledger:a")}


@pytest.mark.parametrize("last", ["held", "frozen", "unknown", "restricted", "not_due", None])
def test_why_it_has_not_gone_is_said_as_of_now(last: str | None) -> None:
    """The hold that dropped it from the last plan was released, or it would not be due."""
    assert reason_now(last) is Waiting.NOT_PLANNED


@pytest.mark.parametrize("last", ["stopped", "key_unknown", "not_archived", "other_keys"])
def test_what_a_run_found_stays_the_reason(last: str) -> None:
    """No judgement knows of it, and none takes it back."""
    assert reason_now(last) == last
