"""What tests of limits share."""

from sqlalchemy import Engine

from archive.catalog.database.engine import writing
from archive.catalog.retention.revisions import NewRevision, append_revision
from retention.policies.policy_text import policy_text
from retention.rules.rule import Rank, RetentionRule
from tests.archive.catalog.examples import MINUTE_US, author
from tests.retention.examples import policy, rule

DAY_US = 24 * 60 * MINUTE_US


LAW = rule("law", at_least="P10Y", rank=Rank.LAW)


SHORT = rule("short", after="P1D")


def revise(engine: Engine, *rules: RetentionRule, in_force_us: int = 0) -> None:
    """Take a policy over, for all recordings."""
    new = NewRevision(
        text=policy_text(policy(*rules)), in_force_us=in_force_us, is_retroactive=True
    )
    with writing(engine) as connection:
        append_revision(connection, author(), new)
