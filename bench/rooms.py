"""The rooms in `docs/architecture.md`, made of docstrings by `python -m bench.rooms docs`.

Knows nothing of what may import what.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = "architecture.md"
_TABLE: Final = re.compile(r"(\n### (\w+)\n\n[^|]*\| room \| \|\n\|---\|---\|\n)((?:\| .*\|\n)+)")
_ROW: Final = re.compile(r"^\| `(.+)/` \| (.+) \|$", re.MULTILINE)


def page(text: str) -> str:
    """The page with the rooms of each package made anew."""
    return _TABLE.sub(lambda found: found[1] + "".join(_rows(found[2], found[3])), text)


def _rows(package: str, before: str) -> Iterator[str]:
    """A folder without an `__init__` keeps the words that stand there."""
    kept = dict(_ROW.findall(before))
    folders = {path.parent for path in (ROOT / package).rglob("*.py")}
    for folder in sorted(folders, key=lambda path: path.parts):
        room, own = folder.relative_to(ROOT).as_posix(), folder / "__init__.py"
        words = ast.get_docstring(ast.parse(own.read_text("utf-8"))) if own.exists() else kept[room]
        yield f"| `{room}/` | {' '.join((words or '').split())} |\n"


def main() -> int:
    """Write the tables anew into the page of the folder that is named."""
    file = Path(sys.argv[1]) / PAGE
    file.write_text(page(file.read_text("utf-8")), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
