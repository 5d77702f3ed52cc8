"""Who had a hand in making whom, and which two persons are apart: neither speaks for the other.

Pure. Knows nothing of what two persons are needed for, nor of the register.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage:
    """Of each user who made it, gave it a role, mapped a name to it, or made a token or a sign-in
    code for it.

    `os_names` are those that were ever a user's: who logs in by them has been that user.
    """

    makers: Mapping[int, frozenset[int]] = field(default_factory=dict)
    os_names: Mapping[int, frozenset[str]] = field(default_factory=dict)

    def behind(self, user: int) -> frozenset[int]:
        """All who had a hand in a user, directly or over others; a user may be one of its own."""
        found: set[int] = set()
        ahead = [user]
        while ahead:
            new = self.makers.get(ahead.pop(), frozenset()) - found
            found |= new
            ahead.extend(new)
        return frozenset(found)

    def are_apart(self, one: int, other: int) -> bool:
        """Whether the two are persons of whom neither can have been the other."""
        nobody: frozenset[str] = frozenset()
        return (
            one != other
            and one not in self.behind(other)
            and other not in self.behind(one)
            and self.os_names.get(one, nobody).isdisjoint(self.os_names.get(other, nobody))
        )
