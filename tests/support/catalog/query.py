"""What tests of query share."""

from datetime import datetime

from archive.access.query import Window
from tests.archive.catalog.examples import TOKYO


def october(start: str = "2026-10-29T17:00", end: str = "2026-10-29T18:00") -> Window:
    """A window in Tokyo."""
    return Window(
        start_at=datetime.fromisoformat(start).replace(tzinfo=TOKYO),
        end_at=datetime.fromisoformat(end).replace(tzinfo=TOKYO),
        zone=TOKYO,
    )
