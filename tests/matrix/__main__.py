"""Print the matrix of vendors' sessions: `python -m tests.matrix`. Exits with 1 where one is wrong.

Knows nothing of how its cells are judged.
"""

import sys
from collections import Counter

from tests.matrix.table import markdown, tables, wrong_in


def main() -> int:
    """Play all sessions on a server of their own, and print what is true of each."""
    found = tables()
    cells = [cell for table in found.values() for row in table.values() for cell in row.values()]
    counts = Counter(cell.verdict for cell in cells)
    sums = ", ".join(f"{counts[each]} {each}" for each in ("true", "unknown", "guess", "wrong"))
    wrong = [f"wrong: {each}" for each in wrong_in(found)]
    sys.stdout.write("\n".join([markdown(found), sums, *wrong, ""]))
    return 1 if counts["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
