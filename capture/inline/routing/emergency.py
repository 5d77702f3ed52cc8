"""Is somebody calling for help? Such a call goes through whatever else holds.

Pure. Knows nothing of routes or of what is spared these calls.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from archive.call.numbers import calling_code, user_part

# RFC 5031 §4.2: the service and everything below it.
_SOS: Final = "urn:service:sos"
_NO_DIGIT: Final = re.compile(r"[^0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyNumbers:
    """The numbers at which help is called, as digits."""

    numbers: frozenset[str]

    def are_called(self, *, number: str, uri: str, country: str) -> bool:
        """Is the called number, or the Request-URI, one of them?

        `country` is that of the caller's source; with its calling code in front it is the same
        number. A number that merely begins like one of them is none, nor is a name with digits.
        """
        if _is_sos(uri):
            return True
        return any(self._hold(text, country) for text in (number, user_part(uri)))

    def _hold(self, text: str, country: str) -> bool:
        digits = _digits(text)
        code = calling_code(country)
        return digits in self.numbers or bool(
            code and digits.startswith(code) and digits.removeprefix(code) in self.numbers
        )


def emergency_numbers(written: tuple[str, ...]) -> EmergencyNumbers:
    return EmergencyNumbers(numbers=frozenset(filter(None, map(_digits, written))))


def _is_sos(uri: str) -> bool:
    lowered = uri.strip().lower()
    return lowered == _SOS or lowered.startswith(f"{_SOS}.")


def _digits(text: str) -> str:
    """The digits of a number in any form, "" for what has letters and is thus no number."""
    number = unicodedata.normalize("NFKC", _without_scheme(text)).partition(";")[0]
    return "" if any(sign.isalpha() for sign in number) else _NO_DIGIT.sub("", number)


def _without_scheme(text: str) -> str:
    return user_part(text) if ":" in text else text
