"""In which line of a policy's text a key stands, for whoever mends it.

Reads headers and keys as people write them; what is written in another way has the line of its
rule. Knows nothing of what a key means.
"""

import re
from collections.abc import Iterator
from typing import Final

from retention.rules.policy_flaws import PolicyPlace

_HEADER: Final = re.compile(r"\s*\[+\s*([^\]]*?)\s*\]+")
_KEY: Final = re.compile(r"""\s*("?)([A-Za-z0-9_.-]+)\1\s*=""")
_RULE: Final = "rule"


def line_of(text: str, place: PolicyPlace) -> int:
    """The line, from 1 on, of the key or else of what it is in; 0: it is not in the text."""
    best, found = 0, 0
    for line, number, path in _paths(text):
        if number != place.number:
            continue
        length = _shared(path, place.key)
        if found == 0 or length > best:
            best, found = length, line
    return found if place.number or best else 0


def _paths(text: str) -> Iterator[tuple[int, int, str]]:
    """Each line that names something: the number of its rule (0: none), and the key within that."""
    rules, number, section = 0, 0, ""
    for line, content in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(content):
            first, _, rest = header[1].replace(" ", "").partition(".")
            rules += first == _RULE and not rest
            number, section = (rules, rest) if first == _RULE else (0, header[1])
            yield line, number, section
        elif key := _KEY.match(content):
            yield line, number, f"{section}.{key[2]}".lstrip(".")


def _shared(path: str, key: str) -> int:
    """How many steps of a key a path has; one that goes elsewhere has none."""
    steps, wanted = path.split(".") if path else [], key.split(".")
    return len(steps) if steps == wanted[: len(steps)] else 0
