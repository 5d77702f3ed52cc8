"""One call with all that is known of it, in the rows of `calls show`.

Pure: knows the forms of `docs/openapi.json`, nothing of how they are asked for.
"""

from datetime import datetime, tzinfo

from api.calls.call_summaries import Answer, former_of, label_of
from rokuon.cli.calls.call_rows import recording_row
from rokuon.cli.terminal.output import Row, exact, moment


def course_row(found: Answer, zone: tzinfo) -> Row:
    """A recording: who stayed, came and went, was told what; its route, pauses, holds and end."""
    labels = {leg["participant"]: label_of(leg) for leg in found["legs"] if label_of(leg)}
    return {
        **recording_row(found, zone),
        "route": found["route"] or {},
        "marks": found["marks"] if any(found["marks"].values()) else {},
        "corrections": [correction_row(each, zone, labels) for each in found["corrections"]],
        "notes": [_note(each, zone) for each in found["notes"]],
        "legs": [_leg(each, labels, zone) for each in found["legs"]],
        "participants": [_change(each, labels, zone) for each in found["participants"]],
        "mentioned": [_mention(each, zone) for each in found["mentioned"]],
        "attempts": [_attempt(each, zone) for each in found["attempts"]],
        "notices": [notice_row(each, zone) for each in found["notices"]],
        "masked": [_masked(each, zone) for each in found["masked"]],
        "holds": [_hold(each, labels, zone) for each in found["holds"]],
        "other_sounds": [_other_sound(each, labels, zone) for each in found["other_sounds"]],
        "gaps": _gaps(found["gaps"], labels, zone),
        "replays": [_replay(each, labels, zone) for each in found["replays"]],
        "undecoded": [_undecoded(each, labels, zone) for each in found["undecoded"]],
        "ended_because": found["ended_because"],
        "stray_codecs": found["stray_codecs"],
        "other_senders": found["other_senders"],
        "limit": found["limit"] or "",
    }


def _leg(leg: Answer, labels: dict[str, str], zone: tzinfo) -> Row:
    agent, party = leg["agent"] or {}, leg["party"]
    return {
        "side": leg["side"],
        "side_because": leg["side_because"],
        "side_guessed": leg["side_guessed"],
        "party": party["end"] if party else "",
        "party_because": party["because"] if party else "",
        "name": leg["name"],
        "number": leg["number"],
        "numbers": [each["number"] for each in leg["numbers"]],
        "was": [*(each["number"] for each in leg["former_numbers"]), *agent.get("former_ids", ())],
        "participant": leg["participant"],
        "instead_of": leg["instead_of"],
        "in_place_of": labels.get(leg["instead_of"], leg["instead_of"]),
        "speaks_on": leg["speaks"],
        "agent_id": agent.get("id", ""),
        "agent": agent.get("name", ""),
        "agent_was": former_of(leg),
        "attributed_by": agent.get("by", "none"),
        "confidence": agent.get("confidence", ""),
        "from": moment(leg["start_at"], zone),
        "until": moment(leg["end_at"], zone),
    }


def correction_row(written: Answer, zone: tzinfo, labels: dict[str, str] | None = None) -> Row:
    """What is so and what was said before, whose it is, by whom, since when and why."""
    whose = written["participant"] or ""
    return {
        "at": moment(written["at"], zone),
        "kind": written["kind"],
        "whose": (labels or {}).get(whose, whose),
        "participant": whose,
        "stream": written["stream"],
        "side_guessed": written["side_guessed"],
        "value": written["value"],
        "was": written["was"],
        "author": written["author"],
        "reason": written["reason"],
    }


def _note(note: Answer, zone: tzinfo) -> Row:
    return {
        "at": moment(note["at"], zone),
        "text": note["text"],
        "author": note["author"],
        "reason": note["reason"],
    }


def _change(change: Answer, labels: dict[str, str], zone: tzinfo) -> Row:
    return {
        "at": moment(change["at"], zone),
        "what": change["what"],
        "address": change["address"],
        "participant": change["participant"],
        "instead_of": change["instead_of"],
        "in_place_of": labels.get(change["instead_of"], change["instead_of"]),
        "told_at": moment(change["told_at"], zone),
    }


def _mention(mention: Answer, zone: tzinfo) -> Row:
    return {
        "told_as": mention["told_as"],
        "number": mention["number"] or mention["as_received"],
        "name": mention["name"],
        "key": mention["key"],
        "address": mention["address"],
        "at": moment(mention["at"], zone),
    }


def _attempt(attempt: Answer, zone: tzinfo) -> Row:
    return {
        "at": exact(attempt["at"], zone),
        "target": attempt["target"],
        "outcome": attempt["outcome"],
        "status": attempt["status"] or "",
    }


def notice_row(notice: Answer, zone: tzinfo) -> Row:
    """One playing of a prompt to one party; "" where nothing has left, or nothing was reported."""
    kept = ("to", "prompt", "language", "wording", "wording_sha256", "outcome")
    counted = ("sent_ms", "whole_ms", "packets", "reports", "through")
    return {
        **{key: notice[key] for key in kept},
        "from": exact(notice["start_at"], zone),
        "until": exact(notice["end_at"], zone),
        **{key: notice[key] for key in counted},
        **{key: "" if notice[key] is None else notice[key] for key in ("lost", "discarded")},
    }


def _masked(interval: Answer, zone: tzinfo) -> Row:
    return {
        "from": exact(interval["start_at"], zone),
        "until": exact(interval["end_at"], zone),
        "by": interval["by"],
        "reason": interval["reason"],
        "until_because": interval["until_because"],
    }


def _hold(hold: Answer, labels: dict[str, str], zone: tzinfo) -> Row:
    return {
        "from": exact(hold["start_at"], zone),
        "until": exact(hold["end_at"], zone),
        "who": labels.get(hold["participant"], hold["participant"]),
        "told_by": hold["told_by"],
        "participant": hold["participant"],
    }


def _other_sound(sound: Answer, labels: dict[str, str], zone: tzinfo) -> Row:
    return {
        "from": exact(sound["start_at"], zone),
        "until": exact(sound["end_at"], zone),
        "sound": sound["kind"],
        "is_guess": sound["is_guess"],
        "who": labels.get(sound["participant"], sound["participant"]),
        "participant": sound["participant"],
        "stream": sound["stream"],
    }


def _gaps(gaps: list[Answer] | None, labels: dict[str, str], zone: tzinfo) -> list[Row] | None:
    """None where they are not known."""
    return None if gaps is None else [_gap(each, labels, zone) for each in gaps]


def _gap(gap: Answer, labels: dict[str, str], zone: tzinfo) -> Row:
    return {
        "from": exact(gap["start_at"], zone),
        "until": exact(gap["end_at"], zone),
        "because": gap["because"].replace("_", " "),
        "missing_s": gap["missing_ms"] / 1000,
        "packets": gap["packets"],
        "who": labels.get(gap["participant"], gap["participant"]),
        "participant": gap["participant"],
        "stream": gap["stream"],
    }


def _replay(replay: Answer, labels: dict[str, str], zone: tzinfo) -> Row:
    return {
        "from": exact(replay["start_at"], zone),
        "until": exact(replay["end_at"], zone),
        "packets": replay["packets"],
        "who": labels.get(replay["participant"], replay["participant"]),
        "participant": replay["participant"],
        "stream": replay["stream"],
    }


def _undecoded(stretch: Answer, labels: dict[str, str], zone: tzinfo) -> Row:
    return {
        "from": exact(stretch["start_at"], zone),
        "until": exact(stretch["end_at"], zone),
        "codec": stretch["codec"],
        "extra": stretch["extra"],
        "who": labels.get(stretch["participant"], stretch["participant"]),
        "participant": stretch["participant"],
        "stream": stretch["stream"],
    }


def link_row(link: Answer, zone: tzinfo) -> Row:
    """A call that only seems to go with it."""
    return {
        "call": link["conversation"],
        "started_at": moment(link["started_at"], zone),
        "direction": link["direction"],
        "because": link["because"],
        "place": link["place"],
        "shared": link["shared"],
    }


def live_row(call: Answer, zone: tzinfo, now_s: float) -> Row:
    """A call that is up; `now_s` is by which its length is told, in seconds since 1970 UTC."""
    began = datetime.fromisoformat(call["started_at"])
    return {
        "recording": call["recording"],
        "call_id": call["call_id"],
        "started_at": moment(call["started_at"], zone),
        "duration_s": max(0, int(now_s - began.timestamp())),
        "source": call["source"],
        "parties": call["parties"],
        "caller": call["caller"],
        "called": call["called"],
        "streams": call["streams"],
        "state": call["state"].replace("_", " "),
        "paused_at": moment(call["paused_at"], zone),
        "phase": call["phase"],
        "troubles": call["troubles"],
        "stray_codecs": call["stray_codecs"],
        "route": call["route"],
        "marks": call["marks"] if any(call["marks"].values()) else {},
    }
