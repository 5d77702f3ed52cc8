"""The words of values in tables: codes for programs, in JSON, are words for people here.

Knows the codes, nothing of where they come from. In English a code is its own word.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from rokuon import i18n
from rokuon.i18n import tr


def cell(key: str, value: object) -> str:
    """What stands in a table under a key."""
    match value:
        case None:
            return ""
        case bool():
            return tr("yes") if value else tr("no")
        case list() | tuple():
            return ", ".join(cell(key, each) for each in value)
        case dict():
            is_party = {"names", "numbers", "side"} <= set(value)
            return party(value) if is_party else _joined(value)
    return _words(i18n.language()).get(key, {}).get(str(value), str(value))


def _joined(value: Mapping[str, object]) -> str:
    return " ".join(cell(name, each) for name, each in value.items() if each)


def party(who: Mapping[str, Any]) -> str:
    """One who is in a call: name, numbers, and on which side."""
    said = " ".join([*who["names"][:1], *who["numbers"]])
    side = who["side"]
    return said if side == "unknown" else f"{said} ({cell('side', side)})"


@cache
def _words(_language: str) -> dict[str, dict[str, str]]:
    """By key and code; once for each language that is spoken."""
    states = {
        "complete": tr("complete"),
        "partial": tr("partial"),
        "live": tr("live"),
        "on hold": tr("on hold"),
        "paused": tr("paused"),
        "unrecorded": tr("unrecorded"),
        "stopped": tr("stopped"),
    }
    return {
        "direction": _directions(),
        "side": _sides(),
        "state": states,
        "fate": _fates(),
        "reason": _reasons(),
        "phase": _phases(),
        "troubles": _troubles(),
        "what": _changes(),
        "attributed_by": _attributions(),
        "confidence": _attributions(),
        "until_because": _pause_ends(),
        "mode": _modes(),
        "severity": {"ok": tr("ok"), "warning": tr("warning"), "error": tr("error")},
    }


def _directions() -> dict[str, str]:
    return {
        "inbound": tr("inbound"),
        "outbound": tr("outbound"),
        "internal": tr("internal"),
        "unknown": tr("unknown"),
    }


def _sides() -> dict[str, str]:
    return {
        "customer": tr("customer"),
        "agent": tr("agent"),
        "unknown": tr("unknown"),
        "node": tr("played by Rokuon"),
    }


def _fates() -> dict[str, str]:
    return {
        "recorded": tr("recorded"),
        "without audio": tr("without audio"),
        "refused": tr("refused"),
    }


def _reasons() -> dict[str, str]:
    """Why a call has no recording, in the ledger."""
    return {
        "password": tr("password"),
        "unreadable": tr("unreadable"),
        "no recording session": tr("no recording session"),
        "no route": tr("no route"),
        "forwarded too often": tr("forwarded too often"),
        "loop": tr("loop"),
        "replaces no call that is up": tr("replaces no call that is up"),
        "the notice cannot be played": tr("the notice cannot be played"),
        "not by the RFC": tr("not by the RFC"),
        "unknown body": tr("unknown body"),
        "media not acceptable": tr("media not acceptable"),
        "full": tr("full"),
        "draining": tr("draining"),
        "challenged": tr("challenged"),
        "refused by SIP": tr("refused by SIP"),
        "not recorded": tr("not recorded"),
        "not connected": tr("not connected"),
    }


def _phases() -> dict[str, str]:
    return {
        "finding": tr("finding"),
        "dialling": tr("dialling"),
        "ringing": tr("ringing"),
        "notice": tr("notice"),
        "joined": tr("connected"),
        "ending": tr("ending"),
    }


def _troubles() -> dict[str, str]:
    return {
        "no_rtp": tr("no_rtp"),
        "one_way": tr("one_way"),
        "lossy": tr("lossy"),
        "mixed": tr("mixed"),
        "wrong_codec": tr("wrong_codec"),
    }


def _changes() -> dict[str, str]:
    return {
        "joined": tr("joined"),
        "left": tr("left"),
        "held": tr("held"),
        "resumed": tr("resumed"),
        "transferred": tr("transferred"),
    }


def _attributions() -> dict[str, str]:
    return {
        "table": tr("table"),
        "metadata": tr("metadata"),
        "none": tr("none"),
        "certain": tr("certain"),
        "likely": tr("likely"),
    }


def _pause_ends() -> dict[str, str]:
    return {"asked": tr("asked"), "limit": tr("limit"), "call_ended": tr("call_ended")}


def _modes() -> dict[str, str]:
    return {
        "force": tr("force"),
        "yes": tr("yes"),
        "dont-care": tr("dont-care"),
        "no": tr("no"),
        "never": tr("never"),
    }
