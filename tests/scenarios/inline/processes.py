"""The processes of a Rokuon by the names of their parts, as the kernel lists them.

Knows nothing of what the parts do.
"""

from tests.crash.whole import family_of, is_gone, part_of


def part(root: int, name: str) -> int:
    """The process of a part below the first one; 0 while there is none."""
    return next((pid for pid in family_of(root) if part_of(pid) == name and not is_gone(pid)), 0)
