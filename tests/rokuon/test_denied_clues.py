"""What a call is said not to be: at the command and on the page, in both languages."""

import re
from collections.abc import Iterator
from html import unescape

import pytest

from tests.support.locate.staff_desk import Desk, desk
from tests.support.locate.staff_worlds import WORLDS

# What is typed; which call is that all the same, which one fits.
DENIED = [
    ("en", "ends in 7788, not Tanaka", "J01", "J02"),
    ("ja", "下4桁7788、田中ではない", "J01", "J02"),
    ("en", "ends in 7788, not the 契約 queue", "J01", "J02"),
    ("ja", "下4桁7788、契約窓口ではない", "J01", "J02"),
    ("en", "渡邉, doesn't end in 2210", "J09", "J06"),
    ("ja", "渡邉さん、末尾は2210ではない", "J09", "J06"),
    ("en", "ends in 7788, not extension 2101", "J01", "J02"),
    ("ja", "下4桁7788、内線2101以外", "J01", "J02"),
]
# By what is typed: the echo, and what each of the two calls is told.
SAID = {
    "ends in 7788, not Tanaka": (
        "agent: not Tanaka", "is 田中 真由, was said not to be", "someone else: as told",
    ),
    "下4桁7788、田中ではない": (
        "担当: 田中以外", "田中 真由です。そうではないというお話でした",
        "別の人です（お話のとおり）",
    ),
    "ends in 7788, not the 契約 queue": (
        "queue: not 契約", "is 契約, was said not to be", "another one: as told",
    ),
    "下4桁7788、契約窓口ではない": (
        "窓口: 契約以外", "契約です。そうではないというお話でした",
        "別のものです（お話のとおり）",
    ),
    "渡邉, doesn't end in 2210": (
        "number does not end in 2210", "it is the number that was said not to be",
        "another one: as told",
    ),
    "渡邉さん、末尾は2210ではない": (
        "番号の末尾は 2210 以外", "そうではないというお話だった番号です",
        "別のものです（お話のとおり）",
    ),
    "ends in 7788, not extension 2101": (
        "not extension 2101", "it is the number that was said not to be",
        "another one: as told",
    ),
    "下4桁7788、内線2101以外": (
        "内線は 2101 以外", "そうではないというお話だった番号です",
        "別のものです（お話のとおり）",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def here() -> Iterator[Desk]:
    """Where one asks in Japan."""
    with desk(WORLDS["ja"]) as made:
        yield made


@pytest.mark.parametrize(("language", "typed", "denied", "other"), DENIED)
def test_another_one_comes_first_and_each_call_says_which_it_is(
    here: Desk, language: str, typed: str, denied: str, other: str
) -> None:
    """A clue that is denied never speaks for what it denies."""
    shown = here.find(typed, language=language).stdout
    page = unescape(here.page_of(language, text=typed).text)
    calls = re.findall(r"^\d+ .*?([0-9a-f]{32})", shown, re.MULTILINE)

    assert calls.index(here.calls[other]) < calls.index(here.calls[denied])
    for text in (" ".join(shown.split()), page):
        assert [each for each in SAID[typed] if each not in text] == []


def test_for_certain_it_leaves_out_what_it_denies_alone(here: Desk) -> None:
    """Of the two calls of that number the other one."""
    shown = here.find("7788、田中ではない", "--certain", "agent", "--certain", "number").stdout

    assert re.findall(r"^\d+ .*?([0-9a-f]{32})", shown, re.MULTILINE) == [here.calls["J02"]]


@pytest.mark.parametrize("value", ["not Tanaka", "田中以外", "田中ではない"])
def test_a_field_of_its_own_takes_it_too(here: Desk, value: str) -> None:
    shown = here.find("7788", "--agent", value, "--likely", "agent").stdout

    assert re.findall(r"^\d+ .*?([0-9a-f]{32})", shown, re.MULTILINE)[0] == here.calls["J02"]
    assert "someone else: as told" in " ".join(shown.split())
