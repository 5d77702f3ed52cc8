"""What becomes of recordings when a legal hold is let go of: which nothing else keeps, and of these
which are due.

Judges as `explain` does. Knows nothing of the web; changes nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection

from api.words.proposal_summaries import SummaryLine
from api.words.texts import said
from archive.access.reach import WHOLE_TENANT
from archive.catalog.access.grants import Access
from archive.catalog.holds.held_recordings import HeldPage, counts_of, held_recordings
from archive.catalog.register.legal_holds import StoredHold
from archive.catalog.retention.retained import retained_of
from archive.catalog.tables.tenants import tenant_row
from archive.ids import RecordingId
from retention.decisions.decision import NOTHING_STANDS, Outcome, Standing
from retention.decisions.recording_judgement import Judgement, judge_all
from retention.rules.deadline import FOREVER
from retention.rules.rule import Asset
from retention.runner.judgement.policy_history import PolicyHistory
from retention.runner.judgement.protections import standing_of

_AT_ONCE: Final = 500
_WITHOUT: Final = said(
    "{held} recordings held; without it {due} due at once, {dated} later, {kept} kept by something"
    " else"
)
_JUDGED: Final = said("judged: the first {judged}")
# Judging takes a third of a millisecond each: whoever lets go of more sees the rest estimated.
MOST_JUDGED: Final = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasePreview:
    """Of `held` recordings so many were `judged`, and of these so many would be what is said.

    `kept`: something else protects it, or no rule says when it goes. `due`: it would go as soon as
    the time of grace is over, `grace_days` long. `dated`: it would go on a day that a rule says.
    """

    held: int
    grace_days: int
    judged: int = 0
    kept: int = 0
    due: int = 0
    dated: int = 0

    @property
    def summary(self) -> tuple[SummaryLine, ...]:
        """For who approves."""
        of = {"held": self.held, "due": self.due, "dated": self.dated, "kept": self.kept}
        told = SummaryLine(_WITHOUT, of)
        if self.judged == self.held:
            return (told,)
        return told, SummaryLine(_JUDGED, {"judged": self.judged})

    def with_one(self, judged: Judgement) -> "ReleasePreview":
        """One more, judged without the hold."""
        audio = judged.audio
        before = replace(self, judged=self.judged + 1)
        if audio.decision.outcome is Outcome.DESTROY:
            return replace(before, due=before.due + 1)
        if audio.goes_at != FOREVER and not audio.bounds.unknown:
            return replace(before, dated=before.dated + 1)
        return replace(before, kept=before.kept + 1)


def preview_of(connection: Connection, access: Access, own: StoredHold) -> ReleasePreview:
    """What letting go of a hold would do at the moment of asking."""
    tenant = tenant_row(connection, access.tenant)
    history = PolicyHistory.read(connection, access.tenant, access.at_us)
    grace_days = history.in_force.policy.limits.hold_grace_days
    told = ReleasePreview(held=counts_of(connection, tenant, own).held, grace_days=grace_days)
    for batch in _batches(connection, tenant, own):
        found = retained_of(connection, tenant, batch)
        every = [each.recording for each in found]
        without = _without(standing_of(connection, tenant, every), own)
        judged = judge_all(found, history.revisions, history.now, without, (Asset.AUDIO,))
        wanted = set(batch)
        for each in judged:
            if each.found.recording in wanted:
                told = told.with_one(each)
    return told


def _batches(
    connection: Connection, tenant: int, own: StoredHold
) -> Iterator[Sequence[RecordingId]]:
    page = HeldPage(state="held", limit=_AT_ONCE)
    for _ in range(MOST_JUDGED // _AT_ONCE):
        found = held_recordings(connection, tenant, own, page, WHOLE_TENANT)
        if not found:
            return
        yield [each.recording for each in found]
        page = replace(page, after=found[-1].recording)


def _without(
    standing: Mapping[RecordingId, Standing], own: StoredHold
) -> dict[RecordingId, Standing]:
    return {
        recording: replace(
            each, holds=tuple(hold for hold in each.holds if hold.id != str(own.number))
        )
        for recording, each in standing.items()
        if each != NOTHING_STANDS
    }
