"""Everything under one supervisor, as it is put together."""

from rokuon.compose.embedded import GRACE_S, plans
from rokuon.supervisor import START_ORDER, PartPlan


def test_each_part_is_run_with_the_options_of_the_whole_and_a_grace_of_its_own() -> None:
    """In the order in which they need one another."""
    made = plans(("--config", "a.toml"))

    assert tuple(plan.name for plan in made) == START_ORDER
    assert all(plan.command[-4:-2] == ("--config", "a.toml") for plan in made)
    assert {plan.name: plan.grace_s for plan in made} == GRACE_S


def test_capture_may_take_as_long_to_start_as_all_the_parts_that_it_starts() -> None:
    """Holder, ingest, relay and signalling, one after the other, on a busy machine."""
    (capture,) = (plan for plan in plans(()) if plan.name == "capture")

    assert capture.start_s > 4 * PartPlan(name="one of them", command=()).start_s
