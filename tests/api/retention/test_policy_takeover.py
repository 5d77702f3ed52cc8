"""A policy that somebody wishes for, as who approves reads of it."""

from zoneinfo import ZoneInfo

from api.retention.policy_takeover import CheckedPolicy
from archive.catalog.retention.revisions import NewRevision
from retention.policies.policy_text import policy_text
from retention.policies.revision import Care
from tests.retention.examples import policy, rule
from tests.support.summaries import in_words


def checked(*difference: str) -> CheckedPolicy:
    """A retroactive one that differs in these lines."""
    new = NewRevision(
        text=policy_text(policy(rule("a", after="P1Y"))), in_force_us=0, is_retroactive=True
    )
    return CheckedPolicy(
        new=new, care=Care.TWO_PERSONS, because="shortens", compared_with=3,
        difference=difference, findings=(),
    )  # fmt: skip


def test_a_summary_names_text_reach_and_difference() -> None:
    """Nobody approves what it cannot compare."""
    own = checked("-a", "+b")
    head, *lines = in_words(own.summary).splitlines()

    assert own.new.sha256.hex() in head
    assert "recordings that exist too" in head
    assert "against revision 3" in head
    assert lines == ["-a", "+b"]
    assert own.zone == ZoneInfo("Asia/Tokyo")


def test_a_long_difference_is_cut_and_says_so() -> None:
    """A page of it; `check` shows all."""
    lines = in_words(checked(*["+x"] * 300).summary).splitlines()

    assert (len(lines), lines[-1]) == (202, "… 100 more lines")
