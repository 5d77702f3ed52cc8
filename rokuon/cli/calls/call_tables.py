"""What `calls find` and `calls show` have as tables: their columns, and what these are called.

Knows nothing of what stands in them.
"""

from collections.abc import Sequence
from typing import Final

from rokuon.messages.i18n import tr

Row = dict[str, object]
# What a recording has one of: {} where it has none.
ONE_ROW: Final = frozenset({"route", "marks"})
_OF_CORRECTED: Final = ("was", "agent_was", "side_guessed")


def recording_tables() -> dict[str, dict[str, str]]:
    """What of a recording is a table of its own, in the order in which they are shown."""
    return {
        "legs": _leg_titles(),
        "route": _route_titles(),
        "marks": _mark_titles(),
        "corrections": _correction_titles(),
        "notes": _note_titles(),
        "participants": _change_titles(),
        "mentioned": _mention_titles(),
        "attempts": _attempt_titles(),
        "notices": _notice_titles(),
        "masked": _pause_titles(),
        "holds": _hold_titles(),
        "other_sounds": _other_sound_titles(),
        "gaps": _gap_titles(),
        "replays": _replay_titles(),
    }


def titles_for(rows: Sequence[Row], titles: dict[str, str]) -> dict[str, str]:
    """The columns without those that only corrected calls have, where nothing was corrected."""
    spare = {key for key in _OF_CORRECTED if not any(row.get(key) for row in rows)}
    return {key: title for key, title in titles.items() if key not in spare}


def link_titles() -> dict[str, str]:
    """Of the calls that seem to go with it."""
    return {
        "call": tr("seems to go with"),
        "started_at": tr("begin"),
        "direction": tr("direction"),
        "link": tr("a guess: it is"),
        "shared": tr("shared beside the party"),
    }


def _leg_titles() -> dict[str, str]:
    return {
        "side": tr("side"),
        "side_because": tr("side known by"),
        "party": tr("calls or is called"),
        "name": tr("name"),
        "numbers": tr("numbers"),
        "in_place_of": tr("in place of"),
        "agent": tr("agent"),
        "agent_was": tr("agent before the correction"),
        "was": tr("was"),
        "attributed_by": tr("attributed by"),
        "confidence": tr("confidence"),
        "from": tr("from"),
        "until": tr("to"),
    }


def _change_titles() -> dict[str, str]:
    return {
        "at": tr("at"),
        "what": tr("what"),
        "address": tr("address"),
        "in_place_of": tr("in place of"),
        "told_at": tr("by the source's clock"),
    }


def _mention_titles() -> dict[str, str]:
    return {
        "told_as": tr("also told as"),
        "number": tr("number"),
        "name": tr("name"),
        "key": tr("said in"),
    }


def _attempt_titles() -> dict[str, str]:
    return {
        "at": tr("called at"),
        "target": tr("target"),
        "outcome": tr("outcome"),
        "status": tr("SIP status"),
    }


def _pause_titles() -> dict[str, str]:
    return {
        "from": tr("not kept from"),
        "until": tr("to"),
        "by": tr("by"),
        "reason": tr("reason"),
        "until_because": tr("ended by"),
    }


def _hold_titles() -> dict[str, str]:
    return {
        "from": tr("on hold from"),
        "until": tr("to"),
        "who": tr("who"),
        "told_by": tr("told by"),
    }


def _other_sound_titles() -> dict[str, str]:
    return {
        "from": tr("no party's voice from"),
        "until": tr("to"),
        "sound": tr("what"),
        "who": tr("in the place of"),
    }


def _gap_titles() -> dict[str, str]:
    return {
        "from": tr("nothing came from"),
        "until": tr("to"),
        "who": tr("who"),
        "because": tr("why"),
        "missing_s": tr("seconds missing"),
        "packets": tr("packets missing"),
    }


def _replay_titles() -> dict[str, str]:
    return {
        "from": tr("came a second time from"),
        "until": tr("to"),
        "who": tr("who"),
        "packets": tr("packets"),
    }


def _mark_titles() -> dict[str, str]:
    """Those in force: the route's, the source's, and as they were corrected."""
    return {
        "queues": tr("queue"),
        "purposes": tr("purpose"),
        "controllers": tr("controller"),
        "tags": tr("tags"),
    }


def _correction_titles() -> dict[str, str]:
    return {
        "at": tr("corrected at"),
        "kind": tr("what"),
        "whose": tr("whose"),
        "stream": tr("stream"),
        "side_guessed": tr("side was a guess"),
        "value": tr("is now"),
        "was": tr("was"),
        "author": tr("by"),
        "reason": tr("reason"),
    }


def _note_titles() -> dict[str, str]:
    return {
        "at": tr("noted at"),
        "text": tr("text"),
        "author": tr("by"),
        "reason": tr("reason"),
    }


def _route_titles() -> dict[str, str]:
    return {
        "route": tr("route"),
        "target": tr("target"),
        "mode": tr("recording"),
        "queue": tr("queue"),
        "purpose": tr("purpose"),
        "controller": tr("controller"),
        "tags": tr("tags"),
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
