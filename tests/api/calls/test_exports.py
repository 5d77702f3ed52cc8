"""Copies that are taken away."""

import pytest

from api.calls.exports import ExportSlots
from api.permissions.errors import TooManyExports


def test_no_more_copies_are_made_at_once_than_there_are_places() -> None:
    """Each may hold a whole call in memory; one that is done makes room."""
    room = ExportSlots(places=1)
    with room.place(), pytest.raises(TooManyExports), room.place():
        pass
    entered = []
    with room.place():
        entered.append(1)

    assert entered == [1]
