"""The form of a retention policy as people write it (`docs/retention.md`): keys, kinds, ranges.

Knows nothing of what they mean together.
"""

from typing import Annotated, Final

import msgspec

from retention.policies.policy import BULK, DAYS_OF_GRACE, HOURS_OF_COOLING_OFF, TIMES_MEDIAN
from retention.rules.conditions import CALL_END
from retention.rules.deadline import APRIL, MINPO, CountedFrom, Reckoning
from retention.rules.rule import LEGAL_DUTY, MAX_SPECIFICITY, Rank

FORM: Final = 1
# The way in which names are compared (`docs/retention.md`, How names are compared).
FOLDING: Final = 2
DEFAULT_SHARE: Final = "2 %"
# A longer pause than a year is a mistake.
_MAX_COOLING_OFF_H: Final = 8_760
_MAX_GRACE_DAYS: Final = 3_650
_WORD: Final = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
_PERCENT: Final = r"^[0-9]{1,3}(\.[0-9]{1,3})? ?%$"
_HOURS: Final = r"^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$"
_TIME: Final = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
_DECEMBER: Final = 12


class TermsForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Both periods of one kind of thing; "" says nothing."""

    keep_at_least: str = ""
    delete_after: str = ""


class BasisForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What wants it so, and where that is written."""

    citation: str = ""
    source: str = ""


class LimitsForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How carefully a policy is changed and carried out."""

    cooling_off_h: Annotated[int, msgspec.Meta(ge=0, le=_MAX_COOLING_OFF_H)] = HOURS_OF_COOLING_OFF
    bulk: Annotated[int, msgspec.Meta(ge=1)] = BULK
    share_per_day: Annotated[str, msgspec.Meta(pattern=_PERCENT)] = DEFAULT_SHARE
    times_median: Annotated[int, msgspec.Meta(ge=1)] = TIMES_MEDIAN
    hold_grace_days: Annotated[int, msgspec.Meta(ge=1, le=_MAX_GRACE_DAYS)] = DAYS_OF_GRACE
    window: Annotated[str, msgspec.Meta(pattern=_HOURS)] | None = None
    plan_at: Annotated[str, msgspec.Meta(pattern=_TIME)] | None = None


class RuleForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One `[[rule]]`; `match` is read by its own kinds, for `not` lies among them."""

    id: Annotated[str, msgspec.Meta(pattern=_WORD)]
    rank: Rank = Rank.POLICY
    match: dict[str, object] = {}
    begins: str = CALL_END
    counted_from: CountedFrom = "event"
    specificity: Annotated[int, msgspec.Meta(ge=0, le=MAX_SPECIFICITY)] | None = None
    whole_conversation: bool = False
    purposes: tuple[str, ...] = (LEGAL_DUTY,)
    basis: BasisForm = BasisForm()
    audio: TermsForm = TermsForm()
    metadata: TermsForm = TermsForm()
    journal: TermsForm = TermsForm()
    ledger: TermsForm = TermsForm()


class PolicyForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file; its rules are read one by one, so that each says what is wrong with it."""

    form: int
    # How names are compared: Rokuon writes it into every revision that has names.
    folding: Annotated[int, msgspec.Meta(ge=FOLDING, le=FOLDING)] | None = None
    zone: str
    fiscal_year_begins: Annotated[int, msgspec.Meta(ge=1, le=_DECEMBER)] = APRIL
    zones: dict[str, str] = {}
    reckoning: Reckoning = MINPO
    reckonings: dict[str, Reckoning] = {}
    limits: LimitsForm = LimitsForm()
    rule: tuple[dict[str, object], ...] = ()
