"""The states of a legal hold."""

import pytest

from archive.lifecycle.legal_holds import State, state_of


@pytest.mark.parametrize(
    ("moments", "state"),
    [
        ((None, None, None), "placing"),
        ((1, None, None), "active"),
        ((1, None, 2), "released"),
        ((None, 2, None), "cancelled"),
    ],
)
def test_a_state_follows_from_what_was_done(
    moments: tuple[int | None, int | None, int | None], state: State
) -> None:
    """The register keeps moments; nothing can say two things of one hold."""
    assert state_of(*moments) == state
