"""Keys of facts: made for what is about to go, the same again, and destroyed as any other."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from archive.errors import KeyRefused
from archive.ids import PlanId, RecordingId
from archive.keys.errors import Refusal
from archive.keys.guard.destruction import DestroyedRecording, DestructionOrder, destroy
from archive.keys.guard.facts_keys import FactsKey, FactsResponder, facts_keys
from archive.keys.guard.plans import end_plan, open_plan, plan_recordings, seal_plan
from archive.keys.wire.facts_messages import MAX_FACTS, KeepFacts
from archive.lifecycle.tombstone import facts_id
from tests.archive.keys.scene import NOW_US, some_header
from tests.archive.keys.vault import PLAN, terms
from tests.support.keys.keystore import NODE, Bench

LATER = PlanId(b"later".ljust(16, b"\0"))


class Planned(Bench):
    """A keystore with one archived recording that is planned, and one that is not."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.own, self.other = self._archived(), self._archived()
        self.plan(PLAN, [self.own])

    def _archived(self) -> RecordingId:
        header = some_header(NODE)
        self.keystore.adopt(header, bytes(32))
        self.keystore.confirm(header.key)
        self.keystore.mark_archived(header.key)
        return header.recording

    def plan(self, plan: PlanId, own: Sequence[RecordingId]) -> None:
        open_plan(self.connection, plan, terms())
        plan_recordings(self.connection, plan, [(each, 1) for each in own])
        seal_plan(self.connection, plan, terms().digest, NOW_US)

    def keys(self, *own: RecordingId) -> tuple[FactsKey | None, ...]:
        return facts_keys(self.connection, self.keystore, PLAN, own)


@pytest.fixture
def made(tmp_path: Path) -> Planned:
    return Planned(tmp_path)


def test_what_is_about_to_go_has_one_key_however_often_it_is_asked_for(made: Planned) -> None:
    """A runner that was killed seals anew, by the same key; what is not planned has none."""
    (key, other) = made.keys(made.own, made.other)
    again = made.keys(made.own)

    assert key is not None
    assert (again, other) == ((key,), None)
    assert bytes(key.key) not in repr(key).encode()
    assert made.keystore.open(key.id) == key.key, "as the API opens it"


def test_destroying_the_recording_leaves_the_key_of_its_facts_which_nobody_gets_here_any_more(
    made: Planned,
) -> None:
    """What is copied only afterwards is no copy of what was."""
    (key,) = made.keys(made.own)
    assert key is not None
    order = DestructionOrder(PLAN, 0, [made.own])

    assert destroy(made.connection, order, NOW_US) == (DestroyedRecording(made.own, NOW_US),)
    assert made.keystore.open(key.id) == key.key
    assert made.keys(made.own) == (None,)


def test_the_key_of_facts_goes_by_a_plan_of_its_own_and_never_comes_back(made: Planned) -> None:
    """To the guard it is a recording with one key."""
    (key,) = made.keys(made.own)
    assert key is not None
    facts = facts_id(made.own)
    made.plan(LATER, [facts])

    assert destroy(made.connection, DestructionOrder(LATER, 0, [facts]), NOW_US) == (
        DestroyedRecording(facts, NOW_US),
    )
    assert made.keys(made.own) == (None,), "though the recording has its keys"
    with pytest.raises(KeyRefused, match=Refusal.KEY_DESTROYED):
        made.keystore.open(key.id)


def test_of_a_plan_that_ended_or_never_was_there_is_no_key(made: Planned) -> None:
    """Nothing is about to go by it."""
    nowhere = facts_keys(made.connection, made.keystore, LATER, [made.own])
    end_plan(made.connection, PLAN)

    assert (nowhere, made.keys(made.own)) == ((None,), (None,))


@pytest.mark.parametrize(
    "ask",
    [
        KeepFacts(plan=PLAN.raw, recordings=(bytes(16),) * (MAX_FACTS + 1)),
        KeepFacts(plan=PLAN.raw, recordings=(bytes(15),)),
        KeepFacts(plan=bytes(3), recordings=()),
    ],
)
def test_what_is_malformed_is_refused(made: Planned, ask: KeepFacts) -> None:
    """Too many, too short."""
    with pytest.raises(KeyRefused, match=Refusal.MALFORMED):
        FactsResponder(made.connection, made.keystore).answer(ask)
