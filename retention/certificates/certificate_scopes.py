"""What of its recordings a run destroyed where that was not all, as a certificate says it; pages.

Pure. Counts come from the list; until when facts are kept is by the rules of the day of the run.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

from retention.certificates.destroyed_list import DestroyedRecording

_UNSTATED: Final = "unstated"
_AUDIO: Final = re.compile(r"recordings (\d+), facts until (\S+)")
_FACTS: Final = re.compile(r"recordings (\d+)")
_LEDGER: Final = re.compile(r"pages (\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scopes:
    """Of how many the audio alone went, of how many what was told of them.

    `until` is when the last facts of the former end; "": of some no rule said. So many of what went
    were `pages` of the ledger.
    """

    audio: int = 0
    until: str = ""
    facts: int = 0
    pages: int = 0

    @classmethod
    def of(cls, recordings: Iterable[DestroyedRecording]) -> Self:
        said = [each.said for each in recordings]
        ends = [str(each.facts_until) for each in said if each.scope == "audio"]
        return cls(
            audio=len(ends),
            until=max(ends) if all(ends) and ends else "",
            facts=sum(each.scope == "facts" for each in said),
            pages=sum(each.scope == "ledger" for each in said),
        )

    @classmethod
    def read(cls, values: Mapping[str, Sequence[str]]) -> Self:
        """From the lines of a certificate, by names; raises `ValueError`."""
        found = cls()
        if "audio" in values:
            count, until = parts_of(_AUDIO, values["audio"][0])
            found = cls(audio=int(count), until="" if until == _UNSTATED else until)
        if "facts" in values:
            (count,) = parts_of(_FACTS, values["facts"][0])
            found = replace(found, facts=int(count))
        if "ledger" in values:
            (count,) = parts_of(_LEDGER, values["ledger"][0])
            found = replace(found, pages=int(count))
        return found

    def lines(self) -> Iterator[str]:
        """None where everything went whole."""
        if self.audio:
            yield f"audio: recordings {self.audio}, facts until {self.until or _UNSTATED}"
        if self.facts:
            yield f"facts: recordings {self.facts}"
        if self.pages:
            yield f"ledger: pages {self.pages}"


WHOLES: Final = Scopes()


def parts_of(form: re.Pattern[str], text: str) -> tuple[str, ...]:
    """What a line of this form has in its groups. Raises `ValueError`."""
    found = form.fullmatch(text)
    if not found:
        raise ValueError(text)
    return found.groups()
