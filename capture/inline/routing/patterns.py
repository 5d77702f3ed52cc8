"""Numbers of a configuration, whole ones or prefixes, and which called numbers they mean.

Pure. Knows nothing of routes or of SIP.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from archive.call.numbers import e164_prefix, read_number, without_separators

_PATTERN: Final = re.compile(r"\+?[0-9#*-]*[0-9]\*?|\*")
# A large site lists some thousand numbers; each is read once, not at every call.
MAX_REMEMBERED: Final = 16_384


def is_pattern(text: str) -> bool:
    """Is this a number, a prefix that ends in `*`, or `*` for every number?"""
    return _PATTERN.fullmatch(text) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class DialledNumber:
    """A number of a call: as it came, without separators, and in E.164 ("" where it is none)."""

    raw: str
    plain: str
    e164: str

    def is_one_of(self, patterns: tuple[str, ...], country: str) -> bool:
        return any(read_pattern(pattern, country).means(self) for pattern in patterns)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberPattern:
    """A number or a prefix, as dialled and in E.164 ("" where it has no such form)."""

    plain: str
    e164: str
    is_prefix: bool

    def means(self, number: DialledNumber) -> bool:
        """Is it that number, or does the number begin so, in either spelling?"""
        if self.is_prefix:
            return number.plain.startswith(self.plain) or bool(
                self.e164 and number.e164.startswith(self.e164)
            )
        return number.plain == self.plain or bool(self.e164 and number.e164 == self.e164)

    def covers(self, other: "NumberPattern") -> bool:
        """Does it mean every number that the other one means?

        A prefix as dialled is also that of numbers too short, or too long, for E.164: the other
        spelling covers whole numbers alone.
        """
        if not self.is_prefix:
            return self == other
        in_e164 = bool(self.e164 and other.e164.startswith(self.e164))
        spelt = other.plain.startswith(self.plain) or (in_e164 and not other.is_prefix)
        return spelt and (in_e164 or not other.e164)


def read_dialled(raw: str, country: str) -> DialledNumber:
    """A number as it came, read as one of that country ("" where nobody knows)."""
    e164 = read_number(raw, country).e164
    return DialledNumber(raw=raw, plain=without_separators(raw), e164=e164)


@lru_cache(maxsize=MAX_REMEMBERED)
def read_pattern(text: str, country: str) -> NumberPattern:
    """What a pattern means where numbers are those of a country."""
    is_prefix = text.endswith("*")
    plain = without_separators(text.removesuffix("*") if is_prefix else text)
    e164 = e164_prefix(plain, country) if is_prefix else read_number(plain, country).e164
    return NumberPattern(plain=plain, e164=e164, is_prefix=is_prefix)
