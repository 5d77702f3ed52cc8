"""The policy that decides as long as none was taken over: everything is kept, without an end date.

Pure. Of recordings that no revision is for it decides later on, too.
"""

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from retention.policies.policy import Calendars, RetentionPolicy
from retention.policies.revision import Revision
from retention.rules.rule import Asset, Never, RetentionRule, Terms

SHIPPED: Final = Revision(
    number=0,
    policy=RetentionPolicy(
        rules=(RetentionRule(id="default", terms={Asset.AUDIO: Terms(delete_after=Never.NEVER)}),),
        # No period is counted by it.
        calendars=Calendars(zone=ZoneInfo("Asia/Tokyo")),
    ),
    in_force_at=datetime(1970, 1, 1, tzinfo=UTC),
    is_retroactive=True,
)
