"""The policy that decides before anybody has taken one over."""

from datetime import UTC, datetime

from retention.decisions.bounds import bounds
from retention.policies.findings import WithoutEnd, findings
from retention.policies.policy_file import read_policy
from retention.policies.policy_text import policy_text
from retention.policies.revision import judging
from retention.policies.shipped_policy import SHIPPED
from retention.rules.deadline import FOREVER
from retention.rules.rule import Asset
from tests.retention.examples import CALLED, call


def test_as_shipped_nothing_ever_goes() -> None:
    """Who installs it and says nothing loses nothing; that it has no end is said."""
    for asset in Asset:
        assert bounds(SHIPPED.policy, call(), asset).due_at == FOREVER
    assert findings(SHIPPED.policy, {}) == [WithoutEnd()]


def test_its_rule_is_called_default_and_it_is_a_policy_as_people_write_it() -> None:
    """It is exported and changed as any other."""
    assert [rule.id for rule in SHIPPED.policy.rules] == ["default"]
    assert read_policy(policy_text(SHIPPED.policy)) == SHIPPED.policy


def test_it_judges_every_call_for_which_there_is_no_other_revision() -> None:
    """Also those that ended before the installation was."""
    for ended in (CALLED, datetime(1999, 1, 1, tzinfo=UTC), None):
        assert judging([SHIPPED], ended, CALLED) is SHIPPED
