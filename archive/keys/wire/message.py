"""What every message between client and key daemon has, and a question besides.

Knows none of them.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, ClassVar, Final, Generic, Self, TypeVar, get_args

import msgspec


class AskerRole(StrEnum):
    """Who asks; decided by the socket he could reach, never by what he says."""

    KEEPER = "keeper"
    API = "api"
    RETENTION = "retention"


KEEPER: Final = frozenset({AskerRole.KEEPER})
API: Final = frozenset({AskerRole.API})
RETENTION: Final = frozenset({AskerRole.RETENTION})


class AskMessage(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="ask", forbid_unknown_fields=True
):
    """A request; its kind is its tag."""


class AnswerMessage(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that is no refusal."""

    ok: bool = True


AnswerT = TypeVar("AnswerT", bound=AnswerMessage)
AnsweredQuestion = tuple[type[AskMessage], Callable[[Any], AnswerMessage]]


class Question(AskMessage, Generic[AnswerT], frozen=True, kw_only=True):
    """A request with its answer's type, and who may ask it.

    `while_shut`: also of a keystore that is shut (`docs/backup.md`, The gate). A hold only keeps
    more, and while it is shut nothing goes that one lets go of.
    """

    asked_by: ClassVar[frozenset[AskerRole]] = frozenset()
    while_shut: ClassVar[bool] = False

    @classmethod
    def answer_type(cls) -> type[AnswerT]:
        """The type that stands in the brackets of its class."""
        answer: type[AnswerT] = get_args(cls.__dict__["__orig_bases__"][0])[0]
        return answer

    @classmethod
    def answered_by(cls, do: Callable[[Self], AnswerT]) -> AnsweredQuestion:
        """A row of the daemon's table."""
        return cls, do
