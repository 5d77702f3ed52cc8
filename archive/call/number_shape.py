"""Whose side the length of numbers suggests: a full number is outside, an extension is ours.

Pure, and a guess. Knows nothing of legs, streams or sources.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from archive.call.events import Side
from archive.call.numbers import Number, without_separators

MAX_EXTENSION_DIGITS: Final = 6
# With as few digits a country has numbers for everybody: 110, 119, 117.
_PUBLIC_DIGITS: Final = 3
_MIN_DIGITS: Final = 2
# The time, the weather, faults: `phonenumbers` has only some of Japan's services of three digits.
_SERVICES: Final = {
    "JP": frozenset({
        "104", "110", "111", "113", "114", "115", "116", "117", "118", "119", "135", "136", "141",
        "142", "144", "147", "148", "151", "157", "159", "161", "162", "171", "177", "184", "186",
        "188", "189",
    }),
}  # fmt: skip
# As many digits, and so begun, have numbers of social value all over Europe: 116117.
_SOCIAL_DIGITS: Final = 6
_SOCIAL: Final = "116"


def is_extension(number: Number, country: str) -> bool:
    """Is it short as numbers within a house are, and no public short number of the country?

    Of a country that nobody knows any number of three digits may be a public one.
    """
    digits = without_separators(number.raw)
    if number.e164 or not (digits.isascii() and digits.isdigit()):
        return False
    if not _MIN_DIGITS <= len(digits) <= MAX_EXTENSION_DIGITS:
        return False
    may_be_public = len(digits) <= _PUBLIC_DIGITS or (
        len(digits) == _SOCIAL_DIGITS and digits.startswith(_SOCIAL)
    )
    return not (may_be_public and _is_public(digits, country))


def side_by_shape(numbers: Iterable[Number], country: str) -> Side:
    """The side of somebody with these numbers, beside somebody of the other shape."""
    known = tuple(numbers)
    if any(each.e164 for each in known):
        return "customer"
    return "agent" if any(is_extension(each, country) for each in known) else "unknown"


def sides_by_shape(people: Sequence[Sequence[Number]], country: str) -> tuple[Side, ...]:
    """The sides of people by their numbers, in order; () where these do not tell them apart.

    They do where exactly one has a full number and everybody else an extension.
    """
    found = tuple(side_by_shape(numbers, country) for numbers in people)
    is_told = found.count("customer") == 1 and "agent" in found and "unknown" not in found
    return found if is_told else ()


def _is_public(digits: str, country: str) -> bool:
    import phonenumbers  # as in `archive.call.numbers`: most commands read no number

    if not country or digits in _SERVICES.get(country, ()):
        return True
    try:
        number = phonenumbers.parse(digits, country)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_short_number_for_region(number, country)
