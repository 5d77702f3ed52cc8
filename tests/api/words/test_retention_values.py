"""Every value of retention that is shown has words."""

from typing import get_args

import pytest

from api.destruction.plan_course import RUNS
from api.simulations.circumstances import What
from api.simulations.simulation import Change, Then
from api.words.retention_values import RETENTION
from archive.job_queue import JobKind
from archive.jobs import State
from archive.keys.clock_watch import Doubt, KernelWord
from archive.keys.guard.destruction import Why
from archive.lifecycle.intention import Scope
from archive.lifecycle.legal_holds import Because, Found, State as HoldState
from archive.lifecycle.tombstone import DestroyedBy
from retention.decisions.brakes import Brake
from retention.decisions.due import Cause, Waiting
from retention.decisions.run_stages import Ended, Stage

# What the rest of a plan waits for by the word of the key daemon.
WAITS = (Why.PLACING, Why.RECHECK, Why.BRAKE)
VALUES: dict[str, tuple[str, ...]] = {
    "simulated_change": tuple(Change),
    "simulated_stand": tuple(Then),
    "circumstance": get_args(What),
    "job_state": (*State, "stopping"),
    "job_kind": tuple(JobKind),
    "clock_doubt": ("", *Doubt),
    "clock_kernel": tuple(KernelWord),
    "stage": tuple(Stage),
    "cause": tuple(Cause),
    "overdue": (*Cause, *Waiting),
    "destroyed_by": get_args(DestroyedBy),
    "scope": get_args(Scope),
    "plan_state": (*Ended, RUNS, *Brake, *Waiting, *WAITS),
    "hold_state": get_args(HoldState),
    "held_state": get_args(Found),
    "held_because": get_args(Because),
}


@pytest.mark.parametrize("kind", VALUES)
def test_a_kind_has_words_for_each_value_that_there_is(kind: str) -> None:
    """A code on a page is jargon."""
    assert set(map(str, VALUES[kind])) == set(RETENTION[kind])
