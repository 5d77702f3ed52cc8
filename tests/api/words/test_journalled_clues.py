"""What the journal keeps of a clue of a ranked search."""

from datetime import datetime
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from api.words.clue_words import LEADING, WORDED
from api.words.journalled_clues import journalled_clue
from api.words.values import WORDS
from archive.ids import ConversationId
from archive.locate.clues import (
    KINDS,
    AgentClue,
    BesideClue,
    Clue,
    CustomerClue,
    DeniedClue,
    DialledClue,
    DirectionClue,
    ExtensionClue,
    GistClue,
    Happened,
    HappenedClue,
    IdClue,
    LengthClue,
    NotClue,
    NumberClue,
    QueueClue,
    TeamClue,
    Value,
    WhenClue,
)
from archive.locate.numbers import Form, RememberedNumber
from archive.locate.request.known_names import NOBODY
from archive.locate.request.request import read_request
from archive.locate.stretches import Stretch
from archive.locate.when.values import Calendar
from archive.locate.withheld_numbers import Withheld
from archive.moments import microseconds

TOKYO = ZoneInfo("Asia/Tokyo")
CALL = ConversationId.parse("0123456789abcdef0123456789abc3f1")
NIGHT_US = microseconds(datetime(2026, 10, 20, tzinfo=TOKYO))
HOUR_US = 3_600_000_000


def number(form: Form, digits: str = "", ending: str = "") -> RememberedNumber:
    """A number as far as it is remembered."""
    return RememberedNumber(form=form, digits=digits, ending=ending)


KEPT: list[tuple[Value, str]] = [
    (AgentClue(("田中", "中田")), "agent 田中 or 中田"),
    (TeamClue(("契約",)), "team 契約"),
    (QueueClue(("解約", "billing")), "queue 解約 or billing"),
    (CustomerClue(("森下 由紀", "山下")), "customer 森… or 山…"),
    (NumberClue(number(Form.WHOLE, "819012347788")), "number …7788"),
    (NumberClue(number(Form.LAST, "88")), "number …88"),
    (NumberClue(number(Form.FIRST, "8190")), "number 8190…"),
    (NumberClue(number(Form.FIRST, "81312347")), "number …2347…"),
    (NumberClue(number(Form.FIRST, "8190", "57788")), "number …7788"),
    (NumberClue(number(Form.WITHIN, "1234")), "number …1234…"),
    (
        NumberClue(RememberedNumber(form=Form.WITHHELD, reason=Withheld.PAY_PHONE)),
        "number withheld",
    ),
    (ExtensionClue(number(Form.EXTENSION, "12105")), "extension …2105"),
    (DialledClue(number(Form.WHOLE, "81120123456")), "dialled …3456"),
    (DirectionClue("outbound"), "direction outbound"),
    (LengthClue(min_ms=0, max_ms=120_000), "length 0–120000 ms"),
    (HappenedClue("held", was=False), "happened not held"),
    (DeniedClue(AgentClue(("田中",))), "agent ≠ 田中"),
    (DeniedClue(NumberClue(number(Form.WHOLE, "819012347788"))), "number ≠ …7788"),
    (HappenedClue("called_back"), "happened called_back"),
    (IdClue(" A-7f3a@pbx.example "), "id …mple"),
    (GistClue("二重引き落とし 森下様"), "gist"),
    (NotClue(CALL), "not …c3f1"),
    (BesideClue(CALL, "before"), "before …c3f1"),
    (
        WhenClue(
            (
                Stretch(begin_us=NIGHT_US + 24 * HOUR_US, end_us=NIGHT_US + 26 * HOUR_US),
                Stretch(begin_us=NIGHT_US, end_us=NIGHT_US + HOUR_US),
            )
        ),
        "when 2026-10-19T15:00:00+00:00–2026-10-20T17:00:00+00:00",
    ),
]


@pytest.mark.parametrize(("value", "kept"), KEPT)
def test_of_a_clue_the_journal_keeps_no_more_than_it_may(value: Value, kept: str) -> None:
    """It outlives every recording."""
    assert journalled_clue(Clue(value=value)) == kept


def test_every_kind_is_kept_under_a_word_that_the_page_knows() -> None:
    """A code on the auditor's page is jargon in any language."""
    assert {type(value) for value, _ in KEPT} == {*KINDS.values(), DeniedClue}
    assert {kept.split()[0] for _, kept in KEPT} <= set(LEADING)
    for what in get_args(Happened):
        for was in (True, False):
            first, _, rest = journalled_clue(Clue(value=HappenedClue(what, was))).partition(" ")
            assert first in WORDED
            assert rest in WORDS[first]


@pytest.mark.parametrize("value", [AgentClue(("森下", "原")), CustomerClue(("森下", "原"))])
def test_of_a_name_that_a_text_only_seems_to_tell_one_letter_is_kept(value: Value) -> None:
    """Whose it is nobody has said: it may be the customer's."""
    assert journalled_clue(Clue(value=value, guessed=True)).split(" ", 1)[1] == "森… or 原…"


@pytest.mark.parametrize(
    "text",
    [
        "10月下旬の夕方、森下、090-1234-7788、二重引き落としの件",
        "a call about the water damage on 020 7946 0958, last Thursday",
    ],
)
def test_nothing_of_a_text_is_in_the_journal_beyond_its_clues(text: str) -> None:
    """A sentence holds names, numbers and the matter itself."""
    read = read_request(
        text,
        now=datetime(2026, 11, 24, 10, tzinfo=TOKYO),
        zone=TOKYO,
        calendar=Calendar(),
        country="JP",
        known=NOBODY,
    )
    kept = " ".join(map(journalled_clue, read.clues))

    assert kept
    for private in ("森下", "1234", "引き落とし", "water", "7946"):
        assert private not in kept
