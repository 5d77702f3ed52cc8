"""Benchmark figures as JSON and as a Markdown table.

Knows nothing of how they came about.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, is_dataclass
from pathlib import Path
from statistics import median


def _plain(value: object) -> object:
    assert is_dataclass(value)
    assert not isinstance(value, type)
    return asdict(value)


def write_json(path: Path, content: object) -> None:
    """Dataclasses anywhere inside become objects."""
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False, default=_plain) + "\n")


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table; numbers with a fraction get two digits of it."""
    shown = [
        [f"{cell:,.2f}" if isinstance(cell, float) else f"{cell}" for cell in row] for row in rows
    ]
    lines = [heads, ["---"] * len(heads), *shown]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def median_of(values: Sequence[float]) -> float:
    """The median, 0 of none."""
    return median(values) if values else 0.0
