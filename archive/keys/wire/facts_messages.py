"""What is said to the key daemon of facts that outlive audio (`docs/destruction.md`).

Pure values. Knows nothing of tables. Ids are their 16 bytes.
"""

from typing import Final

from archive.keys.wire.message import RETENTION, AnswerMessage, Question

# Two statements and a wrap each; a run works in batches of half as many.
MAX_FACTS: Final = 64


class FactsKeysAnswer(AnswerMessage, frozen=True, kw_only=True):
    """For each recording asked for, in that order: a key's id and the key, to be zeroed.

    Both are empty where there is none.
    """

    keys: tuple[tuple[bytes, bytearray], ...]

    def __repr__(self) -> str:
        return "FactsKeysAnswer(…)"


class KeepFacts(Question[FactsKeysAnswer], frozen=True, kw_only=True, tag="keep_facts"):
    """Give the keys under which facts of recordings outlive them, at most `MAX_FACTS`.

    Of a plan that is approved, as long as the recordings have their own keys.
    """

    asked_by = RETENTION
    plan: bytes
    recordings: tuple[bytes, ...]
