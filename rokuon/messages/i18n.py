"""The language of what people read: one gettext catalogue per process, chosen first.

Knows nothing of what is said; the source texts are English.
"""

import gettext
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

DOMAIN: Final = "rokuon"
# Of the package, which is loaded by now: `importlib.resources` takes a command 10 ms.
LOCALE_PATH: Final = Path(sys.modules["rokuon"].__path__[0]) / "locale"
LANGUAGES: Final = ("en", "ja")
_VARIABLES: Final = ("ROKUON_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


class _Spoken:
    catalogue: gettext.NullTranslations = gettext.NullTranslations()
    language: str = "en"


def speak(language: str) -> None:
    """Answer in `language` from now on; one that we do not have is English."""
    _Spoken.language = language if language in LANGUAGES else "en"
    _Spoken.catalogue = _catalogue(_Spoken.language)


def language() -> str:
    return _Spoken.language


def tr(text: str) -> str:
    """Translate a source text; placeholders are filled by the caller afterwards."""
    return _Spoken.catalogue.gettext(text)


def words_in(language: str, text: str) -> str:
    """Translate a source text into a language, whichever is in force here."""
    return _catalogue(language).gettext(text)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, str(LOCALE_PATH), languages=[language], fallback=True)


def choose(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """Find the language asked for: `--lang` first, then the environment, else English."""
    for position, argument in enumerate(arguments):
        if argument.startswith("--lang="):
            return argument.removeprefix("--lang=")[:2]
        if argument == "--lang" and position + 1 < len(arguments):
            return arguments[position + 1][:2]
    for variable in _VARIABLES:
        if environment.get(variable):
            return environment[variable][:2]
    return "en"
