"""Clues that are certain: of a text, and told by another call; at the command and on the page."""

import json
import re
from collections.abc import Iterator
from html import unescape

import httpx2
import pytest

from rokuon.cli.terminal.exits import Exit, code_for
from rokuon.machine.api_client import ApiRefused
from rokuon.messages.error_words import words_of
from tests.support.locate.staff_desk import Desk, desk
from tests.support.locate.staff_worlds import WORLDS

NONE = "0" * 32
# Of Mr Arai: on the 11th, transferred on the 13th, called back that evening.
ARAI = "J26", "J24", "J25"
NO_CALL = "there is no such call within your reach"


@pytest.fixture(scope="module")
def here() -> Iterator[Desk]:
    """Where one asks in Japan."""
    with desk(WORLDS["ja"]) as made:
        yield made


def found(here: Desk, shown: str) -> set[str]:
    """The calls that the command shows, as the world names them; what has no recording is none."""
    known = {call: name for name, call in here.calls.items()}
    return {known[call] for call in re.findall(r"^\d+ .*?([0-9a-f]{32})", shown, re.MULTILINE)}


def on_page(here: Desk, page: httpx2.Response) -> set[str]:
    """Those that the page shows."""
    known = {call: name for name, call in here.calls.items()}
    return {known[call] for call in re.findall(r'href="/calls/([0-9a-f]{32})#player"', page.text)}


def refused(here: Desk, *typed: str) -> str:
    """What a usage error says."""
    error = here.find(*typed).exception
    assert isinstance(error, ApiRefused)
    assert code_for(error) is Exit.USAGE
    return words_of(error)


def test_what_a_text_says_is_made_certain_by_its_kind(here: Desk) -> None:
    """Only what is certain narrows; the rest of the text stays likely."""
    text = "田中さん、10月下旬の夕方"
    likely = found(here, here.find(text).stdout)
    certain = here.find(text, "--certain", "agent").stdout

    assert likely > {"J01", "J03"}
    assert found(here, certain) == {"J01", "J03", "J07", "J30", "J35"}
    assert re.search(r"agent: 田中 +certain: narrows", certain)
    assert re.search(r"19:00 +likely: excludes nothing", certain)


def test_of_a_text_nothing_is_certain_that_it_does_not_say(here: Desk) -> None:
    """Who thinks that he narrowed is told that he did not."""
    assert "--certain: nothing of the kind queue is read in the text" in refused(
        here, "田中さん、7788", "--certain", "queue"
    )


def test_a_page_of_a_text_that_is_certain_goes_on_as_such(here: Desk) -> None:
    """A cursor of the same text, less certain, is of another search."""
    typed = ("契約の件", "--limit", "1")
    (cursor,) = re.findall(r"--cursor (\S+),", here.find(*typed, "--certain", "gist").stdout)
    following = here.find(*typed, "--certain", "gist", "--cursor", cursor)
    other = here.find(*typed, "--cursor", cursor).exception

    assert following.exit_code == 0
    assert isinstance(other, ApiRefused)
    assert other.code == "search_anew"


@pytest.mark.parametrize(
    ("option", "call", "others"),
    [("--before", "J25", {"J24", "J26"}), ("--after", "J24", {"J25"}), ("--before", "J26", set())],
)
def test_before_or_after_a_call_for_certain_are_those_of_its_party_alone(
    here: Desk, option: str, call: str, others: set[str]
) -> None:
    """At the command, and on the page where its chip is made certain."""
    shown = here.find(option, here.calls[call]).stdout
    page = here.page_of(beside=here.calls[call], side=option.strip("-"), sure="beside")

    assert found(here, shown) == others
    assert on_page(here, page) == others


def test_likely_it_excludes_nobody(here: Desk) -> None:
    """The next call of the same party comes first."""
    page = here.page_of(beside=here.calls["J25"], side="before")

    assert {"J24", "J26"} < on_page(here, page)
    first = re.findall(r"<article.*?</article>", page.text, re.DOTALL)[0]
    assert here.calls["J24"] in first


@pytest.mark.parametrize(
    ("call", "said", "status"),
    [
        (NONE, NO_CALL, 422),
        ("yesterday's", NO_CALL, 200),
        ("J28", "whose call that was is not known", 422),
    ],
)
def test_a_call_that_tells_nothing_is_refused_where_it_is_certain(
    here: Desk, call: str, said: str, status: int
) -> None:
    """One that is not there, and one whose number was withheld: it would narrow to nothing.

    The page says so beside its field; what names no call it leaves out, and answers by the rest.
    """
    own = here.calls.get(call, call)
    page = here.page_of(beside=own, sure="beside", number="7788")
    wrong = page.text.partition('id="clue-beside-wrong"')[2].partition("</p>")[0]

    assert f"--before: {said}" in refused(here, "7788", "--before", own)
    assert page.status_code == status
    assert said in unescape(wrong)


NARROWS = [  # to so few calls of the world, all that fit
    (("--id", "J05"), {"J05"}),
    (("--gist", "二重引落し"), {"J18"}),
    (("--customer", "杉本 明"), {"J05"}),
    (("--number", "非通知"), {"J32"}),
    (("--number", "公衆電話"), {"J28", "J29", "J30", "J31"}),
    (("--dialled", "0570-012-345"), {"J06", "J08", "J24", "J26", "J27"}),
    (("--agent", "A12"), {"J17", "J26", "J29"}),
    (("--queue", "夜間"), {"J15", "J16", "J21", "J23"}),
    (("--from", "2026-10-24", "--to", "2026-10-24"), {"J05"}),
]


@pytest.mark.parametrize(("typed", "fits"), NARROWS)
def test_a_certain_clue_speaks_for_the_few_calls_that_it_leaves(
    here: Desk, typed: tuple[str, ...], fits: set[str]
) -> None:
    """They are likelier by far than that there was no such call, whatever kind of clue it is."""
    own = [here.calls.get(each, each) for each in typed]
    # What nothing fits makes of a list a ranking, and says nothing.
    shown = here.find(*own, "--team", "zzz", "--likely", "team", "-o", "json")
    told = json.loads(shown.stdout)
    known = {call: name for name, call in here.calls.items()}
    recorded = [each for each in told["candidates"] if each["state"] == "recorded"]

    assert {known[each["conversation"]] for each in recorded} == fits
    assert told["chances"]["recorded"] > 10 * told["chances"]["never"]
