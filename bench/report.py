"""Benchmark figures as JSON and as Markdown: tables, medians, spreads.

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
    path.parent.mkdir(parents=True, exist_ok=True)
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


def spread(values: Sequence[float]) -> str:
    """The median with the least and the most in brackets; a dash of none, alone of one."""
    match len(values):
        case 0:
            return "–"
        case 1:
            return f"{values[0]:,.2f}"
        case _:
            return f"{median_of(values):,.2f} ({min(values):,.2f}–{max(values):,.2f})"
