"""A job as a machine."""

from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from archive.jobs import (
    FIRST_WAIT_US,
    LEASE_US,
    LONGEST_WAIT_US,
    MAX_ATTEMPTS,
    NO_PROGRESS,
    Beaten,
    CancelWished,
    Claimed,
    Event,
    Failed,
    Job,
    JobOver,
    Lease,
    LeaseLost,
    LeaseRunOut,
    Progress,
    PutBack,
    State,
    StoppedShort,
    Succeeded,
    step,
)

WAITING = Job(due_us=0)
RUNNING = step(WAITING, Claimed("a", 100))


def after(job: Job, *events: Event) -> Job:
    for event in events:
        job = step(job, event)
    return job


def test_a_job_is_claimed_says_how_far_it_is_and_has_its_result() -> None:
    """The whole of a short life."""
    beaten = step(RUNNING, Beaten("a", 200, Progress(3, 10)))
    done = step(beaten, Succeeded("a", 300, {"sum": 3}))

    assert RUNNING.lease == Lease(holder="a", begun_us=100, until_us=100 + LEASE_US, beaten_us=100)
    assert beaten.lease == replace(RUNNING.lease, until_us=200 + LEASE_US, beaten_us=200)  # type: ignore[type-var]  # it has one
    assert (done.state, done.result, done.lease) == (State.DONE, {"sum": 3}, None)
    assert done.progress == Progress(10, 10)
    assert [(each.begun_us, each.ended_us, each.ended) for each in done.history] == [
        (100, 300, "done")
    ]


def test_what_lost_its_worker_is_taken_up_at_once_and_the_worker_counts_no_more() -> None:
    """It may only have been slow: what it says then is of a job that is another's."""
    again = after(RUNNING, LeaseRunOut(100 + LEASE_US), Claimed("b", 100 + LEASE_US))

    assert (again.attempts, again.history[0].ended) == (1, "lost")
    for word in (
        Beaten("a", 1, NO_PROGRESS),
        Succeeded("a", 1, {}),
        Failed("a", 1, "x"),
        StoppedShort("a", 1),
        PutBack("a", 1),
    ):
        with pytest.raises(LeaseLost):
            step(again, word)


def test_what_fails_waits_longer_each_time_and_then_has_failed() -> None:
    """Nobody tries for ever, and a log is not filled in a minute."""
    job, waits = WAITING, []
    while not job.state.is_over:
        job = after(job, Claimed("a", job.due_us), Failed("a", 1_000, "Oops"))
        waits.append(job.due_us - 1_000)

    assert job.state is State.FAILED
    assert len(job.history) == MAX_ATTEMPTS
    assert waits[: MAX_ATTEMPTS - 1] == [FIRST_WAIT_US << at for at in range(MAX_ATTEMPTS - 1)]
    assert max(waits) <= LONGEST_WAIT_US
    assert {each.why for each in job.history} == {"Oops"}


def test_one_that_waits_is_cancelled_at_once() -> None:
    """Nobody has begun it."""
    assert step(WAITING, CancelWished(5)).state is State.CANCELLED


@pytest.mark.parametrize(
    "last",
    [StoppedShort("a", 9), Failed("a", 9, "x"), PutBack("a", 9), LeaseRunOut(100 + LEASE_US)],
)
def test_one_that_runs_goes_on_until_its_worker_has_heard_and_is_not_tried_again(
    last: Event,
) -> None:
    """Also where the worker is killed before it hears: then nobody begins it anew."""
    wished = step(RUNNING, CancelWished(5))

    assert (wished.state, wished.cancel_us) == (State.RUNNING, 5)
    assert step(wished, CancelWished(7)).cancel_us == 5
    assert step(wished, last).state is State.CANCELLED


def test_what_was_done_before_it_heard_is_done() -> None:
    """It would be a lie to say that it was stopped."""
    assert after(RUNNING, CancelWished(5), Succeeded("a", 6, {})).state is State.DONE


def test_what_has_ended_is_not_cancelled() -> None:
    """And says so."""
    with pytest.raises(JobOver):
        after(RUNNING, Succeeded("a", 6, {}), CancelWished(7))


def test_a_worker_that_stops_in_order_leaves_no_attempt() -> None:
    """A house that restarts five times a day loses no job by it."""
    back = step(RUNNING, PutBack("a", 50))

    assert (back.state, back.attempts, back.history, back.due_us) == (State.QUEUED, 0, (), 50)


WORDS = st.sampled_from(["claim", "beat", "fail", "succeed", "stop", "back", "lost", "cancel"])


@given(st.lists(WORDS, max_size=40))
def test_whatever_is_said_a_job_has_a_lease_while_it_runs_and_its_history_has_a_limit(
    words: list[str],
) -> None:
    """Nothing of it is unbounded, and nothing is said of who has it when nobody has."""
    job, at_us = WAITING, 0
    for word in words:
        at_us += LEASE_US
        if event := event_of(word, job, at_us):
            job = step(job, event)
        assert (job.lease is not None) == (job.state is State.RUNNING)
        assert len(job.history) <= MAX_ATTEMPTS
        assert (job.result is not None) == (job.state is State.DONE)


def event_of(word: str, job: Job, at_us: int) -> Event | None:
    """What may be said of it in its state."""
    if word == "claim":
        return Claimed("a", at_us) if job.state is State.QUEUED else None
    if word == "cancel":
        return None if job.state.is_over else CancelWished(at_us)
    if job.state is not State.RUNNING:
        return None
    if word == "lost":
        assert job.lease is not None
        return LeaseRunOut(job.lease.until_us)
    said: dict[str, Event] = {
        "beat": Beaten("a", at_us, Progress(1, 2)),
        "fail": Failed("a", at_us, "x"),
        "succeed": Succeeded("a", at_us, {}),
        "stop": StoppedShort("a", at_us),
        "back": PutBack("a", at_us),
    }
    return said[word]
