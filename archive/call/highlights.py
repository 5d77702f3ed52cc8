"""What of a call one jumps to: who came and went, notices, holds, pauses, music, in one order.

Pure. Knows nothing of how they are shown, nor of the index.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from archive.call.events import Event, ParticipantChanged
from archive.call.gaps import KnownGap
from archive.call.legs import changes_in
from archive.call.notices import Notice, notices_in
from archive.call.other_sounds import OtherSound
from archive.call.pauses import Masked, masked_in
from archive.call.signalled_holds import SignalledHold, holds_in

HighlightKind = Literal[
    "joined",
    "left",
    "transferred",
    "notice",
    "hold",
    "pause",
    "gap",
    "early_media",
    "hold_music",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Highlight:
    """What began at a moment, and until when it lasted (the same: a moment; µs since 1970 UTC).

    `who` is a participant, of a notice the end that was told, of a pause who wanted it; "" where
    nobody is known. `detail` is the outcome of a notice, the reason of a pause, the cause of a gap;
    of that `packets` are missing, 0 where nobody counted them, and `absent_us` of what was said.
    """

    from_us: int
    until_us: int
    kind: HighlightKind
    who: str = ""
    detail: str = ""
    packets: int = 0
    absent_us: int = 0


def highlights(
    changes: Iterable[ParticipantChanged],
    notices: Iterable[Notice],
    holds: Iterable[SignalledHold],
    masked: Iterable[Masked],
    gaps: Iterable[KnownGap] = (),
    others: Iterable[OtherSound] = (),
) -> tuple[Highlight, ...]:
    """All of them, in the order in which they began."""
    found = [*_changed(changes), *_told(notices), *_missing(gaps)]
    found += [
        Highlight(
            from_us=each.from_us, until_us=each.until_us, kind=each.kind, who=each.participant
        )
        for each in others
    ]
    found += [
        Highlight(from_us=each.from_us, until_us=each.until_us, kind="hold", who=each.participant)
        for each in holds
    ]
    found += [
        Highlight(
            from_us=each.from_us,
            until_us=each.until_us,
            kind="pause",
            who=each.by,
            detail=each.reason,
        )
        for each in masked
    ]
    return tuple(sorted(found, key=lambda each: (each.from_us, each.until_us)))


def highlights_in(
    events: Iterable[Event],
    ended_us: int,
    gaps: Iterable[KnownGap] = (),
    others: Iterable[OtherSound] = (),
) -> tuple[Highlight, ...]:
    """Those that events in their order tell of; what lasts ends at `ended_us`."""
    told = list(events)
    lasting = holds_in(told, ended_us), masked_in(told, ended_us)
    return highlights(changes_in(told), notices_in(told), *lasting, gaps, others)


def _changed(changes: Iterable[ParticipantChanged]) -> Iterator[Highlight]:
    """Holds are told by `holds`, from one moment to another."""
    for each in changes:
        match each.what:
            case "joined" | "left" | "transferred":
                yield Highlight(
                    from_us=each.at_us, until_us=each.at_us, kind=each.what, who=each.participant
                )
            case _:
                pass


def _told(notices: Iterable[Notice]) -> Iterator[Highlight]:
    """What was sent before the recording began has its times, too; what never left has none."""
    for each in notices:
        if each.sent.from_us:
            yield Highlight(
                from_us=each.sent.from_us,
                until_us=each.sent.until_us,
                kind="notice",
                who=each.sent.to,
                detail=each.outcome,
            )


def _missing(gaps: Iterable[KnownGap]) -> Iterator[Highlight]:
    """Where nothing was sent nothing is missing: that is told where it is silent."""
    for each in gaps:
        if each.because != "not_sent":
            yield Highlight(
                from_us=each.from_us,
                until_us=each.until_us,
                kind="gap",
                who=each.participant,
                detail=each.because,
                packets=each.packets,
                absent_us=each.absent_us,
            )
