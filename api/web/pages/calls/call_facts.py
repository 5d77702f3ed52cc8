"""What the page of a call shows: its recordings as one call, who is who, what one jumps to.

Pure. Knows nothing of requests or of templates.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from functools import cached_property
from typing import Any, Final

from api.calls.call_summaries import CallLine, PartyLabel, former_of, label_of
from api.calls.shown_courses import ShownCourse
from api.web.calls.amendments import CorrectionView, NoteView
from api.web.calls.courses import (
    CallAttemptView,
    CourseView,
    MaskedView,
    NoticeView,
    OtherSoundView,
    ReplayView,
    SignalledHoldView,
    UndecodedView,
)
from api.web.calls.mentions import MentionView
from api.web.http.legs import LegView
from archive.call.highlights import Highlight, highlights
from archive.catalog.search.call_course import RecordingCourse

# Who calls whom, by the direction.
_CALLING: Final = {"inbound": ("customer", "agent"), "outbound": ("agent", "customer")}


@dataclass(frozen=True, slots=True)
class CorrectableLeg:
    """Somebody who took part; `key` says whose leg it is, "" where nothing does."""

    key: str
    label: str
    side: str
    is_guess: bool


def _correctable(leg: LegView) -> CorrectableLeg:
    spoken = f"stream:{leg.speaks[0]}" if leg.speaks else ""
    key = f"participant:{leg.participant}" if leg.participant else spoken
    return CorrectableLeg(key, leg.name or leg.number, leg.side, leg.side_guessed)


@dataclass(frozen=True)
class CallFacts:
    """One call: `views` and `courses` are its recordings, oldest first, in the same order.

    `is_unheard`: sound came, and none of it can be decoded here.
    """

    views: Sequence[CourseView]
    courses: Sequence[RecordingCourse]
    is_unheard: bool

    @cached_property
    def line(self) -> CallLine:
        """It in a line, as a search has it."""
        return CallLine([each.model_dump(mode="json") for each in self.views])

    @property
    def started_us(self) -> int:
        """When it began."""
        return min(each.found.started_us for each in self.courses)

    @property
    def flags(self) -> tuple[str, ...]:
        """What whoever listens should know, each once."""
        return tuple(dict.fromkeys(flag for each in self.views for flag in each.flags))

    @property
    def limits(self) -> tuple[str, ...]:
        """Why who looks may not hear recordings of it, each reason once."""
        return tuple(dict.fromkeys(each.limit for each in self.views if each.limit))

    @property
    def is_silent(self) -> bool:
        """Whether nothing of it may be heard."""
        return all(each.limit for each in self.views)

    @property
    def ends(self) -> tuple[str, ...]:
        """Why its recordings are over, each reason once."""
        return tuple(dict.fromkeys(each.ended_because for each in self.views))

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What people would call each participant; who has neither name nor number is left out."""
        labels = {str(leg["participant"]): label_of(leg) for leg in self._legs()}
        return {who: label for who, label in labels.items() if who and label}

    def former(self, leg: LegView) -> list[str]:
        """Who was taken for the agent before a correction."""
        return former_of(leg.model_dump(mode="json"))

    @cached_property
    def correctable(self) -> tuple[CorrectableLeg, ...]:
        """Whose legs can be corrected, each once."""
        legs = (leg for view in self.views for leg in view.legs)
        found = (_correctable(leg) for leg in legs if leg.side != "node")
        return tuple({each.key: each for each in found if each.key}.values())

    @property
    def called(self) -> tuple[list[PartyLabel], list[PartyLabel]] | None:
        """Who called whom: as it was told, else as the direction has it; None where neither is."""
        line = self.line
        caller, callee = line.called()
        if caller or callee:
            return caller, callee
        if line.direction not in _CALLING:
            return None
        sides = _CALLING[line.direction]
        return line.parties(sides[0]), line.parties(sides[1])

    @cached_property
    def highlights(self) -> tuple[Highlight, ...]:
        """What one jumps to, each once, in the order in which it began."""
        found = {
            each: None
            for course in self.courses
            for each in highlights(
                course.changes,
                course.notices,
                course.holds,
                course.masked,
                course.gaps or (),
                course.oddities.others,
            )
        }
        return tuple(sorted(found, key=lambda each: (each.from_us, each.until_us)))

    @property
    def gaps_known(self) -> bool:
        """Whether each of its recordings tells where something is missing in it."""
        return all(each.gaps is not None for each in self.courses)

    def place_ms(self, at_us: int) -> int:
        """Where a moment lies in the audio, which begins when the call does."""
        return max(0, (at_us - self.started_us) // 1000)

    @property
    def notices(self) -> list[NoticeView]:
        """What its parties were told."""
        return [each for view in self.views for each in view.notices]

    @property
    def mentioned(self) -> list[MentionView]:
        """Numbers and names that its sources tell beside who took part, each once."""
        told = (each for view in self.views for each in view.mentioned)
        known = {(each.told_as, each.as_received, each.name): each for each in reversed([*told])}
        return list(reversed(known.values()))

    @property
    def attempts(self) -> list[CallAttemptView]:
        """Who was called for it, and what came of that."""
        return [each for view in self.views for each in view.attempts]

    @property
    def holds(self) -> list[SignalledHoldView]:
        """When somebody was on hold."""
        return [each for view in self.views for each in view.holds]

    @property
    def other_sounds(self) -> list[OtherSoundView]:
        """What sounds and is no party's voice."""
        return [each for view in self.views for each in view.other_sounds]

    @property
    def pauses(self) -> list[MaskedView]:
        """When nothing was kept."""
        return [each for view in self.views for each in view.masked]

    @property
    def corrections(self) -> list[CorrectionView]:
        """What was corrected, oldest first."""
        return sorted(
            (each for view in self.views for each in view.corrections), key=lambda each: each.at
        )

    @property
    def notes(self) -> list[NoteView]:
        """What was noted, oldest first."""
        return sorted(
            (each for view in self.views for each in view.notes), key=lambda each: each.at
        )

    def marks(self, kind: str) -> list[str]:
        """The tags, queues, purposes or controllers in force, each once."""
        found = (value for view in self.views for value in getattr(view.marks, kind))
        return list(dict.fromkeys(found))

    @property
    def sources(self) -> list[str]:
        """Who sent it to us."""
        return list(dict.fromkeys(view.source for view in self.views))

    @property
    def routes(self) -> list[str]:
        """The routes that it took."""
        taken = (view.route.route for view in self.views if view.route is not None)
        return list(dict.fromkeys(each for each in taken if each))

    @property
    def stray_codecs(self) -> list[str]:
        """Codecs that came although nobody agreed on them."""
        return list(dict.fromkeys(each for view in self.views for each in view.stray_codecs))

    @property
    def other_senders(self) -> list[str]:
        """From where audio came that is not heard."""
        return list(dict.fromkeys(each for view in self.views for each in view.other_senders))

    @property
    def replays(self) -> list[ReplayView]:
        """Which packets came a second time."""
        return [each for view in self.views for each in view.replays]

    @property
    def undecoded(self) -> list[UndecodedView]:
        """Who came in a codec that nobody here decodes, and when."""
        return [each for view in self.views for each in view.undecoded]

    def _legs(self) -> Iterator[dict[str, Any]]:
        for each in self.line.recordings:
            yield from each["legs"]


def facts_of(shown: Sequence[ShownCourse], zone: tzinfo) -> CallFacts:
    """The facts of a call with its times in a zone."""
    views = [CourseView.tell(each, zone) for each in shown]
    is_unheard = all(each.is_unheard for each in shown)
    return CallFacts(views, [each.course for each in shown], is_unheard)
