"""What stands above rules, over a real register."""

from datetime import timedelta
from pathlib import Path

from archive.catalog.database.engine import reading, writing
from archive.catalog.register.legal_holds import release
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT
from archive.moments import EPOCH
from retention.decisions.decision import Hold, Outcome
from retention.decisions.recording_judgement import judge_all
from retention.runner.judgement.protections import standing_of
from tests.api.retained import retained, revision
from tests.archive.catalog.examples import NOW_US, author, new_catalog, recording_id
from tests.retention.examples import rule
from tests.support.hold_scenes import GRACE_US, held

SHORT = revision(1, rule("short", after="P1D"))
GRACE_OVER = EPOCH + timedelta(microseconds=NOW_US + GRACE_US)


def test_what_is_held_is_kept_until_the_grace_of_its_last_hold_is_over(tmp_path: Path) -> None:
    """Past its maximum for long; at the moment at which grace ends it is due."""
    engine = new_catalog(tmp_path)
    own, other = recording_id(1), recording_id(2)
    active = held(engine, own)
    with writing(engine) as connection:
        tenant = tenant_row(connection, DEFAULT_TENANT)
        assert standing_of(connection, tenant, [own, other])[own].holds == (
            Hold(str(active.number), "M-2026-07"),
        )
        release(connection, author(), active, NOW_US + GRACE_US, one_person=False)
    with reading(engine) as connection:
        standing = standing_of(connection, tenant, [own, other])
    found = [retained(1), retained(2)]
    before, after = (
        {each.found.recording: each.audio.decision.outcome for each in judged}
        for judged in (
            judge_all(found, [SHORT], now, standing)
            for now in (GRACE_OVER - timedelta(microseconds=1), GRACE_OVER)
        )
    )

    assert other not in standing
    assert before == {own: Outcome.KEEP, other: Outcome.DESTROY}
    assert after == {own: Outcome.DESTROY, other: Outcome.DESTROY}
