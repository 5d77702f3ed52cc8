"""Words to choose from agree with what the archive and the supervisor know."""

from typing import get_args

from archive.call import direction
from rokuon.compose.processes.supervisor import START_ORDER, STOP_ORDER
from rokuon.messages.choices import Direction, Part


def test_every_direction_that_can_be_asked_for_is_one_of_the_archive() -> None:
    """A word that nothing has would find nothing, silently."""
    assert {word.value for word in Direction} <= set(get_args(direction.Direction))


def test_every_part_is_started_and_stopped_by_the_supervisor() -> None:
    """A part that is missing in an order would be left running."""
    of_capture = {"holder", "ingest", "relay", "signalling"}
    parts = {word.value for word in Part} - {"all"} - of_capture

    assert parts == set(START_ORDER) == set(STOP_ORDER)
