"""Who changes the register, and the journal's entry of it.

Knows nothing of what is changed, nor of who may.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from archive.access.reach import ReachRule
from archive.access.request import Access
from archive.call.numbers import LAST_DIGITS
from archive.catalog.journal.entries import Action, Detail, Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """As the journal names it (`access`), and the row of the user whose doing it is, 0: nobody's.

    What a service does is the doing of who issued its token.
    """

    access: Access
    user: int = 0

    @property
    def user_or_none(self) -> int | None:
        return self.user or None

    def entry(self, action: Action, target: str, detail: Mapping[str, Detail]) -> Entry:
        """What the journal says of a change; its act is one that the use case declares."""
        acts = self.access.acts
        assert acts is None or action in acts, f"{action} is declared nowhere"
        return Entry(
            tenant=self.access.tenant,
            at_us=self.access.at_us,
            actor=self.access.actor,
            action=action,
            target=target,
            reason=self.access.purpose,
            detail=detail,
        )


def told_of(rule: ReachRule) -> list[str]:
    """A reach for the journal, which keeps of a number four digits; nothing named: `whole`."""
    kinds = (("queue", rule.queues), ("team", rule.teams), ("controller", rule.controllers))
    told = [f"{kind} {value}" for kind, values in kinds for value in sorted(values)]
    told += [f"numbers {_shortened(text)}" for text in sorted(rule.numbers)]
    return told or ["whole"]


def _shortened(numbers: str) -> str:
    ends = (f"…{end[-LAST_DIGITS:]}" for end in numbers.rstrip("*").split("-"))
    return "-".join(ends) + ("*" if numbers.endswith("*") else "")
