"""What is said of retention policies in tables: findings as sentences, codes as words.

Pure but for the language. Knows the forms of `docs/openapi.json`.
"""

from typing import Any

from rokuon.i18n import tr


def finding_words(finding: dict[str, Any]) -> str:
    """What is worth a look, as a sentence."""
    rules, asset = finding["rules"], policy_words()["asset"].get(finding["asset"], "")
    match finding["kind"]:
        case "kept_past_its_end":
            text = tr(
                "{asset}: {first} keeps what {second} wants gone; until then it is restricted"
            )
        case "shadowed":
            text = tr(
                "{first} never decides: {second} is about the same recordings and is more specific"
            )
        case "without_end":
            return tr("some recordings have no end: no rule without a match says when they go")
        case _:
            return tr("no rule names the queue {queue}").format(queue=finding["queue"])
    return text.format(asset=asset, first=rules[0], second=rules[1])


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
            "two_persons": tr("takes another person"),
        },
        "policy_state": {
            "cooling_off": tr("cools off"),
            "in_force": tr("in force"),
            "replaced": tr("replaced"),
        },
    }


def policy_labels() -> dict[str, str]:
    """What values in a line of their own are called."""
    return {
        "sha256": tr("SHA-256"),
        "care": tr("needs"),
        "compared_with": tr("compared with revision"),
        "in_force_at": tr("in force from"),
    }
