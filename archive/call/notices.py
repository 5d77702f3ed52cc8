"""What became of the notices of a call, from its events alone: the one place that says so.

Pure. Knows nothing of how they are played, of the index, or of who asks.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final, Literal

from archive.call.events import Event, Flag, NoticePlayed, NoticeReported

Told = Literal["caller", "callee"]
NoticeOutcome = Literal["complete", "cut_short", "failed", "unheard", "unproved"]
# Of a whole recording: also that nobody was told anything.
NoticesOutcome = NoticeOutcome | Literal["none"]
UNHEARD: Final = "unheard"
NO_NOTICE: Final = "none"
# Somebody was to be told who could not be; what could not even begin has no event of its own.
_MISSING: Final[Flag] = "notice_missing"
_KNOWS_OF_NO_FAILURE: Final = frozenset({"unproved", "complete", NO_NOTICE})
# What is to be looked into first.
_WORST_FIRST: Final[tuple[NoticeOutcome, ...]] = (
    "failed",
    "unheard",
    "cut_short",
    "unproved",
    "complete",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One playing of a prompt to one party: `sent`, what left for it; `word`, what it said of that.

    `is_last` of its prompt to that party; a hold or another codec has it begun anew.
    """

    sent: NoticePlayed
    word: NoticeReported | None
    outcome: NoticeOutcome
    is_last: bool = True


def notices_in(events: Iterable[Event]) -> tuple[Notice, ...]:
    """Every playing of a notice, in order. `events` in order.

    What RTCP says of a party's notice comes when no more of it is heard; it is of all that was
    played to that party until then.
    """
    told = list(events)
    played = [(at, each) for at, each in enumerate(told) if isinstance(each, NoticePlayed)]
    groups: dict[tuple[Told, int], list[NoticePlayed]] = {}
    for at, event in played:
        groups.setdefault((event.to, _word_at(told, event.to, at)), []).append(event)
    found = {
        id(event): _notice(event, group, _word(told, key[1]))
        for key, group in groups.items()
        for event in group
    }
    return tuple(found[id(event)] for _, event in played)


def outcome_of(notices: Iterable[Notice], flags: Collection[str] = ()) -> NoticesOutcome:
    """That of a whole recording: the worst of the last playings of each prompt to each party.

    `flags` are the recording's: one party may have been told all, and another one nothing.
    """
    outcomes = {each.outcome for each in notices if each.is_last}
    worst: NoticesOutcome = next((each for each in _WORST_FIRST if each in outcomes), NO_NOTICE)
    if _MISSING in flags and worst in _KNOWS_OF_NO_FAILURE:
        return "failed"
    return worst


def _word_at(told: list[Event], to: Told, after: int) -> int:
    """Where the word of this party is; behind all, where it has none."""
    later = range(after + 1, len(told))
    return next((at for at in later if _is_word_of(told[at], to)), len(told))


def _is_word_of(event: Event, to: Told) -> bool:
    return isinstance(event, NoticeReported) and event.to == to


def _word(told: list[Event], at: int) -> NoticeReported | None:
    event = told[at] if at < len(told) else None
    return event if isinstance(event, NoticeReported) else None


def _notice(event: NoticePlayed, group: list[NoticePlayed], word: NoticeReported | None) -> Notice:
    last = [each for each in group if each.prompt == event.prompt][-1]
    outcome = event.outcome if event.outcome != "complete" else _proved(event, group, word)
    return Notice(sent=event, word=word, outcome=outcome, is_last=event is last)


def _proved(
    event: NoticePlayed, group: list[NoticePlayed], word: NoticeReported | None
) -> NoticeOutcome:
    """What the party's own word makes of a notice that was sent whole.

    Nothing came of all that it was sent: unheard. The word has to cover the last packet, and fewer
    must be missing than half of what this playing has, whatever was sent besides: else half of it
    might be among them, and nobody understands a wording of which every second word is missing.
    """
    packets = sum(each.packets for each in group)
    if word is None or not word.reports or not packets:
        return "unproved"
    missing = max(0, word.lost) + word.discarded
    if missing >= (word.sent or packets):
        return "unheard"
    return "complete" if word.through and missing * 2 < event.packets else "unproved"
