"""What tests of journal texts share."""

from dataclasses import dataclass, replace

from sqlalchemy import Engine

from archive.catalog.database.engine import reading, writing
from archive.catalog.journal.entries import Entry, JournalEntry, append
from archive.catalog.retention.revisions import NewRevision, append_revision
from archive.ids import DEFAULT_TENANT
from archive.moments import ClockReading
from retention.policies.policy import Limits
from retention.policies.policy_text import policy_text
from retention.rules.rule import Asset, RetentionRule
from retention.runner.journal_text_rounds import JournalTexts
from tests.archive.catalog.examples import NOW_US, author
from tests.retention.examples import policy, rule, terms
from tests.told import all_told

DAY_US = 86_400_000_000


TYPED = "case:0312345678"


@dataclass
class House:
    """A catalog with a policy, and a clock."""

    engine: Engine
    now_us: int = NOW_US
    stepped_us: int = 0

    def reading(self) -> ClockReading:
        """Both clocks; the wall's may have been set."""
        return ClockReading(wall_us=self.now_us + self.stepped_us, monotonic_us=self.now_us)

    def read(self, target: str, at_us: int = NOW_US) -> int:
        """Somebody types, and a call is read; the place of the entry."""
        entry = Entry(
            tenant=DEFAULT_TENANT, at_us=at_us, actor="yamada", action="read", target=target,
            reason=TYPED,
        )  # fmt: skip
        with writing(self.engine) as connection:
            return append(connection, entry)

    def texts(self) -> JournalTexts:
        """The rounds of a part that has just been started."""
        return JournalTexts(engine=self.engine, tenant=DEFAULT_TENANT, clock=self.reading)

    def told(self) -> list[JournalEntry]:
        """The whole journal."""
        with reading(self.engine) as connection:
            return list(all_told(connection))


def house(engine: Engine, limits: Limits | None = None) -> House:
    """Its policy, which is for all that was written before, keeps texts for a month."""
    own = House(engine)
    month = RetentionRule(id="texts", terms={Asset.JOURNAL: terms(after="P1M")})
    wanted = replace(policy(rule("never", after="never"), month), limits=limits or Limits())
    new = NewRevision(text=policy_text(wanted), in_force_us=NOW_US - DAY_US, is_retroactive=True)
    with writing(own.engine) as connection:
        append_revision(connection, author(), new)
    return own
