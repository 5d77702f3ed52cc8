"""What is typed by a page for administrators: its commands, all of them or those of one step.

Knows nothing of what they do.
"""

import re
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
OPERATE: Final = ROOT / "docs/how-to/operate"


def blocks(page: Path) -> list[str]:
    """The lines that are typed, one that is continued as one, without what is said of it."""
    return _typed(page.read_text("utf-8"))


def steps(page: Path, heading: str) -> dict[int, list[str]]:
    """The lines that are typed in each numbered step below a heading."""
    below = page.read_text("utf-8").partition(f"\n## {heading}\n")[2]
    assert below, f"{page.name} has no {heading!r}"
    pieces = re.split(r"^(\d+)\. ", below.partition("\n## ")[0], flags=re.MULTILINE)
    return {
        int(number): _typed(said) for number, said in zip(pieces[1::2], pieces[2::2], strict=True)
    }


def section(page: Path, heading: str) -> list[str]:
    """The lines that are typed below a heading."""
    below = page.read_text("utf-8").partition(f"\n## {heading}\n")[2]
    assert below, f"{page.name} has no {heading!r}"
    return _typed(below.partition("\n## ")[0])


def _typed(text: str) -> list[str]:
    fenced = re.findall(r"^ *```(.*?)\n(.*?)^ *```$", text, re.DOTALL | re.M)
    lines = (
        "".join(typed for kind, typed in fenced if kind in ("", "sh"))
        .replace("\\\n", " ")
        .splitlines()
    )
    return [said for line in lines if (said := re.split(r"\s+#", line)[0].strip())]
