"""What can be known of a call, each declared once: where it is kept, and what its values are.

Pure. Knows no rule and nobody who asks; the words of each stand in `api.words.attribute_words`.
"""

from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from typing import Final, Literal, Self

# As the index marks a recording.
MarkKind = Literal["route", "queue", "tag", "purpose", "controller", "notice", "refusal"]
# By these names a call is sought exactly at a terminal and on the page, in the order of the fields.
SOUGHT: Final[tuple[MarkKind, ...]] = ("queue", "tag")


class Kept(Enum):
    """Where the index has the values of a recording."""

    MARK = auto()  # its marks of that kind
    COLUMN = auto()  # its own column of that name
    LEGS = auto()  # by those who took part, each kind in a way of its own
    TAGS = auto()  # the keys of those of its tags that begin with that name


@dataclass(frozen=True, slots=True)
class Attribute:
    """Something that can be known of a call.

    `is_single`: a recording has at most one value in force. `is_named`: values are names that
    people gave, no numbers and no words of ours. `unknown`: the value that says nothing.
    """

    kept: Kept
    is_single: bool = False
    is_named: bool = True
    unknown: str | None = None


_A_NAMED_MARK: Final = Attribute(Kept.MARK)


class AttributeKind(StrEnum):
    """All that a retention rule may ask of a recording, in the order of a policy's text."""

    attribute: Attribute

    def __new__(cls, name: str, attribute: Attribute = _A_NAMED_MARK) -> Self:
        """Return the kind of that name."""
        kind = str.__new__(cls, name)
        kind._value_, kind.attribute = name, attribute
        return kind

    TAG = "tag"
    QUEUE = "queue", Attribute(Kept.MARK, is_single=True)
    TEAM = "team", Attribute(Kept.LEGS)
    AGENT = "agent", Attribute(Kept.LEGS)
    NUMBER = "number", Attribute(Kept.LEGS, is_named=False)
    DIRECTION = (
        "direction",
        Attribute(Kept.COLUMN, is_single=True, is_named=False, unknown="unknown"),
    )
    SOURCE = "source", Attribute(Kept.COLUMN, is_single=True)
    NOTICE = "notice", Attribute(Kept.MARK, is_single=True, is_named=False)
    REFUSAL = "refusal", Attribute(Kept.MARK, is_named=False)
    PURPOSE = "purpose"
    CONTROLLER = "controller", Attribute(Kept.MARK, is_single=True)
    BASIS = "basis", Attribute(Kept.TAGS)


def kept_as(kept: Kept) -> tuple[AttributeKind, ...]:
    """Those whose values are kept there."""
    return tuple(kind for kind in AttributeKind if kind.attribute.kept is kept)


# Of these it is looked whether recordings have what rules name, in this order.
LOOKED_UP: Final = (
    AttributeKind.TAG,
    AttributeKind.QUEUE,
    AttributeKind.CONTROLLER,
    AttributeKind.PURPOSE,
)
