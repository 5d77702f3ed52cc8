"""Routes as rows of a table: what each takes, documents and answers follows from its use case.

Knows no use case. What streams, plays or takes a file is written by hand, beside its declaration
(`told_of` documents it).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from inspect import Parameter, Signature
from typing import (
    Annotated,
    Any,
    Final,
    Generic,
    Protocol,
    Self,
    TypeVar,
    get_args,
    get_type_hints,
    runtime_checkable,
)

from fastapi import APIRouter, Depends, Path, Query
from msgspec import NODEFAULT, Struct
from pydantic import BaseModel

from api.access.use_case import Answer, AnyUseCase, Asked, Owner, UseCase
from api.permissions.actor import Actor
from api.web.http.api_routes import IdText, needing
from api.web.http.language import Reader, reader_of
from api.web.http.problems import documented
from api.web.http.requester import CurrentActor, CurrentApplication
from api.web.refusals.table import statuses
from api.web.struct_forms import form_of, left_of, noted
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
_ToReader = Annotated[Reader, Depends(reader_of)]
_Known = TypeVar("_Known", contravariant=True)


class View(Protocol[_Known]):
    """An answer as it is sent: written out where it differs from what the use case answers.

    `show` is the same as it is sent, times in UTC.
    """

    @classmethod
    def show(cls, known: _Known, /) -> Self:
        """The same as it is sent."""


@runtime_checkable
class TextView(Protocol[_Known]):
    """The same where it has texts in the language of its reader, or tells what that one may do."""

    @classmethod
    def show_to(cls, known: _Known, actor: Actor, reader: Reader, /) -> Self:
        """The same as it is sent to who asks."""


class ListView(BaseModel):
    """Several of what its one field is a list of, each by its own view."""

    @classmethod
    def show(cls, known: Iterable[Any]) -> Self:
        """The same as they are sent."""
        ((name, field),) = cls.model_fields.items()
        (view,) = get_args(field.annotation)
        return cls(**{name: [view.show(each) for each in known]})


@dataclass(frozen=True, slots=True)
class Row(Generic[Owner, Asked, Answer]):
    """One route: a use case, where it lies, and the view of what it answers; None: it has no body.

    `name` and `about` are the use case's own, but where it has several routes.
    """

    method: str
    path: str
    use: UseCase[Owner, Asked, Answer]
    answers: type[View[Answer]] | type[TextView[Answer]] | None
    status: int = 200
    name: str = ""
    about: str = ""
    summary: str | None = None

    @property
    def body(self) -> Any:
        """The form of what of the struct stands in a body; None: nothing does."""
        elsewhere = _elsewhere(self.path)
        has_body = self.method not in _WITHOUT_BODY and any(left_of(self.use.asks, elsewhere))
        return form_of(self.use.asks, elsewhere) if has_body else None


def routed(router: APIRouter, *rows: Row[Any, Any, Any]) -> APIRouter:
    """Return the router with a route for each row."""
    for row in rows:
        router.add_api_route(
            row.path,
            _endpoint(row),
            methods=[row.method],
            name=row.name or row.use.name,
            summary=row.summary,
            description=row.about or row.use.about,
            status_code=row.status if row.answers else HTTPStatus.NO_CONTENT,
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
        actor: CurrentActor, application: CurrentApplication, reader: _ToReader, **given: Any
    ) -> Any:
        sent = given.pop("body", None)
        asked = use.asks(**_read(given)) if sent is None else sent.meant(**_read(given))
        found = await use.run(application.one(use.by), actor, asked)
        return _shown(row, found, actor, reader)

    taken = [*_in_path(use.asks, row.path), *([] if body else _in_query(use.asks, row.path))]
    told_by = {"actor": CurrentActor, "application": CurrentApplication, "reader": _ToReader}
    own = [Parameter(name, Parameter.KEYWORD_ONLY, annotation=own) for name, own in told_by.items()]
    if body is not None:
        own.append(Parameter("body", Parameter.KEYWORD_ONLY, annotation=body))
    answer.__signature__ = Signature([*taken, *own])  # type: ignore[attr-defined]  # what FastAPI reads
    return answer


def _shown(row: Row[Any, Any, Any], found: Any, actor: Actor, reader: Reader) -> Any:
    view = row.answers
    if view is None:
        return None
    if issubclass(view, TextView):
        return view.show_to(found, actor, reader)
    return view.show(found)


def _read(given: Mapping[str, Any]) -> dict[str, Any]:
    """What was given by the names of the struct; an id is read."""
    return {
        TARGET if name in _IDS else name: _IDS[name](value) if name in _IDS else value
        for name, value in given.items()
    }


def _elsewhere(path: str) -> frozenset[str]:
    """The fields that stand in a path."""
    return frozenset(TARGET if name in _IDS else name for name in _names(path))


def _names(path: str) -> list[str]:
    """The parameters of a path."""
    return [each.partition("}")[0].partition(":")[0] for each in path.split("{")[1:]]


def _in_path(asks: type[Struct], path: str) -> Iterator[Parameter]:
    hints = get_type_hints(asks, include_extras=True)
    for name in _names(path):
        note = IdText if name in _IDS else noted(hints[name], Path)
        yield Parameter(name, Parameter.KEYWORD_ONLY, annotation=note)


def _in_query(asks: type[Struct], path: str) -> Iterator[Parameter]:
    for each, hint in left_of(asks, _elsewhere(path)):
        default = Parameter.empty if each.default is NODEFAULT else each.default
        note = noted(hint, Query, each)
        yield Parameter(each.name, Parameter.KEYWORD_ONLY, default=default, annotation=note)
