"""A use case as one declaration: what it takes, what it needs, leaves in the journal, and refuses.

Knows nothing of the web or the terminal, which are derived from it (`api/web/rows.py`), nor
of how it is done. `docs/adr/0051-a-use-case-is-declared-once.md` says why.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Annotated, Any, Final, Generic, Self, TypeVar

from msgspec import Meta, Struct

from api.permissions.accounts import Authority
from api.permissions.actor import Actor
from api.permissions.verbs import Verb
from archive.catalog.journal.entries import Action

Owner = TypeVar("Owner")
Asked = TypeVar("Asked", bound=Struct)
Answer = TypeVar("Answer")

# What a row of JSON holds exactly (RFC 8259 §6).
MAX_ROW: Final = 2**53
RowNumber = Annotated[int, Meta(ge=1, le=MAX_ROW)]
MAX_PLACE: Final = 1 << 62  # of an entry
EntryPlace = Annotated[int, Meta(ge=0, le=MAX_PLACE, description="Place of the last entry before")]


class Nothing(Struct, frozen=True):
    """What is asked where nothing needs to be said."""


@dataclass(frozen=True, slots=True)
class Needs:
    """Verbs of which any is enough; `at_times` one of these is wanted, by what is asked."""

    verbs: tuple[Verb, ...]
    at_times: tuple[Verb, ...] = ()


def any_of(*verbs: Verb, at_times: tuple[Verb, ...] = ()) -> Needs:
    """Return the need of one of these verbs."""
    return Needs(verbs, at_times)


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCase(Generic[Owner, Asked, Answer]):
    """One thing that can be asked or done, by whatever way it is asked for."""

    name: str
    about: str  # a sentence for the documents
    by: type[Owner]
    asks: type[Asked]  # its fields have their bounds (`msgspec.Meta`)
    run: Callable[[Owner, Actor, Asked], Awaitable[Answer]]
    needs: Needs
    writes: tuple[Action, ...] = ()  # the first is its own
    refuses: tuple[type[Exception], ...] = ()  # beside what the door refuses

    def of(self, verb: Verb) -> Self:
        """Return it as it is where what is asked needs this of its verbs."""
        assert verb in (*self.needs.verbs, *self.needs.at_times), (self.name, verb)
        return replace(self, needs=any_of(verb))

    def verb(self, authority: Authority) -> Verb:
        """Return the first verb that somebody has, the last one of who has none."""
        verbs = self.needs.verbs
        return next((each for each in verbs if each in authority.verbs), verbs[-1])


AnyUseCase = UseCase[Any, Any, Any]
