"""What is said of retention policies in tables: codes as words.

Pure but for the language. Knows the forms of `docs/openapi.json`.
"""

from rokuon.i18n import tr


def policy_words() -> dict[str, dict[str, str]]:
    """The words of codes, by the key under which they stand."""
    return {
        "asset": {
            "audio": tr("audio"),
            "metadata": tr("metadata"),
            "journal": tr("texts of the journal"),
        },
        "care": {
            "none": tr("one person is enough"),
            "two_persons": tr("another person must approve it"),
        },
        "because": {
            "shortens": tr("by its rules it may shorten"),
            "bulk": tr("many recordings would go earlier, whatever the rules say"),
        },
        "event_kind": {
            "contract_end": tr("contract ended"),
            "case_closed": tr("case closed"),
            "agent_left": tr("agent left"),
        },
        "policy_state": {
            "cooling_off": tr("cools off"),
            "called_back": tr("called back"),
            "in_force": tr("in force"),
            "replaced": tr("replaced"),
        },
    }


def policy_labels() -> dict[str, str]:
    """What values in a line of their own are called."""
    return {
        "sha256": tr("SHA-256"),
        "care": tr("who decides"),
        "because": tr("because"),
        "compared_with": tr("compared with revision"),
        "told": tr("told anew"),
        "in_force_at": tr("in force from"),
    }
