"""An ended run of the tests, and a key daemon that signs it as the real one does."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine

from archive.certificates.folder import CertificateFolder
from archive.certificates.statement import recording_leaf
from archive.ids import DEFAULT_TENANT, PlanId, RecordingId
from archive.lifecycle.tombstone import digest_of
from retention.certificates.certificate import Word
from retention.certificates.destroyed_list import DestroyedRecording, in_order
from retention.runner.certificates.issue import CertificateIssue, EndedRun
from tests.archive.catalog.examples import NOW_US
from tests.archive.certificates.examples import PRIVATE, RUN, statement
from tests.retention.destroyed_recordings import REVISIONS, destroyed


def recording(number: int) -> RecordingId:
    """One that was destroyed."""
    return RecordingId(number.to_bytes(16, "big"))


def ended(count: int = 5, number: int = 3) -> EndedRun:
    """A run by plan `number` that destroyed `recording(0)` and so on."""
    recordings = [
        DestroyedRecording(digest_of(recording(at)), each.destroyed_us, each.said)
        for at, each in enumerate(destroyed(count))
    ]
    return EndedRun(
        run=RUN,
        number=number,
        recordings=recordings,
        revisions=REVISIONS,
        approval=Word.TWO_PERSONS,
        journal=17,
    )


@dataclass
class Daemon:
    """Signs over what it has destroyed, of which it knows digests and times."""

    recordings: Sequence[DestroyedRecording]
    asked: int = field(default=0)

    def certificate(self, plan: PlanId, said: Sequence[bytes], below: str) -> bytes:
        """As the key daemon makes it."""
        self.asked += 1
        assert plan.raw == RUN
        own = in_order(self.recordings)
        leaves = [
            recording_leaf(each.digest, each.destroyed_us, of_it)
            for each, of_it in zip(own, said, strict=True)
        ]
        times = [each.destroyed_us for each in own]
        return statement(leaves, min(times), max(times)).signed(below, PRIVATE.sign)


def issue(engine: Engine, folder: Path, daemon: Daemon) -> CertificateIssue:
    """Who makes certificates in an archive."""
    return CertificateIssue(
        engine=engine,
        keys=daemon,
        folder=CertificateFolder(folder),
        clock_us=lambda: NOW_US,
        tenant=DEFAULT_TENANT,
    )
