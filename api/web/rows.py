"""Routes as rows of a table: what each takes, documents and answers follows from its use case.

Knows no use case. What streams, plays or takes a file is written by hand, beside its declaration
(`told_of` documents it).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from inspect import Parameter, Signature
from typing import Annotated, Any, Final, Generic, Protocol, Self, TypeVar, get_type_hints

from fastapi import APIRouter, Path, Query
from msgspec import NODEFAULT, Meta, Struct
from msgspec.structs import fields
from pydantic import BaseModel, ConfigDict, Field, create_model

from api.access.use_case import Answer, AnyUseCase, Asked, Owner, UseCase
from api.web.http.api_routes import IdText, needing
from api.web.http.problems import documented
from api.web.http.requester import CurrentActor, CurrentApplication
from api.web.refusals.table import statuses
from archive.ids import ConversationId, RecordingId

# Ids of ours in a path, and how each is read; in a struct it is the field `target`.
_IDS: Final[Mapping[str, Callable[[str], RecordingId | ConversationId]]] = {
    "recording": RecordingId.parse,
    "conversation": ConversationId.parse,
}
TARGET: Final = "target"
# By the door, by the form, by the pace, and while the catalog is away.
_ALWAYS: Final = (401, 403, 422, 429, 503)
_TOO_LARGE: Final = 413
_WITHOUT_BODY: Final = ("GET", "DELETE")
_BOUNDS: Final = ("ge", "le", "min_length", "max_length", "pattern", "description", "examples")
_Known = TypeVar("_Known", contravariant=True)


class View(Protocol[_Known]):
    """An answer as it is sent: written out where it differs from what the use case answers."""

    @classmethod
    def show(cls, known: _Known, /) -> Self:
        """The same as it is sent."""


@dataclass(frozen=True, slots=True)
class Row(Generic[Owner, Asked, Answer]):
    """One route: a use case, where it lies, and the view of what it answers.

    `name` and `about` are the use case's own, but where it has several routes.
    """

    method: str
    path: str
    use: UseCase[Owner, Asked, Answer]
    answers: type[View[Answer]]
    status: int = 200
    name: str = ""
    about: str = ""

    @property
    def body(self) -> type[BaseModel] | None:
        """What of the struct stands in a body; None: nothing does."""
        left = _in_no_path(self.use.asks, self.path)
        return None if self.method in _WITHOUT_BODY or not left else body_of(self.use.asks, left)


def routed(router: APIRouter, *rows: Row[Any, Any, Any]) -> APIRouter:
    """Return the router with a route for each row."""
    for row in rows:
        router.add_api_route(
            row.path,
            _endpoint(row),
            methods=[row.method],
            name=row.name or row.use.name,
            description=row.about or row.use.about,
            status_code=row.status,
            response_model=row.answers,
            responses=refusals(row.use, has_body=row.body is not None),
            openapi_extra=told_of(row.use),
        )
    return router


def told_of(use: AnyUseCase) -> dict[str, Any]:
    """Return what the document says of a use case: verb, roles that have it, act."""
    return needing(use.needs.verbs, use.writes[0] if use.writes else None)


def refusals(use: AnyUseCase, *, has_body: bool) -> dict[int | str, dict[str, Any]]:
    """Return the refusals of a use case, for the document."""
    own = {*_ALWAYS, *statuses(use.refuses), *([_TOO_LARGE] if has_body else [])}
    return documented(*sorted(own))


def _endpoint(row: Row[Any, Any, Any]) -> Callable[..., Any]:
    use, body = row.use, row.body

    async def answer(
        actor: CurrentActor, application: CurrentApplication, **given: Any
    ) -> BaseModel:
        sent = given.pop("body", None)
        told = (
            {} if sent is None else {name: getattr(sent, name) for name in type(sent).model_fields}
        )
        asked = use.asks(**_read(given), **told)
        found = await use.run(application.one(use.by), actor, asked)
        shown = row.answers.show(found)
        assert isinstance(shown, BaseModel)
        return shown

    taken = [*_in_path(use.asks, row.path), *([] if body else _in_query(use.asks, row.path))]
    own = [Parameter("actor", Parameter.KEYWORD_ONLY, annotation=CurrentActor)]
    own.append(Parameter("application", Parameter.KEYWORD_ONLY, annotation=CurrentApplication))
    if body is not None:
        own.append(Parameter("body", Parameter.KEYWORD_ONLY, annotation=body))
    answer.__signature__ = Signature([*taken, *own])  # type: ignore[attr-defined]  # what FastAPI reads
    return answer


def _read(given: Mapping[str, Any]) -> dict[str, Any]:
    """What was given by the names of the struct; an id is read."""
    return {
        TARGET if name in _IDS else name: _IDS[name](value) if name in _IDS else value
        for name, value in given.items()
    }


def _names(path: str) -> list[str]:
    """The parameters of a path."""
    return [each.partition("}")[0].partition(":")[0] for each in path.split("{")[1:]]


def _in_no_path(asks: type[Struct], path: str) -> tuple[str, ...]:
    taken = {TARGET if name in _IDS else name for name in _names(path)}
    return tuple(each.name for each in fields(asks) if each.name not in taken)


def _in_path(asks: type[Struct], path: str) -> Iterator[Parameter]:
    hints = get_type_hints(asks, include_extras=True)
    for name in _names(path):
        note = IdText if name in _IDS else _noted(hints[name], Path)
        yield Parameter(name, Parameter.KEYWORD_ONLY, annotation=note)


def _in_query(asks: type[Struct], path: str) -> Iterator[Parameter]:
    hints, left = get_type_hints(asks, include_extras=True), _in_no_path(asks, path)
    for each in (each for each in fields(asks) if each.name in left):
        default = Parameter.empty if each.default is NODEFAULT else each.default
        note = _noted(hints[each.name], Query)
        yield Parameter(each.name, Parameter.KEYWORD_ONLY, default=default, annotation=note)


@cache
def body_of(asks: type[Struct], names: tuple[str, ...]) -> type[BaseModel]:
    """Return the form of a body with these fields of a struct: nothing else may stand in it."""
    hints = get_type_hints(asks, include_extras=True)
    own = {
        each.name: (
            _noted(hints[each.name], Field),
            ... if each.default is NODEFAULT else each.default,
        )
        for each in fields(asks)
        if each.name in names
    }
    config = ConfigDict(extra="forbid", frozen=True)
    made: type[BaseModel] = create_model(
        f"{asks.__name__}Body", __config__=config, __doc__=asks.__doc__, **own
    )  # type: ignore[call-overload]  # its fields are known at run time
    return made


def _noted(hint: Any, kind: Callable[..., Any]) -> Any:
    """A type with its bounds, as the framework has them."""
    plain = getattr(hint, "__origin__", hint) if hasattr(hint, "__metadata__") else hint
    bounds = [each for each in getattr(hint, "__metadata__", ()) if isinstance(each, Meta)]
    told = {
        name: value
        for each in bounds
        for name in _BOUNDS
        if (value := getattr(each, name)) is not None
    }
    return Annotated[plain, kind(**told)]
