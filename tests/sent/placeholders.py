"""What is drawn by chance, replaced by its place in the order of appearance.

Knows the shapes of such values, nothing of where they stand.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

# Secrets, keys of forms, ids and digests; ids of fixtures are counted, and are kept.
_DRAWN: Final = re.compile(
    r"(?<=class=\"secret\">)[^<]+|(?<=expires=)[^;]+|rokuon_[\w-]{16,}|rokuon-[0-9a-f]{16}|\b[0-9a-f]{32,}\b|\b[A-Z2-7]{4}(?:-[A-Z2-7]{4}){2,}\b"
    r"|(?<![\w/+-])(?=[\w+/-]*\d)(?=[\w+/-]*[A-Z])(?=[\w+/-]*[a-z])[\w+/-]{22,}={0,2}"
)
_COUNTED: Final = re.compile(r"(?:.*(?:0{8,}|(..)\1{7,}).*)")
# Beyond times in µs.
_COUNTABLE: Final = 2**53


@dataclass(slots=True)
class Placeholders:
    """Those of one answer; `known` are values that are told by a name."""

    known: Mapping[str, str] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)

    def put(self, value: Any) -> Any:
        """The same with placeholders; bytes by their length."""
        if isinstance(value, bytes):
            return f"<{len(value)} bytes>"
        if isinstance(value, str):
            for own, name in self.known.items():
                value = value.replace(own, name)
            return _DRAWN.sub(self._one, value)
        if isinstance(value, int) and abs(value) > _COUNTABLE:
            return "<drawn>"
        if isinstance(value, dict):
            return {self.put(key): self.put(each) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return [self.put(each) for each in value]
        return value

    def _one(self, found: re.Match[str]) -> str:
        if _COUNTED.fullmatch(found[0]):
            return found[0]
        return self.seen.setdefault(found[0], f"<drawn {len(self.seen) + 1}>")
