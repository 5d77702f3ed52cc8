"""What `calls show` has of a recording as tables: their columns, and what these are called.

Knows nothing of what stands in them.
"""

from rokuon.i18n import tr


def recording_tables() -> dict[str, dict[str, str]]:
    """What of a recording is a table of its own, in the order in which they are shown."""
    legs = {
        "side": tr("side"),
        "name": tr("name"),
        "number": tr("number"),
        "agent": tr("agent"),
        "attributed_by": tr("attributed by"),
        "confidence": tr("confidence"),
        "from": tr("from"),
        "until": tr("to"),
    }
    changes = {
        "at": tr("at"),
        "what": tr("what"),
        "address": tr("address"),
        "told_at": tr("by the source's clock"),
    }
    intervals = {
        "from": tr("not kept from"),
        "until": tr("to"),
        "by": tr("by"),
        "reason": tr("reason"),
        "until_because": tr("ended by"),
    }
    marks = {
        "route": tr("route"),
        "target": tr("target"),
        "mode": tr("recording"),
        "queue": tr("queue"),
        "purpose": tr("purpose"),
        "controller": tr("controller"),
        "tags": tr("tags"),
    }
    return {
        "legs": legs,
        "route": marks,
        "participants": changes,
        "notices": _notice_titles(),
        "masked": intervals,
    }


def _notice_titles() -> dict[str, str]:
    return {
        "to": tr("told"),
        "prompt": tr("prompt"),
        "language": tr("language"),
        "outcome": tr("outcome"),
        "from": tr("from"),
        "until": tr("to"),
        "sent_ms": tr("ms sent"),
        "whole_ms": tr("ms in all"),
        "packets": tr("packets"),
        "reports": tr("RTCP reports"),
        "lost": tr("lost"),
        "discarded": tr("discarded"),
        "wording": tr("wording"),
    }
