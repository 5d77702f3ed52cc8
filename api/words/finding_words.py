"""What is worth a look in a policy, as sentences.

Knows nothing of how it is found, nor of who reads it.
"""

from collections.abc import Callable, Mapping
from typing import Final, assert_never

from api.words.reason_words import KINDS
from api.words.texts import Words, said
from retention.policies.findings import (
    AsksUnknownDirection,
    Finding,
    FitsNothing,
    KeptPastItsEnd,
    Shadowed,
    Uncovered,
    Unused,
    WithoutEnd,
    WrittenOtherwise,
)
from retention.rules.rule import Asset

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
        case AsksUnknownDirection(rule=rule):
            return say(
                said(
                    "{rule} asks for calls of unknown direction and fits none: a rule for a"
                    " direction decides nothing of them, which keeps them"
                ),
                rule=rule,
            )
        case _:
            return _unfitting(finding, say)


def _unfitting(finding: FitsNothing | Unused | WrittenOtherwise, say: Callable[..., str]) -> str:
    kind = say(KINDS[finding.kind])
    match finding:
        case FitsNothing(rule=rule):
            return say(
                said("{rule} fits no recording: none has any of what it names of this: {kind}"),
                rule=rule,
                kind=kind,
            )
        case Unused(rule=rule, value=value):
            return say(
                said("{rule} names {value}, which no recording has of this: {kind}"),
                rule=rule,
                value=value,
                kind=kind,
            )
        case WrittenOtherwise(rule=rule, value=value, used=used):
            return say(
                said(
                    "{rule} names {value}; recordings have {used}, which differs in its writing"
                    " alone and is another: {kind}"
                ),
                rule=rule,
                value=value,
                used=used,
                kind=kind,
            )
        case _:
            assert_never(finding)
