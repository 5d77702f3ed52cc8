"""Everything under one supervisor, as it is put together."""

from rokuon.compose.embedded import GRACE_S, plans
from rokuon.supervisor import START_ORDER


def test_each_part_is_run_with_the_options_of_the_whole_and_a_grace_of_its_own() -> None:
    """In the order in which they need one another."""
    made = plans(("--config", "a.toml"))

    assert tuple(plan.name for plan in made) == START_ORDER
    assert all(plan.command[-4:-2] == ("--config", "a.toml") for plan in made)
    assert {plan.name: plan.grace_s for plan in made} == GRACE_S
