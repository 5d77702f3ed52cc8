"""The sentences of what is wrong with a part of what was sent."""

import ast
import re
import string
from collections.abc import Iterator
from enum import StrEnum

import pytest

from api.permissions.errors import Unfit
from api.words.request_flaw_words import SENTENCES, text_of
from archive.flaws import Flaw, PartRefused
from rokuon.messages.i18n import words_in
from tests import ROOT

WORDS: tuple[type[StrEnum], ...] = (Flaw, Unfit)
ALL = [flaw for words in WORDS for flaw in words]


def raised() -> Iterator[tuple[StrEnum, set[str]]]:
    """Every flaw that is named in a call, and the values that are given with it there."""
    for folder in ("archive", "api"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.Call):
                    given = {each.arg for each in node.keywords if each.arg}
                    yield from ((flaw, given) for flaw in map(_flaw, node.args) if flaw)


def _flaw(argument: ast.expr) -> StrEnum | None:
    if not isinstance(argument, ast.Attribute) or not isinstance(argument.value, ast.Name):
        return None
    kinds = {kind.__name__: kind for kind in WORDS}
    kind = kinds.get(argument.value.id)
    return kind[argument.attr] if kind else None


def placeholders(text: str) -> set[str]:
    """What a sentence wants to be told."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("flaw", ALL)
def test_every_flaw_has_a_sentence_that_says_what_to_do_also_in_japanese(flaw: StrEnum) -> None:
    """One clause what is so, another one what helps: the reader has nothing else."""
    sentence = SENTENCES[flaw]

    assert re.search(r"[;:,] ", sentence) or " is written " in sentence
    assert not words_in("ja", sentence).isascii()


def test_every_flaw_is_raised_with_what_its_sentence_wants() -> None:
    """A value too few is an error at the worst moment; a flaw that nobody raises is none."""
    found = list(raised())
    # The number of the line is given by the class.
    wrong = {
        (flaw, tuple(given))
        for flaw, given in found
        if placeholders(SENTENCES[flaw]) - {"line"} != given
    }

    assert wrong == set()
    assert {flaw for flaw, _ in found} == set(ALL)


def test_a_sentence_has_its_numbers() -> None:
    """In the language of who reads it."""
    refused = PartRefused("limit", Flaw.PAGE, most=500)

    assert text_of(refused).told(words_in, "ja").startswith("1 ページは 1〜500 件です。")
