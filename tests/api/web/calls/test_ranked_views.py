"""A ranking as it is answered: each value of it, in the language of its reader."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from api.locate.question import (
    Advice,
    Counts,
    Located,
    LocatedCall,
    LocateQuery,
    LostCounts,
    RankedCall,
    Understood,
)
from api.web.calls.search_view import SearchView
from api.web.http.language import Reader
from api.words.texts import in_english
from archive.call.refusal_reasons import Fate
from archive.catalog.search.calls import FoundRecording
from archive.catalog.search.ledger import CallAnswer, LedgerRow
from archive.ids import ConversationId
from archive.lifecycle.tombstone import FoundTombstone, Remains
from archive.locate.answer.bursts import Burst, PartyCall
from archive.locate.answer.facets import Facet, Histogram
from archive.locate.answer.question import Question
from archive.locate.answer.relaxations import Relaxation, Relaxations
from archive.locate.answer.verdict import Because, is_near, matches, not_known
from archive.locate.clues import Clue, DirectionClue, NumberClue, QueueClue
from archive.locate.numbers import Form, RememberedNumber
from archive.locate.ranking.ranked_calls import Chances
from archive.locate.when.values import Note
from archive.moments import microseconds
from rokuon.messages.i18n import words_in
from tests.archive.catalog.examples import recording_id

TOKYO = ZoneInfo("Asia/Tokyo")
ENGLISH, JAPANESE = Reader("en", in_english), Reader("ja", words_in)
TEXT = "えっと、下4桁7788、2/30"
AT_US = microseconds(datetime(2026, 10, 29, 17, 42, 10, tzinfo=TOKYO))
CALL = ConversationId(recording_id(1).raw)
FOUND = FoundRecording(
    recording=recording_id(1), conversation=CALL, source="pbx", mode="siprec", started_us=AT_US,
    ended_us=AT_US + 1_000_000, duration_ms=1_000, held_ms=0, direction="inbound",
    direction_because="invite", flags=(), state="complete", legs=(),
)  # fmt: skip
CLUES = (
    Clue(value=NumberClue(RememberedNumber(form=Form.LAST, digits="7788")), span=(4, 11)),
    Clue(value=QueueClue(("解約",)), certain=True),
    Clue(value=DirectionClue("outbound"), certain=True),
)
RECORDED = LocatedCall(
    state="recorded", chance=0.75, score=4.5, is_confirmed=True,
    verdicts=(
        matches(Because.DIGITS_FIT, digits=4),
        is_near(Because.LABEL_IN_PART, name="解約 2"),
        not_known(Because.NO_DIRECTION),
    ),
    recorded=RankedCall(
        conversation=CALL, calls=(FOUND,), weights=(5.0, -0.5, 0.0),
        burst=Burst(
            calls=(PartyCall(AT_US - 60_000_000, ConversationId(recording_id(2).raw)),), others=7
        ),
    ),
)  # fmt: skip
LOST = (not_known(Because.NOT_RECORDED),) * 3
UNRECORDED = LocatedCall(
    state="not_recorded", chance=0.125, verdicts=LOST,
    unrecorded=LedgerRow(
        at_us=AT_US, source="pbx", call_id="secret@pbx", fate=Fate.REFUSED,
        answer=CallAnswer(status=503, reason="full", detail="secret"), recording=None,
        parties=("secret",),
    ),
)  # fmt: skip
DESTROYED = LocatedCall(
    state="destroyed", chance=0.0625, verdicts=LOST,
    destroyed=FoundTombstone(
        row=1, digest=b"d" * 32, destroyed_us=AT_US,
        remains=Remains(hour_us=AT_US // 3_600_000_000 * 3_600_000_000, plan=12, scope="audio"),
    ),
)  # fmt: skip
LOCATED = Located(
    understood=Understood(
        clues=CLUES, unused=((0, 3),), notes=(Note(code="no_such_day", values=("2/30",)),)
    ),
    candidates=(RECORDED, UNRECORDED, DESTROYED),
    chances=Chances(recorded=0.75, not_recorded=0.125, destroyed=0.0625, never=0.0625),
    counts=Counts(
        facets=(Facet(kind="queue", values=(("解約", 3), ("契約", 1)), others=2, unknown=4),),
        histogram=Histogram(days=((date(2026, 10, 29), 10),), hours=((0,) * 24,) * 7),
        total=10,
        is_cut=True,
        lost=LostCounts(total=12),
    ),
    advice=Advice(relaxations=Relaxations(), question=Question.SURNAME),
    next_cursor="further",
    knows_agents=True,
    limits={recording_id(1): "restricted"},
)


def told(located: Located = LOCATED, reader: Reader = ENGLISH) -> Any:
    """As it is sent."""
    view = SearchView.rank(located, LocateQuery(zone=TOKYO, text=TEXT), reader)
    return view.model_dump(mode="json")


def test_nothing_is_listed_or_counted_beside_a_ranking() -> None:
    """A client of lists finds all that it looks for, and nothing in it."""
    outer = told()
    ranked = outer.pop("ranked")

    assert outer == {
        "zone": "Asia/Tokyo", "calls": [], "next_cursor": "further", "destroyed": 0,
        "not_read_anew": 0, "unknown_direction": 0, "unrecorded": 0,
    }  # fmt: skip
    assert ranked["next_cursor"] == "further"
    last = told(replace(LOCATED, next_cursor=""))
    assert last["next_cursor"] is last["ranked"]["next_cursor"] is None


def test_it_is_said_what_was_understood_and_what_was_not() -> None:
    """By places of the text that was sent."""
    own, theirs = (told(reader=each)["ranked"] for each in (ENGLISH, JAPANESE))

    assert own["understood"] == [
        {"kind": "number", "begin": 4, "end": 11, "words": "number ends in 7788", "certain": False},
        {"kind": "queue", "begin": 0, "end": 0, "words": "queue: 解約", "certain": True},
        {"kind": "direction", "begin": 0, "end": 0, "words": "we called", "certain": True},
    ]
    assert own["unused"] == [{"begin": 0, "end": 3, "text": "えっと"}]
    assert own["notes"] == ["there is no such day or time: 2/30"]
    assert theirs["understood"][0]["words"] == "番号の末尾 7788"
    assert not theirs["notes"][0].isascii()


def test_a_recorded_call_has_its_recordings_and_how_each_clue_fits() -> None:
    """What may not be heard is said as in a list."""
    found = told()["ranked"]["candidates"][0]
    (recording,) = found.pop("calls")

    assert found == {
        "conversation": str(CALL), "state": "recorded", "score": 4.5, "chance": 0.75,
        "confirmed": True, "against": [], "unrecorded": None, "destroyed": None,
        "verdicts": [
            {"kind": "number", "verdict": "match", "words": "fits: the 4 digits are right",
             "weight": 5.0},
            {"kind": "queue", "verdict": "near", "words": "nearly fits: 解約 2: the same in part",
             "weight": -0.5},
            {"kind": "direction", "verdict": "unknown",
             "words": "who called is not known; the table of agents may tell", "weight": 0.0},
        ],
        "bursts": {
            "calls": [{"conversation": str(recording_id(2)),
                       "started_at": "2026-10-29T17:41:10+09:00"}],
            "others": 7,
        },
    }  # fmt: skip
    assert (recording["recording"], recording["limit"]) == (str(recording_id(1)), "restricted")
    assert recording["started_at"] == "2026-10-29T17:42:10+09:00"


def test_a_verdict_is_in_the_words_of_its_reader() -> None:
    verdicts = told(reader=JAPANESE)["ranked"]["candidates"][0]["verdicts"]

    assert all(not each["words"].isascii() for each in verdicts)
    assert [each["verdict"] for each in verdicts] == ["match", "near", "unknown"]


@pytest.mark.parametrize(
    ("reader", "words"),
    [(ENGLISH, "refused: as many calls as may were up"), (JAPANESE, "拒否: ")],
)
def test_a_call_without_a_recording_has_its_fate_and_nothing_of_its_parties(
    reader: Reader, words: str
) -> None:
    """The ledger has them, for who looks there."""
    found = told(reader=reader)["ranked"]["candidates"][1]

    assert (found["state"], found["calls"], found["destroyed"]) == ("not_recorded", [], None)
    assert found["unrecorded"].pop("words").startswith(words)
    assert found["unrecorded"] == {
        "at": "2026-10-29T17:42:10+09:00", "source": "pbx", "fate": "refused", "reason": "full",
    }  # fmt: skip
    assert "secret" not in str(found)
    assert {each["weight"] for each in found["verdicts"]} == {None}


def test_a_destroyed_call_has_its_hour_and_the_plan_that_certifies_it() -> None:
    """A tombstone of no plan has no certificate."""
    left = DESTROYED.destroyed
    assert left is not None
    bare = replace(DESTROYED, destroyed=replace(left, remains=Remains()))
    found = told(replace(LOCATED, candidates=(DESTROYED, bare)))["ranked"]["candidates"]

    assert [each["destroyed"] for each in found] == [
        {"hour_at": "2026-10-29T17:00:00+09:00", "certificate": 12, "scope": "audio"},
        {"hour_at": None, "certificate": None, "scope": "whole"},
    ]
    assert found[0]["conversation"] is found[0]["unrecorded"] is None


def test_what_is_counted_is_told_as_it_was_counted() -> None:
    ranked = told()["ranked"]

    assert ranked["chances"] == {
        "recorded": 0.75, "not_recorded": 0.125, "destroyed": 0.0625, "never": 0.0625,
    }  # fmt: skip
    assert ranked["facets"] == [
        {
            "kind": "queue",
            "values": [{"value": "解約", "count": 3}, {"value": "契約", "count": 1}],
            "others": 2,
            "unknown": 4,
        }
    ]
    assert ranked["histogram"] == {
        "days": [{"day": "2026-10-29", "count": 10}],
        "hours": [[0] * 24] * 7,
    }
    assert (ranked["total"], ranked["is_cut"], ranked["knows_agents"]) == (10, True, True)
    assert ranked["lost"] == {"total": 12, "is_cut": False}
    assert ranked["has_less_likely"] is False


def test_which_certain_clues_exclude_each_other_and_what_to_drop_is_told_by_their_places() -> None:
    """Each with its sentence."""
    nothing = replace(
        LOCATED,
        candidates=(),
        advice=Advice(
            relaxations=Relaxations(
                drops=(Relaxation(place=2, count=1), Relaxation(place=1, count=5_000, is_cut=True)),
                alone=(0,),
                excluding=((1, 2),),
            ),
            question=None,
        ),
    )

    assert told(nothing)["ranked"]["relaxations"] == [
        {"kind": "alone", "clues": [0], "count": 0, "is_cut": False,
         "words": "no call fits “number ends in 7788”, whatever else is asked"},
        {"kind": "excluding", "clues": [1, 2], "count": 0, "is_cut": False,
         "words": "no call fits both “queue: 解約” and “we called”"},
        {"kind": "drop", "clues": [2], "count": 1, "is_cut": False,
         "words": "without “we called”: 1 call"},
        {"kind": "drop", "clues": [1], "count": 5_000, "is_cut": True,
         "words": "without “queue: 解約”: 5,000 calls or more"},
    ]  # fmt: skip


def test_the_next_question_has_its_code_and_its_words() -> None:
    """Where none is worth asking there is none."""
    assert told()["ranked"]["question"] == {
        "code": "surname",
        "words": "What was the surname of the person you spoke with?",
    }
    assert not told(reader=JAPANESE)["ranked"]["question"]["words"].isascii()
    assert (
        told(replace(LOCATED, advice=Advice(relaxations=Relaxations(), question=None)))["ranked"][
            "question"
        ]
        is None
    )
