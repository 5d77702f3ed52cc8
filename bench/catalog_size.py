"""What each table of an embedded catalog takes of the disk, a call: `python -m bench.catalog_size`.

Knows no table.
"""

import argparse
import sqlite3
from collections import defaultdict
from contextlib import closing
from pathlib import Path
from typing import Final

from bench.report import table

HEADS: Final = ("table", "rows a call", "of rows, B", "of indexes, B", "together, B a call")
_PAGES: Final = (
    "SELECT coalesce(tbl_name, dbstat.name), coalesce(type, 'table'), sum(pgsize) FROM dbstat"
    " LEFT JOIN sqlite_schema USING (name) GROUP BY 1, 2"
)


def sizes(database: sqlite3.Connection, calls: int) -> list[list[object]]:
    """A line for each table, the largest first; then all of them."""
    found: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for name, kind, size in database.execute(_PAGES):
        found[name][kind] = size / calls
    lines: list[tuple[str, float, float, float]] = [
        (name, _rows(database, name) / calls, each.get("table", 0.0), each.get("index", 0.0))
        for name, each in found.items()
    ]
    lines.sort(key=lambda line: -line[2] - line[3])
    _, *columns = zip(*lines, strict=True)
    rows, tables, indexes = map(sum, columns)
    return [[*line, line[2] + line[3]] for line in (*lines, ("all", rows, tables, indexes))]


def _rows(database: sqlite3.Connection, name: str) -> int:
    """Also of SQLite's own tables, which have none that count."""
    return int(database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])  # noqa: S608


def main() -> None:
    """Print the table; `--calls` says how many calls are in the file."""
    parser = argparse.ArgumentParser(prog="python -m bench.catalog_size", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--calls", type=int, required=True)
    asked = parser.parse_args()
    with closing(sqlite3.connect(f"{asked.file.resolve().as_uri()}?mode=ro", uri=True)) as database:
        print(table(HEADS, sizes(database, asked.calls)), end="")


if __name__ == "__main__":
    main()
