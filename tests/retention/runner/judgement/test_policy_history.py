"""Revisions of the retention policy, each with what has become of it."""

from pathlib import Path

import pytest

from archive.catalog.database.engine import writing
from archive.catalog.retention.revisions import NewRevision, append_revision
from archive.ids import DEFAULT_TENANT
from retention.policies.policy_text import policy_text
from retention.policies.shipped_policy import SHIPPED
from retention.rules.errors import UnknownRevision
from retention.runner.judgement.policy_history import PolicyHistory
from tests.archive.catalog.examples import MINUTE_US, NOW_US, author, new_catalog

TEXT = policy_text(SHIPPED.policy)


def history(folder: Path, *new: NewRevision) -> PolicyHistory:
    """As it is read now, when these were taken over."""
    folder.mkdir(exist_ok=True)
    with writing(new_catalog(folder)) as connection:
        for each in new:
            append_revision(connection, author(), each)
        return PolicyHistory.read(connection, DEFAULT_TENANT, NOW_US)


def revision(since_us: int, *, is_retroactive: bool = False) -> NewRevision:
    """One that says as little as the shipped one."""
    return NewRevision(text=TEXT, in_force_us=since_us, is_retroactive=is_retroactive)


def test_before_any_revision_the_shipped_policy_decides(tmp_path: Path) -> None:
    """It is number 0, which nobody took over."""
    found = history(tmp_path)
    (only,) = found.stored

    assert found.deciding is found.latest is found.numbered(None) is found.numbered(0) is only
    assert (only.number, only.author, only.taken_us) == (0, "", 0)
    assert only.content.text == TEXT
    assert found.known(only).state == "in_force"
    with pytest.raises(UnknownRevision):
        found.numbered(1)


def test_what_is_for_calls_to_come_leaves_the_older_in_force_for_those_that_were(
    tmp_path: Path,
) -> None:
    """What reaches back takes the place of all; what cools off decides nothing yet."""
    later = revision(NOW_US + 1)
    to_come = history(tmp_path / "a", revision(NOW_US - MINUTE_US), later)
    back = history(tmp_path / "b", revision(NOW_US - MINUTE_US, is_retroactive=True), later)

    states = [[each.known(one).state for one in each.stored] for each in (to_come, back)]
    assert states == [
        ["in_force", "in_force", "cooling_off"],
        ["replaced", "in_force", "cooling_off"],
    ]
    assert [each.deciding.number for each in (to_come, back)] == [1, 1]
    assert [each.latest.number for each in (to_come, back)] == [2, 2]
