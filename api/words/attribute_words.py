"""The words of what can be known of a call, each kind in one place.

Knows nothing of where a value is kept or of who asks for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from api.words.texts import said
from archive.attributes import AttributeKind, MarkKind


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeWords:
    """Of one that rules ask for: a condition with its values, and what a recording has of it."""

    condition: str
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClueWords:
    """Of one by which a call is sought: its first word, its label, its option, what it takes."""

    leading: str
    label: str
    option: str
    wanted: str


ATTRIBUTES: Final[Mapping[AttributeKind, AttributeWords]] = {
    AttributeKind.TAG: AttributeWords(
        condition=said("tag {values}"),
        subject=said("its tags"),
    ),
    AttributeKind.QUEUE: AttributeWords(
        condition=said("queue {values}"),
        subject=said("its queue"),
    ),
    AttributeKind.TEAM: AttributeWords(
        condition=said("team {values}"),
        subject=said("the teams of its agents"),
    ),
    AttributeKind.AGENT: AttributeWords(
        condition=said("agent {values}"),
        subject=said("its agents"),
    ),
    AttributeKind.NUMBER: AttributeWords(
        condition=said("number {values}"),
        subject=said("the number of a party"),
    ),
    AttributeKind.DIRECTION: AttributeWords(
        condition=said("direction {values}"),
        subject=said("its direction"),
    ),
    AttributeKind.SOURCE: AttributeWords(
        condition=said("source {values}"),
        subject=said("its source"),
    ),
    AttributeKind.NOTICE: AttributeWords(
        condition=said("notice {values}"),
        subject=said("what became of its notices"),
    ),
    AttributeKind.REFUSAL: AttributeWords(
        condition=said("refused by a party: {values}"),
        subject=said("whether a party refused the recording"),
    ),
    AttributeKind.PURPOSE: AttributeWords(
        condition=said("purpose {values}"),
        subject=said("its purposes"),
    ),
    AttributeKind.CONTROLLER: AttributeWords(
        condition=said("controller {values}"),
        subject=said("its controller"),
    ),
    AttributeKind.BASIS: AttributeWords(
        condition=said("legal basis {values}"),
        subject=said("its legal basis"),
    ),
}
# Of each of `archive.attributes.SOUGHT`.
CLUES: Final[Mapping[MarkKind, ClueWords]] = {
    "queue": ClueWords(
        leading=said("queue"),
        label=said("Queue"),
        option=said("the queue that its route names"),
        wanted=said("the name of a queue as it is configured"),
    ),
    "tag": ClueWords(
        leading=said("tag"),
        label=said("Tag"),
        option=said("a tag that its route names"),
        wanted=said("one tag"),
    ),
}
