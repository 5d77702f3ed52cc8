"""What is worth a look in a policy, as sentences.

Knows nothing of how it is found, nor of who reads it.
"""

from collections.abc import Mapping
from typing import Final, assert_never

from api.texts import Words, said
from retention.findings import Finding, KeptPastItsEnd, Shadowed, Uncovered, WithoutEnd
from retention.rule import Asset

_ASSETS: Final[Mapping[Asset, str]] = {
    Asset.AUDIO: said("audio"),
    Asset.METADATA: said("metadata"),
    Asset.JOURNAL: said("texts of the journal"),
    Asset.LEDGER: said("ledger of calls without a recording"),
}


def finding_told(finding: Finding, words: Words, language: str) -> str:
    """One of them, in a language."""

    def say(text: str, **values: str) -> str:
        return words(language, text).format(**values)

    match finding:
        case KeptPastItsEnd(keeps=keeps, deletes=deletes, asset=asset):
            return say(
                said(
                    "{asset}: {first} keeps what {second} wants gone; until then it is restricted"
                ),
                asset=say(_ASSETS[asset]),
                first=keeps,
                second=deletes,
            )
        case Shadowed(rule=rule, by=by):
            return say(
                said(
                    "{first} never decides: {second} is about the same recordings and is more"
                    " specific"
                ),
                first=rule,
                second=by,
            )
        case WithoutEnd():
            return say(
                said("some recordings have no end: no rule without a match says when they go")
            )
        case Uncovered(queue=queue):
            return say(said("no rule names the queue {queue}"), queue=queue)
        case _:
            assert_never(finding)
