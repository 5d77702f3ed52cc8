"""Telephone numbers as a call shows them and as people remember them.

Pure. Knows nothing of SIP messages or the catalog; the country is an argument.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import unquote

from archive.flaws import Flaw, PartRefused
from archive.folded_names import encloses

LAST_DIGITS: Final = 4
# Fewer digits than three name nobody and would match a third of an archive.
MIN_SUFFIX_DIGITS: Final = 3
# E.164 allows 15 digits; with an international prefix nothing sensible is longer.
MAX_CLUE_DIGITS: Final = 20
# Below this, a leading zero may be a digit of the suffix and not the trunk prefix.
_TRUNK_ZERO_FROM_DIGITS: Final = 8
_SEPARATORS: Final = re.compile(r"[\s()./\-‐-―−ー・]+")
_NUMBER: Final = re.compile(r"\+?[0-9]+")
# What stands around a number, beside brackets and the like.
_EDGES: Final = frozenset(";,'")
# Without dots: an address of IPv4 is no number.
_ALONE: Final = re.compile(r"\+?[0-9][0-9()\- ]*")
_PORT: Final = re.compile(r":[0-9]{1,5}$")
_SCHEME: Final = re.compile(r"(sips?|tel):", re.IGNORECASE)
# The numbers of a call are read again with everything that tells of them.
_REMEMBERED: Final = 256


class NumberClueRefused(PartRefused):
    """What was given as a number's clue cannot be searched for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A party's number: as received, in E.164 where it is one, and its digits from the end."""

    raw: str
    e164: str
    reversed_digits: str

    @property
    def last4(self) -> str:
        """The last four digits, in their order; fewer where there are fewer."""
        return self.reversed_digits[:LAST_DIGITS][::-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberClue:
    """A number to look for: in full, by its last digits, or as received.

    `e164` is "" unless the clue can only be one whole number; `suffix` is the digits that any
    spelling of it ends with ("" for a raw clue); `raw` is the clue as given.
    """

    e164: str
    suffix: str
    raw: str


def without_separators(text: str) -> str:
    """A number as it is dialled: no spaces, brackets or dashes, digits of one width."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))


def number_digits(text: str) -> str:
    """The digits of a number as it is dialled, with `+` where it has one; "" of what is none.

    Brackets and the like around it are none of its, nor are `*` and `#` of a code: no digits are
    picked out of a text.
    """
    return _digits(_bare(text))


def _digits(bare: str) -> str:
    plain = bare.lstrip("*#").rstrip("#")
    return plain if _NUMBER.fullmatch(plain) else ""


def _bare(text: str) -> str:
    """A number as it is dialled, without what encloses it."""
    plain = unicodedata.normalize("NFKC", text).strip()
    while plain and _is_edge(plain[0]):
        plain = plain[1:].lstrip()
    while plain and _is_edge(plain[-1]):
        plain = plain[:-1].rstrip()
    return without_separators(plain)


def _is_edge(character: str) -> bool:
    return character in _EDGES or encloses(character)


def _whole(bare: str, country: str) -> str:
    """A number in E.164; what a code stands before is not a whole one."""
    digits = _digits(bare)
    return _e164(digits, country) if digits and digits == bare else ""


# The tables of `phonenumbers` are loaded where a number is read: most commands read none.


@lru_cache(_REMEMBERED)
def _e164(digits: str, country: str) -> str:
    import phonenumbers

    try:
        parsed = phonenumbers.parse(digits, country or None)
    except phonenumbers.NumberParseException:
        return ""
    whole = digits.startswith("+") and phonenumbers.is_possible_number(parsed)
    if not (whole or phonenumbers.is_valid_number(parsed)):
        return ""
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def user_part(aor: str) -> str:
    """The user part of a SIP or tel URI without parameters and escapes ("" where there is none).

    A name before an address in brackets is no part of it. An address without a scheme is taken as
    that of a SIP URI. A number that stands alone, bare or where a SIP URI has its host (and
    port), is one: recording clients write so. RFC 3261 §19.1.1, RFC 3966 §3.
    """
    text = aor.rpartition("<")[2].partition(">")[0].strip()
    scheme = _SCHEME.match(text)
    rest = text[scheme.end() :] if scheme else text
    user, at, _ = rest.rpartition("@")
    if scheme is not None and scheme.group(1).lower() == "tel":
        user = rest
    elif not at:
        user = _alone(rest if scheme is None else _PORT.sub("", rest.partition(";")[0]))
    elif scheme is None and ":" in user:
        return ""  # of another scheme
    else:
        user = user.partition(":")[0]
    return unquote(user.partition(";")[0].partition("?")[0])


def _alone(address: str) -> str:
    return address if _ALONE.fullmatch(address.partition(";")[0]) else ""


def read_number(raw: str, country: str) -> Number:
    """Read a number as received; `country` is ISO 3166 alpha-2 or "" where nobody knows."""
    bare = _bare(raw)
    plain = _digits(bare)
    if not plain:
        return Number(raw=raw, e164="", reversed_digits="")
    e164 = _whole(bare, country)
    digits = (e164 or plain).lstrip("+")
    return Number(raw=raw, e164=e164, reversed_digits=digits[::-1])


def calling_code(country: str) -> str:
    """The digits behind `+` in a country's numbers, "" where nobody knows."""
    import phonenumbers

    code = phonenumbers.country_code_for_region(country)
    return str(code) if code else ""


def e164_prefix(dialled: str, country: str) -> str:
    """How the E.164 form of every number begins that is dialled with these first digits.

    "" where that cannot be said: the first digits of an extension, or of a number in a country
    that puts no trunk prefix before its numbers.
    """
    plain = without_separators(dialled)
    if plain.startswith("+"):
        return plain
    import phonenumbers

    code = calling_code(country)
    trunk = phonenumbers.ndd_prefix_for_region(country, True) if code else None  # noqa: FBT003  # positional there
    if not trunk or not plain.startswith(trunk):
        return ""
    return f"+{code}{plain.removeprefix(trunk)}"


def begins_in_e164(dialled: str, country: str) -> str:
    """`e164_prefix`, also where people write no trunk prefix: of a town's code in North America.

    Two digits and fewer may be those of another country.
    """
    found, plain = e164_prefix(dialled, country), without_separators(dialled)
    if found or len(plain) < MIN_SUFFIX_DIGITS or not _is_written_without_trunk(country):
        return found
    return f"+{calling_code(country)}{plain}"


def _is_written_without_trunk(country: str) -> bool:
    import phonenumbers

    code = calling_code(country)
    # In North America the trunk prefix is the country's code, and both are left out.
    return bool(code) and phonenumbers.ndd_prefix_for_region(country, True) in {None, "", code}  # noqa: FBT003  # positional there


def party_number(aor: str, names: tuple[str, ...], country: str) -> Number:
    """The number of a participant: the user part of its address, else a name that is a number."""
    user = user_part(aor)
    numeric = [text for text in (user, *names) if number_digits(text)]
    return read_number(numeric[0] if numeric else user, country)


def read_clue(text: str, country: str) -> NumberClue:
    """Read what somebody typed: any spelling, or at least three last digits.

    Raises `NumberClueRefused` for fewer or too many digits, or for nothing at all.
    """
    raw = text.strip()
    if not without_separators(raw):
        raise NumberClueRefused("number", Flaw.NO_NUMBER)
    plain = number_digits(raw)
    if not plain:
        return NumberClue(e164="", suffix="", raw=raw)
    digits = plain.lstrip("+")
    if not MIN_SUFFIX_DIGITS <= len(digits) <= MAX_CLUE_DIGITS:
        raise NumberClueRefused(
            "number", Flaw.NUMBER_DIGITS, least=MIN_SUFFIX_DIGITS, most=MAX_CLUE_DIGITS
        )
    e164 = _whole(_bare(raw), country)
    whole = plain.startswith(("+", "0"))  # without either, the same digits may end a longer number
    return NumberClue(e164=e164 if whole else "", suffix=_common_suffix(digits, e164), raw=raw)


def _common_suffix(digits: str, e164: str) -> str:
    """The digits that the number ends with, however it was written."""
    if e164:
        import phonenumbers

        return str(phonenumbers.national_significant_number(phonenumbers.parse(e164)))
    if len(digits) >= _TRUNK_ZERO_FROM_DIGITS:
        return digits.lstrip("0") or digits
    return digits
