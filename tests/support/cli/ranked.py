"""What tests of ranked calls share: answers of the form of `docs/locate.md`, and who gives them."""

from collections.abc import Mapping, Sequence
from typing import Any

from rokuon.machine.api_client import ApiRefused

TEXT = "10月下旬の夕方、田中か中田、7788、例の件"
CALL = "0199f2c41c2b7a3e9d5f000000000001"
Json = dict[str, Any]


def leg(side: str, name: str, number: str) -> Json:
    """One who was in a call."""
    return {
        "side": side, "side_guessed": False, "party": None, "name": name, "number": number,
        "numbers": [{"number": number}], "agent": None,
    }  # fmt: skip


def recording(call: str, **own: object) -> Json:
    """A recording, as a list has it."""
    return {
        "conversation": call, "recording": call, "source": "pbx", "state": "complete",
        "started_at": "2026-10-29T17:42:10+09:00", "ended_at": "2026-10-29T17:52:01+09:00",
        "duration_ms": 591_000, "held_ms": 0, "direction": "inbound", "direction_because": "",
        "limit": None, "by_guess": False, "flags": [],
        "legs": [leg("customer", "佐藤", "+819012347788"), leg("agent", "田中 真由", "2001")],
        **own,
    }  # fmt: skip


WEIGHTS = {"match": 4.25, "near": 1.0, "conflict": -3.5, "unknown": None}


def verdict(kind: str, outcome: str, words: str) -> Json:
    """Whether a clue fits, why, and how much that says."""
    return {"kind": kind, "verdict": outcome, "words": words, "weight": WEIGHTS[outcome]}


FITTING = (
    verdict("when", "match", "fits: in the time that is told"),
    verdict("agent", "match", "fits: 田中 真由"),
    verdict("number", "match", "fits: the 4 digits are right"),
)
PARTLY = (
    verdict("when", "near", "nearly fits: 1 day later than told"),
    verdict("agent", "conflict", "does not fit: 鈴木 is another name"),
    verdict("number", "unknown", "the source told no number; the carrier's records may tell"),
)
LOST = tuple(
    verdict(kind, "unknown", "not known: it is destroyed, and this went with it")
    for kind in ("when", "agent", "number")
)


def candidate(call: str = CALL, verdicts: Sequence[Json] = FITTING, **own: object) -> Json:
    """One that may be meant: a recorded call, where nothing else is said of it."""
    return {
        "conversation": call, "state": "recorded", "score": 17.25, "chance": 0.62,
        "confirmed": False, "against": [], "verdicts": list(verdicts), "calls": [recording(call)],
        "bursts": None, "unrecorded": None, "destroyed": None, **own,
    }  # fmt: skip


CONFIRMED = candidate(
    confirmed=True,
    chance=0.9995,
    bursts={
        "calls": [{"conversation": "0" * 32, "started_at": "2026-10-30T09:12:00+09:00"}],
        "others": 2,
    },
)
UNRECORDED = candidate(
    state="not_recorded",
    conversation=None,
    chance=0.03,
    calls=[],
    verdicts=PARTLY,
    unrecorded={
        "at": "2026-10-28T08:10:00+00:00", "source": "pbx", "fate": "refused",
        "reason": "full", "words": "refused: as many calls as may were up",
    },
)  # fmt: skip
DESTROYED = candidate(
    state="destroyed",
    conversation=None,
    chance=0.001,
    calls=[],
    verdicts=LOST,
    destroyed={"hour_at": "2026-10-26T08:00:00+00:00", "certificate": 88, "scope": "whole"},
)


def ranked(*candidates: Json, **own: object) -> Json:
    """An answer with these candidates."""
    return {
        "understood": [
            {"kind": "when", "begin": 0, "end": 8, "certain": False,
             "words": "2026-10-21–2026-10-31 16:00–19:00"},
            {"kind": "agent", "begin": 9, "end": 14, "certain": False,
             "words": "agent: 田中 or 中田"},
            {"kind": "number", "begin": 15, "end": 19, "certain": True,
             "words": "number ends in 7788"},
        ],
        "unused": [{"begin": 20, "end": 23, "text": "例の件"}],
        "not_used": [],
        "notes": ["this can be read in two ways; both are taken"],
        "candidates": list(candidates),
        "chances": {"recorded": 0.931, "not_recorded": 0.03, "destroyed": 0.001, "never": 0.038},
        "facets": [
            {"kind": "agent", "values": [{"value": f"a{n}", "count": 9 - n} for n in range(7)],
             "others": 3, "unknown": 2},
            {"kind": "team", "values": [], "others": 0, "unknown": 40},
        ],
        "histogram": {"days": [{"day": "2026-10-29", "count": 3}], "hours": [[0] * 24] * 7},
        "relaxations": [], "question": None, "total": len(candidates), "is_cut": False,
        "has_less_likely": False, "lost": {"total": 0, "is_cut": False},
        "knows_agents": True, "next_cursor": None, **own,
    }  # fmt: skip


class Ranking:
    """An API that has these pages, one after the other, and what it was asked."""

    def __init__(self, *pages: Json | ApiRefused) -> None:
        self.pages = list(pages)
        self.asked: list[Mapping[str, Any]] = []

    def post(self, path: str, body: Mapping[str, Any]) -> Json:
        """The next page."""
        assert path == "/calls/search"
        self.asked.append(body)
        page = self.pages.pop(0)
        if isinstance(page, ApiRefused):
            raise page
        counts = ("destroyed", "not_read_anew", "unknown_direction", "unrecorded")
        return {
            "zone": "Asia/Tokyo", "calls": [], "next_cursor": None, "ranked": page,
            **dict.fromkeys(counts, 0),
        }  # fmt: skip
