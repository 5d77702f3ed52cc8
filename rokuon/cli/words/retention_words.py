"""Values of retention, legal holds and certificates: as words in tables, and what they are called.

Pure but for the language, with the words that the pages have too. Knows nothing of what a value
means.
"""

from collections.abc import Mapping
from typing import Final

from api.words.retention_values import RETENTION
from api.words.texts import said
from rokuon.messages.i18n import tr

# What only a terminal shows.
_MORE: Final[Mapping[str, Mapping[str, str]]] = {
    "because": RETENTION["policy_because"],
    "attempt_ended": {
        "done": said("done"),
        "failed": said("failed"),
        "lost": said("its worker was gone"),
        "cancelled": said("cancelled"),
    },
    "asset": {
        "audio": said("audio"),
        "metadata": said("metadata"),
        "journal": said("texts of the journal"),
        "ledger": said("ledger of calls without a recording"),
    },
    "care": {
        "none": said("one person is enough"),
        "two_persons": said("another person must approve it"),
    },
    "event_kind": {
        "contract_end": said("contract ended"),
        "case_closed": said("case closed"),
        "agent_left": said("agent left"),
    },
}


def retention_words() -> dict[str, dict[str, str]]:
    """By key and code, in the language in force."""
    tables = {**RETENTION, **_MORE}
    return {key: {code: tr(told) for code, told in words.items()} for key, words in tables.items()}


def hold_labels() -> dict[str, str]:
    """By key, of a hold or a preview in lines of its own."""
    return {
        "number": tr("number"),
        "id": tr("id"),
        "matter": tr("matter"),
        "review_on": tr("to be reviewed on"),
        "hold_state": tr("state"),
        "placed_by": tr("placed by"),
        "placed_at": tr("placed"),
        "active_at": tr("active since"),
        "ended_at": tr("ended"),
        "grace_until": tr("kept all the same until"),
        "one_person": tr("one person"),
        "whole_conversation": tr("with whole conversations"),
        "future": tr("also what comes to fit later"),
        "recordings_held": tr("recordings held"),
        "recordings_meant": tr("recordings about to be held"),
        "recordings_destroyed": tr("recordings destroyed before"),
        "recordings_unknown": tr("unknown ids"),
        "held": tr("recordings held"),
        "judged": tr("of these judged"),
        "due": tr("due at once without it"),
        "dated": tr("due later without it"),
        "grace_days": tr("days of grace after its release"),
        "kept_otherwise": tr("kept by something else"),
    }


def policy_labels() -> dict[str, str]:
    """By key, of a policy in lines of its own."""
    return {
        "sha256": tr("SHA-256"),
        "care": tr("who decides"),
        "because": tr("because"),
        "compared_with": tr("compared with revision"),
        "told": tr("told anew"),
        "in_force_at": tr("in force from"),
    }


def certificate_words() -> dict[str, dict[str, str]]:
    """The words of what is said of a checked certificate, by key and code."""
    return {
        "checked": {
            "certificate": tr("certificate"),
            "signature": tr("signature"),
            "key": tr("whose key"),
            "proof": tr("proof of a recording"),
            "list": tr("list of recordings"),
            "time_stamp": tr("time stamp"),
        },
        "verdict": {
            "right": tr("right"),
            "wrong": tr("WRONG"),
            "not_checked": tr("not checked"),
        },
        "need": {
            "fingerprint": tr("--key with the fingerprint, from another way"),
            "authorities": tr("--time-stamp-ca with who vouches for the server"),
            "proof": tr("the file of a proof, or the list"),
            "time_stamp": tr("the file of a time stamp"),
        },
    }
