"""Which coroutine is which part."""

import pytest

from rokuon.choices import Part
from rokuon.compose.parts import part_main


@pytest.mark.parametrize("part", [part for part in Part if part is not Part.ALL])
def test_every_part_has_its_own_main(part: Part) -> None:
    """What the supervisor starts exists."""
    assert part_main(part.value).__name__ == f"run_{part.value}"
