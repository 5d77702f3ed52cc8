"""Every vendor's session by the wire: each statement is true, marked, or says it is not known.

The table stands in `docs/matrix.md`, as `python -m tests.matrix` prints it.
"""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.matrix.table import Table, markdown, tables, wrong_in

pytestmark = pytest.mark.scenario

PAGE = Path(__file__).parents[2] / "docs/matrix.md"


@pytest.fixture(scope="module")
def found() -> Mapping[bool, Table]:
    """All sessions, on a server of their own."""
    return tables()


def test_of_no_session_anything_is_wrong_and_unmarked(found: Mapping[bool, Table]) -> None:
    """Whoever reads a record believes what it does not mark."""
    assert wrong_in(found) == []


def test_the_page_has_the_table_that_is_printed(found: Mapping[bool, Table]) -> None:
    """Else it tells of a version of long ago."""
    assert markdown(found) in PAGE.read_text("utf-8")
