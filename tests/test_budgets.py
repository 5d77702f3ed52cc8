"""The table of budgets says what the modules have."""

import importlib
import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[1] / "docs/budgets.md"
ROWS = re.findall(r"^\| (`[^|]+`) \| ([^|]+) \|", PAGE.read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize(("names", "values"), ROWS, ids=[names for names, _ in ROWS])
def test_each_limit_is_what_the_table_says(names: str, values: str) -> None:
    """An administrator sizes a firewall by it."""
    found = []
    for name in re.findall(r"`([\w.]+)`", names):
        module, _, constant = name.rpartition(".")
        found.append(str(getattr(importlib.import_module(module), constant)))

    assert ", ".join(found) == values.strip()
