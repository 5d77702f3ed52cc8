"""The seam around typst: a letter goes in as data, a PDF/A-2a comes out.

What stands in a letter is text, whatever it looks like: it goes to the template as JSON, never as
markup. The template is bytes without a folder and asks for no package: nothing is fetched. Needs
the extra `letters`. Knows nothing of what a letter is about.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

EXTRA: Final = "letters"
# The first is what letters are set in; what it lacks, rare kanji of names, is of the second.
FONTS: Final = {
    "BIZ UDPGothic": "fonts-morisawa-bizud-gothic",
    "IPAmjMincho": "fonts-ipamj-mincho",
}
_STANDARD: Final = "a-2a"
_S: Final = 1_000_000


class LettersNotInstalled(Exception):
    """The extra `letters` is not there: nothing sets letters here."""


class LetterFontMissing(Exception):
    """None of the fonts of letters is on this machine."""


class LetterRefused(Exception):
    """It cannot be set: no font here has all of its characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part under a heading; `verbatim` is a text that keeps its lines."""

    title: str
    lines: tuple[str, ...] = ()
    verbatim: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What stands in a letter; the same with the same time gives the same bytes."""

    title: str
    author: str
    language: str
    at_us: int
    facts: tuple[tuple[str, str], ...] = ()
    lines: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    footer: str = ""


def set_letter(letter: Letter) -> bytes:
    """The PDF; takes a few hundredths of a second, the first time longer.

    Raises `LettersNotInstalled`, `LetterFontMissing`, `LetterRefused`.
    """
    typst, found = _typst(), _fonts()
    known = [family for family in FONTS if family in found.families()]
    if not known:
        _fonts.cache_clear()
        raise LetterFontMissing("no font for letters")
    # Over bytes a compiler knows its first document for ever: each letter has its own.
    compiler = typst.Compiler(
        _template(),
        font_paths=found,
        ignore_system_fonts=True,
        sys_inputs={"letter": json.dumps({**asdict(letter), "fonts": known})},
    )
    try:
        made = compiler.compile(
            format="pdf", pdf_standards=[_STANDARD], timestamp=letter.at_us // _S
        )
    except typst.TypstError as refused:
        raise LetterRefused("no font here has all of its characters") from refused
    assert isinstance(made, bytes), "a PDF is one file"
    return made


def fonts_missing() -> Sequence[str]:
    """The fonts of letters that are not on this machine; raises `LettersNotInstalled`."""
    _typst()
    _fonts.cache_clear()
    return [family for family in FONTS if family not in _fonts().families()]


def _typst() -> Any:
    """Loaded when it is needed: who sets no letter does without."""
    try:
        import typst
    except ImportError as missing:
        raise LettersNotInstalled("the extra letters") from missing
    return typst


@lru_cache(1)
def _fonts() -> Any:
    return _typst().Fonts(include_system_fonts=True, include_embedded_fonts=False)


@lru_cache(1)
def _template() -> bytes:
    return files("api.letters").joinpath("letter.typ").read_bytes()
