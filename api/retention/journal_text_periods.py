"""Until when the texts of the journal about a recording are kept: what is decided of the last.

Each is judged by the day of its entry, as the rounds that destroy them do. Knows nothing of who
asks.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from archive.catalog.journal.texts import KeptText, recordings_about, texts_about
from archive.ids import RecordingId
from archive.lifecycle.recording_values import RetainedRecording
from archive.moments import moment
from retention.decisions.dated_assets import dated_bounds
from retention.decisions.decision import Standing, decide
from retention.decisions.recording_judgement import Judged, Judgement
from retention.policies.revision import Revision, judging
from retention.policies.shipped_policy import SHIPPED
from retention.rules.rule import Asset
from retention.runner.judgement.policy_history import PolicyHistory
from retention.runner.judgement.protections import standing_of


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedTexts:
    """How many there are, and the judgement of the one that goes last."""

    count: int
    judgement: Judgement

    @property
    def last(self) -> Judged:
        """What is decided of it."""
        return self.judgement.judged[Asset.JOURNAL]


def judged_texts(
    connection: Connection, tenant: int, about: RetainedRecording, history: PolicyHistory
) -> JudgedTexts | None:
    """Judge those about a recording and its call; None where there are none."""
    texts = texts_about(connection, tenant, about.recording)
    if not texts:
        return None
    recordings = recordings_about(connection, tenant, {each.target for each in texts})
    own = sorted({each for several in recordings.values() for each in several})
    standing = standing_of(connection, tenant, own)
    made = [
        _judgement(about, text, history, _above(recordings.get(text.target, ()), standing))
        for text in _latest(texts, history)
    ]
    last = max(made, key=lambda each: each.judged[Asset.JOURNAL].goes_at)
    return JudgedTexts(count=len(texts), judgement=last)


def _latest(texts: Sequence[KeptText], history: PolicyHistory) -> Iterator[KeptText]:
    """The youngest of those that are about the same and have the same revision: it goes last."""
    latest = {(each.target, _revision(each, history).number): each for each in texts}
    yield from latest.values()


def _revision(text: KeptText, history: PolicyHistory) -> Revision:
    return judging(history.revisions, moment(text.at_us), history.now) or SHIPPED


def _above(recordings: Sequence[RecordingId], standing: Mapping[RecordingId, Standing]) -> Standing:
    """Holds and freezes of all that it is about; neither erasures nor suspensions are of texts."""
    found = [standing[each] for each in recordings if each in standing]
    return Standing(
        holds=tuple(dict.fromkeys(hold for each in found for hold in each.holds)),
        freezes=frozenset(case for each in found for case in each.freezes),
    )


def _judgement(
    about: RetainedRecording, text: KeptText, history: PolicyHistory, above: Standing
) -> Judgement:
    revision = _revision(text, history)
    own = dated_bounds(revision.policy, moment(text.at_us), Asset.JOURNAL)
    decision = decide(own, above, history.now)
    return Judgement(
        found=about,
        revision=revision,
        calendar=revision.policy.calendars.of(""),
        judged={Asset.JOURNAL: Judged(asset=Asset.JOURNAL, bounds=own, decision=decision)},
    )
