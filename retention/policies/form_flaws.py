"""What a form of a policy says is wrong, in our own words for flaws.

Pure. The forms are msgspec's, which tells faults as English texts; knows no rule.
"""

import re
from typing import Final, get_args

from retention.rules.deadline import CountedFrom
from retention.rules.policy_flaws import PolicyFault, PolicyFlaw, PolicyPlace, fault
from retention.rules.rule import Rank

_PATH: Final = re.compile(r" - at `\$\.?([^`]*)`$")
_FIELD: Final = re.compile(r"Object (missing required|contains unknown) field `([^`]+)`")
_BOUND: Final = re.compile(r"Expected `int` (>=|<=) (\d+)")
_WANTED: Final = re.compile(r"Expected `(\w+)")
_KINDS: Final = {
    "str": PolicyFlaw.NOT_TEXT,
    "int": PolicyFlaw.NOT_NUMBER,
    "bool": PolicyFlaw.NOT_YES_NO,
    "array": PolicyFlaw.NOT_LIST,
}
_CHOICES: Final = {"rank": tuple(Rank), "counted_from": get_args(CountedFrom)}
# Of texts that have a form of their own: what that is.
_FORMS: Final = {
    "id": PolicyFlaw.ID,
    "share_per_day": PolicyFlaw.SHARE,
    "window": PolicyFlaw.WINDOW,
    "plan_at": PolicyFlaw.HOUR,
}


def form_fault(said: str, place: PolicyPlace) -> PolicyFault:
    """The fault that a text of msgspec tells, of what stands at a place."""
    path = _PATH.search(said)
    at = place.at(re.sub(r"\[[^\]]*\]", "", path[1])) if path else place
    if field := _FIELD.match(said):
        is_missing = field[1] == "missing required"
        flaw = PolicyFlaw.MISSING if is_missing else PolicyFlaw.UNKNOWN_KEY
        return fault(flaw, at.at(field[2]))
    if bound := _BOUND.match(said):
        if bound[1] == ">=":
            return fault(PolicyFlaw.AT_LEAST, at, least=bound[2])
        return fault(PolicyFlaw.AT_MOST, at, most=bound[2])
    return _wrong_value(said, at)


def _wrong_value(said: str, at: PolicyPlace) -> PolicyFault:
    last = at.key.rpartition(".")[2]
    if said.startswith("Invalid enum value"):
        return fault(PolicyFlaw.NO_CHOICE, at, known=", ".join(_CHOICES[last]))
    if "matching regex" in said:
        return fault(_FORMS[last], at)
    wanted = _WANTED.match(said)
    return fault(_KINDS.get(wanted[1] if wanted else "", PolicyFlaw.NOT_TABLE), at)
