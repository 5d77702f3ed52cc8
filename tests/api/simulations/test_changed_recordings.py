"""Pages of the recordings that a simulated policy would change."""

from datetime import timedelta
from pathlib import Path

import pytest

from api.simulations.changed_recordings import changed_page
from api.simulations.simulation import Change, Supposition
from archive.catalog.access.grants import Ask, SearchGrant, grant
from archive.ids import ConversationId
from archive.moments import EPOCH
from retention.policies.shipped_policy import SHIPPED
from tests.archive.catalog.examples import NOW_US, access
from tests.retention.examples import policy, rule
from tests.support.retention.explanations import archive

WHAT = Supposition(
    policy=policy(rule("all", after="never"), rule("support", queue="support", after="P1D")),
    revisions=(SHIPPED,),
    now=EPOCH + timedelta(microseconds=NOW_US),
)


@pytest.mark.parametrize("at_once", [1, 500])
def test_all_pages_have_what_changes_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    """Of seven recordings one; a page may have none though there are more behind."""
    monkeypatch.setattr("archive.catalog.retention.retained._AT_ONCE", at_once)
    engine = archive(tmp_path)
    granted = grant(engine, SearchGrant, Ask(access=access()))
    pages, behind = [], ConversationId(bytes(16))
    page = changed_page(engine, WHAT, None, granted)
    pages.append(page.changed)
    while page.behind is not None:
        behind = page.behind
        page = changed_page(engine, WHAT, behind, granted)
        pages.append(page.changed)
    engine.dispose()

    found = [each for changed in pages for each in changed]
    assert [each.change for each in found] == [Change.NEWLY_DUE]
    assert len(pages) == (2 if at_once == 1 else 1)
