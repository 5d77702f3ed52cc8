"""What is told of a tombstone to who asks for what was destroyed.

Knows nothing of who could have seen it.
"""

from archive.lifecycle.tombstone import FoundTombstone
from archive.moments import moment


def told(left: FoundTombstone) -> dict[str, object]:
    """What a program reads of it."""
    remains = left.remains
    return {
        "digest": left.digest.hex(),
        "destroyed_at": moment(left.destroyed_us).isoformat(),
        "hour_at": None if remains.hour_us is None else moment(remains.hour_us).isoformat(),
        "revision": remains.revision,
        "rules": list(remains.rules),
        "plan": remains.plan,
        "scope": remains.scope,
        "facts_until": None
        if remains.facts_until_us is None
        else moment(remains.facts_until_us).isoformat(),
    }


def remains_in(left: FoundTombstone) -> dict[str, str]:
    """What a person reads of it; of a bare one nobody knows by which rule it was made."""
    plan = left.remains.plan
    return {
        "day": f"{moment(left.destroyed_us):%Y-%m-%d}",
        "rules": ", ".join(left.remains.rules) or "–",
        "plan": str(plan or "–"),
        "certificate": f"rokuon retention certificate show {plan}" if plan else "–",
    }
