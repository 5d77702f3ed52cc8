"""A use case as one declaration: what it takes, what it needs, leaves in the journal, and refuses.

Knows nothing of the web or the terminal, which are derived from it (`api/web/rows.py`), nor
of how it is done. `docs/adr/0051-a-use-case-is-declared-once.md` says why.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from inspect import Parameter, getdoc, signature
from sys import modules
from typing import (
    Annotated,
    Any,
    Concatenate,
    Final,
    Generic,
    ParamSpec,
    Self,
    TypeVar,
    get_type_hints,
)

from msgspec import Meta, Struct, defstruct
from msgspec.structs import asdict

from api.permissions.accounts import Authority
from api.permissions.actor import Actor
from api.permissions.verbs import Verb
from archive.catalog.access.grants import (
    AnyGrant,
    CorrectGrant,
    ExportGrant,
    Grant,
    JournalGrant,
    LedgerGrant,
    ListenGrant,
    LiveGrant,
    PauseGrant,
    PeopleGrant,
    PlayedGrant,
    ReadGrant,
    ResumeGrant,
    SearchGrant,
    StartGrant,
    StopGrant,
    TellGrant,
    TraceGrant,
)
from archive.catalog.journal.entries import Action

Owner = TypeVar("Owner")
Asked = TypeVar("Asked", bound=Struct)
Answer = TypeVar("Answer")
Given = ParamSpec("Given")

# What a row of JSON holds exactly (RFC 8259 §6).
MAX_ROW: Final = 2**53
RowNumber = Annotated[int, Meta(ge=1, le=MAX_ROW)]
MAX_PLACE: Final = 1 << 62  # of an entry
EntryPlace = Annotated[int, Meta(ge=0, le=MAX_PLACE, description="Place of the last entry before")]
ID_PATTERN: Final = "^[0-9a-f]{32}$"
LastId = Annotated[str | None, Meta(pattern=ID_PATTERN, description="The last of the page before")]
# In a body nothing else is read as one.
EXACT: Final = Meta(extra={"strict": True})
YesOrNo = Annotated[bool, EXACT]
# The verb that each grant needs.
NEEDS: Final[Mapping[type[Grant], Verb]] = {
    SearchGrant: Verb.SEARCH,
    ReadGrant: Verb.READ,
    ListenGrant: Verb.LISTEN,
    PlayedGrant: Verb.LISTEN,
    ExportGrant: Verb.EXPORT,
    LedgerGrant: Verb.LEDGER,
    TraceGrant: Verb.TRACE,
    JournalGrant: Verb.JOURNAL,
    CorrectGrant: Verb.CORRECT,
    PeopleGrant: Verb.PEOPLE_READ,
    LiveGrant: Verb.LIVE,
    PauseGrant: Verb.CONTROL,
    ResumeGrant: Verb.CONTROL,
    StartGrant: Verb.CONTROL,
    StopGrant: Verb.CONTROL,
    TellGrant: Verb.CONTROL,
}


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

    def under(self, kind: type[AnyGrant]) -> type[AnyGrant]:
        """Return the grant to ask for, whose verb and act are declared."""
        assert kind.action in self.writes, (self.name, kind)
        self.of(NEEDS[kind])
        return kind

    def verb(self, authority: Authority) -> Verb:
        """Return the first verb that somebody has, the last one of who has none."""
        verbs = self.needs.verbs
        return next((each for each in verbs if each in authority.verbs), verbs[-1])


AnyUseCase = UseCase[Any, Any, Any]


def use_case(  # each is a part of what is declared
    does: Callable[Concatenate[Owner, Actor, Given], Awaitable[Answer]],
    needs: Verb | type[Grant] | Needs,
    *,
    name: str = "",
    body: str = "",
    writes: tuple[Action, ...] = (),
    refuses: tuple[type[Exception], ...] = (),
) -> UseCase[Owner, Any, Answer]:
    """Declare what a method does: it asks for its parameters, its docstring says what it is.

    Its name is the method's where none is given; `body` says what of it is sent in a body.
    """
    called = name or does.__name__
    if isinstance(needs, Verb):
        needs = any_of(needs)
    elif not isinstance(needs, Needs):
        writes = (needs.action, *writes)
        needs = any_of(NEEDS[needs])
    return UseCase(
        name=called,
        about=getdoc(does) or "",
        by=_owner(does),
        asks=_asked(does, called, body),
        run=_run(does),
        needs=needs,
        writes=writes,
        refuses=refuses,
    )


def _owner(does: Callable[..., Any]) -> type[Any]:
    """The class whose method it is."""
    owner: type[Any] = getattr(modules[does.__module__], does.__qualname__.partition(".")[0])
    return owner


def _run(
    does: Callable[..., Awaitable[Answer]],
) -> Callable[[Any, Actor, Any], Awaitable[Answer]]:
    return lambda own, actor, asked: does(own, actor, **asdict(asked))


def _asked(does: Callable[..., Any], name: str, body: str) -> type[Struct]:
    """The parameters of a method, behind who does it and who asks."""
    hints = get_type_hints(does, include_extras=True)
    taken = list(signature(does).parameters.values())[2:]
    fields = [
        (each.name, hints[each.name])
        if each.default is Parameter.empty
        else (each.name, hints[each.name], each.default)
        for each in taken
    ]
    title = "".join(word.title() for word in name.split("_"))
    return defstruct(title, fields, frozen=True, kw_only=True, namespace={"__doc__": body})
