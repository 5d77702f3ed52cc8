"""The words of values in tables: codes for programs, in JSON, are words for people here.

Those of the pages, where pages show the same. Knows the codes, nothing of where they come from.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from api.words.values import WORDS, party_words
from rokuon.cli.words.evidence_words import evidence_words
from rokuon.cli.words.retention_words import (
    certificate_words,
    hold_labels,
    policy_labels,
    retention_words,
)
from rokuon.messages import i18n
from rokuon.messages.i18n import tr


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
    told = _words(i18n.language()).get(key, {}).get(str(value), str(value))
    return shown_party(told) if key in _PARTIES else told


def shown_party(label: str) -> str:
    """A name or number, or in words why there is none."""
    words = party_words(label)
    return tr(words) if words else label


def _joined(value: Mapping[str, object]) -> str:
    return " ".join(cell(name, each) for name, each in value.items() if each)


def party(who: Mapping[str, Any]) -> str:
    """One who is in a call: name, numbers, and on which side."""
    said = " ".join(dict.fromkeys(map(shown_party, [*who["names"][:1], *who["numbers"]])))
    words = [cell("side", who["side"]), *([tr("a guess")] if who.get("side_guessed") else ())]
    return f"{said} ({', '.join(words)})"


def marked(said: str, *, is_guess: bool) -> str:
    """Somebody, of whom it is said if he is a guess."""
    shown = shown_party(said)
    return f"{shown} ({tr('a guess')})" if is_guess else shown


def label(key: str) -> str:
    """What a value is called that stands in a line of its own; a setting has its own name."""
    return _labels(i18n.language()).get(key, key)


@cache
def _labels(_language: str) -> dict[str, str]:
    """By key, where the key is no setting."""
    return {
        "call": tr("call"),
        "recording": tr("recording"),
        "call_id": tr("Call-ID"),
        "started_at": tr("begin"),
        "duration_s": tr("seconds"),
        "held_s": tr("on hold (s)"),
        "direction": tr("direction"),
        "direction_because": tr("direction known by"),
        "customer": tr("customer"),
        "agent": tr("agent"),
        "numbers": tr("numbers"),
        "source": tr("source"),
        "state": tr("state"),
        "flags": tr("flags"),
        "parties": tr("parties"),
        "caller": tr("caller"),
        "called": tr("called party"),
        "streams": tr("streams"),
        "paused_at": tr("paused since"),
        "side_guessed": tr("side was a guess"),
        "phase": tr("phase"),
        "troubles": tr("troubles"),
        "stray_codecs": tr("codecs outside the answer"),
        "undecoded": tr("not heard"),
        "other_senders": tr("sent audio, not heard"),
        "limit": tr("use"),
        "draining": tr("takes no new calls"),
        "calls": tr("calls"),
        "sources": tr("sources"),
        "restart_for": tr("waits for a restart"),
        "unread_prompts": tr("prompts that cannot be read"),
        **_outcomes(),
        **policy_labels(),
        **hold_labels(),
        **_retention(),
        **_clock(),
    }


def _retention() -> dict[str, str]:
    """Why it is kept."""
    return {
        "kept": tr("the audio"),
        "because": tr("because"),
        "changes": tr("what would change it"),
        "metadata_kept": tr("what is told of it"),
        "metadata_because": tr("because"),
        "metadata_changes": tr("what would change it"),
        "judged_by": tr("judged by"),
        "texts": tr("texts of the journal about it"),
        "texts_kept": tr("the last of them"),
        "texts_because": tr("because"),
        "texts_changes": tr("what would change it"),
        "texts_judged_by": tr("judged by"),
    }


def _clock() -> dict[str, str]:
    """What is known of the machine's clock."""
    return {
        "clock_now": tr("the machine says"),
        "clock_doubt": tr("destroys by it"),
        "clock_kernel": tr("the kernel says"),
        "doubted_since": tr("nothing destroyed since"),
        "last_life": tr("last sign of life before the start"),
    }


def _outcomes() -> dict[str, str]:
    """What a command has done."""
    return {
        "archived": tr("archived"),
        "finalised": tr("finalised"),
        "with_holes": tr("with holes"),
        "adopted_again": tr("adopted again"),
        "removed": tr("removed"),
        "destroyed": tr("destroyed"),
        "live": tr("live"),
        "slowest_setup_ms": tr("slowest setup (ms)"),
        "packets_sent": tr("packets sent"),
        "calls_held": tr("calls held"),
        "limit": tr("limit"),
        "steps": tr("steps"),
        "ended_because": tr("ended by"),
        **_written(),
    }


def _written() -> dict[str, str]:
    """What somebody has said of a recording."""
    return {
        "at": tr("at"),
        "kind": tr("what"),
        "whose": tr("whose"),
        "participant": tr("participant"),
        "stream": tr("stream"),
        "value": tr("is now"),
        "was": tr("was"),
        "author": tr("by"),
        "reason": tr("reason"),
    }


def setting_label(key: str) -> str:
    """A setting of a source: its name, and where another language is spoken what it is."""
    said = _settings(i18n.language()).get(key, key)
    return key if i18n.language() == "en" else f"{said} ({key})"


@cache
def _settings(_language: str) -> dict[str, str]:
    return {
        "name": tr("setting name"),
        "address": tr("setting address"),
        "certificate": tr("setting certificate"),
        "user": tr("setting user"),
        "password_file": tr("setting password_file"),
        "peer_group": tr("setting peer_group"),
        "tenant": tr("setting tenant"),
        "mode": tr("setting mode"),
        "zone": tr("setting zone"),
        "country": tr("setting country"),
        "internal_domains": tr("setting internal_domains"),
        "internal_numbers": tr("setting internal_numbers"),
        "allow_telephone_event": tr("setting allow_telephone_event"),
        "sip_advertise": tr("setting sip_advertise"),
        "rtp_advertise": tr("setting rtp_advertise"),
        "keep_anything": tr("setting keep_anything"),
        "strict": tr("setting strict"),
        "alarm_after_s": tr("setting alarm_after_s"),
        "srtp": tr("setting srtp"),
        "keys_in_clear": tr("setting keys_in_clear"),
        "latch": tr("setting latch"),
        "siprec_latch": tr("setting siprec_latch"),
        "unacknowledged_calls": tr("setting unacknowledged_calls"),
        "trusted": tr("setting trusted"),
        "pass_headers": tr("setting pass_headers"),
        "pause_max_s": tr("setting pause_max_s"),
        "pause_by_header": tr("setting pause_by_header"),
        "call_id_headers": tr("setting call_id_headers"),
        "queue": tr("setting queue"),
        "purpose": tr("setting purpose"),
        "controller": tr("setting controller"),
        "tags": tr("setting tags"),
        "routes": tr("setting routes"),
    }


# Keys of tables under which people and their numbers stand.
_PARTIES: Final = frozenset({"others", "numbers", "name", "number", "whose", "in_place_of"})
# Keys of tables, and the kind by which pages have the words of their codes.
KINDS: Final[Mapping[str, str]] = {
    "direction": "direction",
    "side": "side",
    "party": "party",
    "link": "link",
    "shared": "shared",
    "value": "side",
    "was": "side",
    "fate": "fate",
    "reason": "reason",
    "phase": "phase",
    "troubles": "trouble",
    "until_because": "resumed",
    "told_by": "told_by",
    "what_goes": "scope",
    "sound": "other_sound",
    "ended_because": "end",
    "outcome": "outcome",
    "kind": "correction",
}


@cache
def _words(_language: str) -> dict[str, dict[str, str]]:
    """By key and code; once for each language that is spoken."""
    return {
        **{key: _of_pages(kind) for key, kind in KINDS.items()},
        "kind": {**_of_pages("correction"), "note": tr("note")},
        "state": {**_of_pages("live_state"), **_of_pages("state"), "stopped": tr("stopped")},
        "what": _changes(),
        "attributed_by": _attributions(),
        "confidence": _attributions(),
        "side_because": evidence_words(),
        "party_because": evidence_words(),
        "direction_because": evidence_words(),
        **retention_words(),
        **certificate_words(),
        "mode": _modes(),
        "severity": {"ok": tr("ok"), "warning": tr("warning"), "error": tr("error")},
    }


def _of_pages(kind: str) -> dict[str, str]:
    """What the pages say of each code, in the language in force; they leave out what is none."""
    return {code: tr(told) for code, told in WORDS[kind].items() if code}


def limit_words(limit: str) -> str:
    """Why a recording is not heard for the purpose that was stated."""
    return _of_pages("limit").get(limit, limit)


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
        "correction": tr("correction"),
        "table": tr("table"),
        "metadata": tr("metadata"),
        "none": tr("none"),
        "certain": tr("certain"),
        "likely": tr("likely"),
    }


def _modes() -> dict[str, str]:
    return {
        "force": tr("force"),
        "yes": tr("yes"),
        "dont-care": tr("dont-care"),
        "no": tr("no"),
        "never": tr("never"),
    }
