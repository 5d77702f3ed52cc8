"""Values of retention in tables: the words that the pages have for them too.

Pure but for the language. Knows nothing of what a value means.
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
    "what_goes": {
        "whole": said("all of it"),
        "audio": said("audio"),
        "facts": said("what was told of it"),
        "ledger": said("page of the ledger"),
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
