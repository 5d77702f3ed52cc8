"""The course of a call as it is answered: its recordings, who took part, who came and went.

Knows nothing of how it is found.
"""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Final, Literal, Self

from pydantic import BaseModel

from api.calls.shown_courses import ShownCourse
from api.web.calls.amendments import (
    CorrectionView,
    MarksView,
    NoteView,
    corrections_shown,
    notes_shown,
)
from api.web.calls.mentions import MentionView
from api.web.http.models import RecordingView
from api.web.http.times import shown
from archive.access.use import Limit
from archive.call.events import ParticipantChange, ParticipantChanged, RouteTaken
from archive.call.gaps import GapBecause, KnownGap, KnownReplay
from archive.call.notices import Notice, NoticeOutcome
from archive.call.other_sounds import OtherSound, OtherSoundKind
from archive.call.pauses import Masked
from archive.call.sender_events import Attempted, AttemptOutcome
from archive.call.signalled_holds import SignalledHold, ToldBy
from archive.reading.undecoded import Undecoded

_US_PER_MS: Final = 1_000


class ParticipantView(BaseModel):
    """A change of who is in the call; `told_at` is the source's own time of it, where it says."""

    at: datetime
    what: ParticipantChange
    participant: str
    address: str
    instead_of: str
    told_at: datetime | None

    @classmethod
    def show(cls, change: ParticipantChanged, zone: tzinfo) -> Self:
        """A change with its times in `zone`."""
        return cls(
            at=shown(change.at_us, zone),
            what=change.what,
            participant=change.participant,
            address=change.aor,
            instead_of=change.instead_of,
            told_at=shown(change.told_us, zone) if change.told_us else None,
        )


class MaskedView(BaseModel):
    """An interval that was not kept, at its place in the audio: who wanted it, and why.

    `until_because` is why it ended; empty where nothing tells of an end before the call's.
    """

    start_at: datetime
    end_at: datetime
    by: str
    reason: str
    until_because: str

    @classmethod
    def show(cls, masked: Masked, zone: tzinfo) -> Self:
        """An interval with its times in `zone`."""
        return cls(
            start_at=shown(masked.from_us, zone),
            end_at=shown(masked.until_us, zone),
            by=masked.by,
            reason=masked.reason,
            until_because=masked.because,
        )


class NoticeView(BaseModel):
    """One playing of a prompt of the recording notice to one party, and what is known of it.

    `outcome` goes by what was sent (`sent_ms` of `whole_ms`, in `packets`) and by the party's own
    RTCP: `unheard` where nothing of all that it was sent came, `unproved` where it does not say.
    `lost` and `discarded` are null where it has reported nothing. Times are null where no packet
    has left. `is_last`: it was not begun anew after a hold or for another codec.
    """

    to: Literal["caller", "callee"]
    prompt: str
    language: str
    wording: str
    wording_sha256: str
    outcome: NoticeOutcome
    start_at: datetime | None
    end_at: datetime | None
    sent_ms: int
    whole_ms: int
    packets: int
    reports: int
    through: bool
    lost: int | None
    discarded: int | None
    is_last: bool

    @classmethod
    def show(cls, notice: Notice, zone: tzinfo) -> Self:
        """A notice with its times in `zone`."""
        sent, word = notice.sent, notice.word
        reported = word if word is not None and word.reports else None
        return cls(
            to=sent.to,
            prompt=sent.prompt,
            language=sent.language,
            wording=sent.wording,
            wording_sha256=sent.wording_sha256,
            outcome=notice.outcome,
            start_at=shown(sent.from_us, zone) if sent.from_us else None,
            end_at=shown(sent.until_us, zone) if sent.from_us else None,
            sent_ms=sent.sent_ms,
            whole_ms=sent.whole_ms,
            packets=sent.packets,
            reports=reported.reports if reported else 0,
            through=reported is not None and reported.through,
            lost=reported.lost if reported else None,
            discarded=reported.discarded if reported else None,
            is_last=notice.is_last,
        )


class SignalledHoldView(BaseModel):
    """An interval in which a party was on hold, as the metadata or SDP alone tells it.

    `participant` is empty where nobody is known to speak on these streams.
    """

    start_at: datetime
    end_at: datetime
    told_by: ToldBy
    participant: str
    streams: list[int]

    @classmethod
    def show(cls, hold: SignalledHold, zone: tzinfo) -> Self:
        """A hold with its times in `zone`."""
        return cls(
            start_at=shown(hold.from_us, zone),
            end_at=shown(hold.until_us, zone),
            told_by=hold.told_by,
            participant=hold.participant,
            streams=list(hold.streams),
        )


class GapView(BaseModel):
    """Where packets of a stream are missing, or none were sent (`not_sent`), and why.

    `packets` is 0 where nobody counted them; of several holes near to each other `missing_ms` is
    less than it lasts. `participant` is empty where nobody is known to speak there.
    """

    start_at: datetime
    end_at: datetime
    because: GapBecause
    missing_ms: int
    packets: int
    participant: str
    stream: int

    @classmethod
    def show(cls, gap: KnownGap, zone: tzinfo) -> Self:
        """A gap with its times in `zone`."""
        return cls(
            start_at=shown(gap.from_us, zone),
            end_at=shown(gap.until_us, zone),
            because=gap.because,
            missing_ms=gap.absent_us // _US_PER_MS,
            packets=gap.packets,
            participant=gap.participant,
            stream=gap.stream,
        )


class ReplayView(BaseModel):
    """Packets of a stream that came a second time, long after the first: heard once.

    Sent again by somebody who has recorded them on the way, or by a network that held them.
    """

    start_at: datetime
    end_at: datetime
    packets: int
    participant: str
    stream: int

    @classmethod
    def show(cls, replay: KnownReplay, zone: tzinfo) -> Self:
        """Those of a stream with their times in `zone`."""
        return cls(
            start_at=shown(replay.from_us, zone),
            end_at=shown(replay.until_us, zone),
            packets=replay.packets,
            participant=replay.participant,
            stream=replay.stream,
        )


class UndecodedView(BaseModel):
    """Where a stream came in a codec that nobody here decodes: it is not heard, its packets are.

    `extra` is the optional dependency that decodes it, empty where there is none that does.
    `participant` is empty where nobody is known to speak there.
    """

    start_at: datetime
    end_at: datetime
    codec: str
    extra: str
    participant: str
    stream: int

    @classmethod
    def show(cls, undecoded: Undecoded, zone: tzinfo) -> Self:
        """A stretch with its times in `zone`."""
        return cls(
            start_at=shown(undecoded.from_us, zone),
            end_at=shown(undecoded.until_us, zone),
            codec=undecoded.codec,
            extra=undecoded.extra,
            participant=undecoded.participant,
            stream=undecoded.stream,
        )


class OtherSoundView(BaseModel):
    """What sounds in a party's lane and is not its voice; `is_guess`: nobody says so.

    `early_media` is what the called side plays before it answers; `hold_music` is another sender in
    the place of one that came back, as a PBX plays it. `participant` is whose lane it is in.
    """

    start_at: datetime
    end_at: datetime
    kind: OtherSoundKind
    is_guess: bool
    participant: str
    stream: int

    @classmethod
    def show(cls, sound: OtherSound, zone: tzinfo) -> Self:
        """A sound with its times in `zone`."""
        return cls(
            start_at=shown(sound.from_us, zone),
            end_at=shown(sound.until_us, zone),
            kind=sound.kind,
            is_guess=sound.is_guess,
            participant=sound.participant,
            stream=sound.stream,
        )


class RouteView(BaseModel):
    """The route of an inline call, and the marks that it puts on its recordings; "" and []: none.

    `mode` is what route and target agreed on of recording, `target` who was called first; `purpose`
    is the first of the `purposes`.
    """

    route: str
    target: str
    mode: str
    queue: str
    purpose: str
    purposes: list[str]
    controller: str
    tags: list[str]

    @classmethod
    def show(cls, taken: RouteTaken) -> Self:
        """What its event says."""
        return cls(
            route=taken.route,
            target=taken.target,
            mode=taken.mode,
            queue=taken.queue,
            purpose=taken.purpose,
            purposes=list(taken.marks.purposes),
            controller=taken.controller,
            tags=list(taken.tags),
        )


class CallAttemptView(BaseModel):
    """A step of an attempt at reaching somebody: that it rang, or what it came to.

    `target` is that of the configuration, empty of who came by himself; `status` is the response's,
    0 where none came.
    """

    at: datetime
    target: str
    outcome: AttemptOutcome
    status: int

    @classmethod
    def show(cls, told: Attempted, zone: tzinfo) -> Self:
        """A step with its time in `zone`."""
        return cls(
            at=shown(told.at_us, zone),
            target=told.target,
            outcome=told.outcome,
            status=told.status,
        )


class ToldView(RecordingView):
    """A recording with what its source tells of people, who was called, and what they were told.

    What is `mentioned` are numbers and names beside the participants; they decide nothing.
    """

    participants: list[ParticipantView]
    mentioned: list[MentionView]
    attempts: list[CallAttemptView]
    notices: list[NoticeView]


class CourseView(ToldView):
    """One recording: who took part, came and went, what they were told, silence, why it ended.

    `route` is null where the call took none: a recording session. `ended_because` is empty as long
    as no part that is known tells of an end. `stray_codecs` came although nobody agreed on them:
    what cannot be decoded is `undecoded`, and in the datagrams. From `other_senders` audio came
    that is not heard.
    `gaps` are null where they are not known: a part of it cannot be read. `marks` are in
    force, `corrections` led to them and to what the legs are. `limit`: why it is not heard for the
    purpose that was stated; null: it is.
    """

    route: RouteView | None
    marks: MarksView
    corrections: list[CorrectionView]
    notes: list[NoteView]
    masked: list[MaskedView]
    holds: list[SignalledHoldView]
    other_sounds: list[OtherSoundView]
    gaps: list[GapView] | None
    replays: list[ReplayView]
    undecoded: list[UndecodedView]
    ended_because: str
    stray_codecs: list[str]
    other_senders: list[str]
    limit: Limit | None

    @classmethod
    def tell(cls, known: ShownCourse, zone: tzinfo) -> Self:
        """A recording with its times in `zone`."""
        course = known.course
        found = RecordingView.show(course.found, zone)
        changes = [ParticipantView.show(change, zone) for change in course.changes]
        masked = [MaskedView.show(each, zone) for each in course.masked]
        taken = course.routed.taken
        route = RouteView.show(taken) if taken is not None else None
        return cls(
            **dict(found),
            route=route,
            marks=MarksView.show(course.amended),
            corrections=corrections_shown(course.amended, zone),
            notes=notes_shown(course.amended, zone),
            participants=changes,
            mentioned=[MentionView.show(each, zone) for each in course.beside.mentions],
            attempts=[CallAttemptView.show(each, zone) for each in course.routed.attempts],
            notices=[NoticeView.show(each, zone) for each in course.notices],
            masked=masked,
            holds=[SignalledHoldView.show(each, zone) for each in course.holds],
            other_sounds=[OtherSoundView.show(each, zone) for each in course.oddities.others],
            gaps=gaps_shown(course.gaps, zone),
            replays=[ReplayView.show(each, zone) for each in course.replays],
            undecoded=[UndecodedView.show(each, zone) for each in known.undecoded],
            ended_because=course.ended,
            stray_codecs=list(course.oddities.strays),
            other_senders=list(course.oddities.senders),
            limit=course.limit or None,
        )


def gaps_shown(gaps: Sequence[KnownGap] | None, zone: tzinfo) -> list[GapView] | None:
    """The gaps of a recording with their times in `zone`; None: they are not known."""
    return None if gaps is None else [GapView.show(each, zone) for each in gaps]
