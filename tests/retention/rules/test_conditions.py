"""What of a recording decides."""

import pytest

from retention.rules.conditions import AttributeKind, Facts


@pytest.mark.parametrize(
    ("named", "controller"),
    [(frozenset({"acme"}), "acme"), (frozenset(), ""), (None, ""), (frozenset("ab"), "")],
)
def test_a_controller_is_one_that_is_known(named: frozenset[str] | None, controller: str) -> None:
    """Its zone is asked for; of two nobody can say which."""
    assert Facts(values={AttributeKind.CONTROLLER: named}).controller == controller
