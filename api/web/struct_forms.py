"""Forms of what is sent, made of structs: their types, bounds and words stand at the fields there.

Knows nothing of routes. Of a struct that says how its kinds are told apart (`tag_field`) the form
is one of those of its subclasses.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from types import UnionType
from typing import (
    Annotated,
    Any,
    ClassVar,
    Final,
    Literal,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from msgspec import NODEFAULT, Meta, Struct
from msgspec.structs import FieldInfo, fields
from pydantic import BaseModel, ConfigDict, Field, create_model

from api.web.http.times import Moment

_BOUNDS: Final = ("ge", "le", "min_length", "max_length", "pattern", "description", "examples")


class Form(BaseModel):
    """What stands in a body: nothing else may."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    struct: ClassVar[type[Struct]]

    def meant(self, **beside: Any) -> Struct:
        """Return the struct that was sent, with what of it stands beside the body."""
        own = type(self).model_fields
        told = (each.name for each in fields(self.struct) if each.name in own)
        return self.struct(**beside, **{name: _meant(getattr(self, name)) for name in told})


def _meant(sent: Any) -> Any:
    match sent:
        case Form():
            return sent.meant()
        case list():
            return tuple(map(_meant, sent))
        case _:
            return sent


def left_of(asks: type[Struct], elsewhere: frozenset[str]) -> Iterator[tuple[FieldInfo, Any]]:
    """Yield the fields of a struct that do not stand elsewhere, each with its type and bounds."""
    hints = get_type_hints(asks, include_extras=True)
    for each in fields(asks):
        if each.name not in elsewhere and _is_sent(hints[each.name]):
            yield each, hints[each.name]


def _is_sent(hint: Any) -> bool:
    """Whether anybody sends it; the rest is found out."""
    return all((each.extra or {}).get("sent", True) for each in _notes(hint))


def _notes(hint: Any) -> list[Meta]:
    return [each for each in getattr(hint, "__metadata__", ()) if isinstance(each, Meta)]


@cache
def form_of(asks: type[Struct], elsewhere: frozenset[str] = frozenset()) -> Any:
    """Return the form of a struct, of its kinds any, without the fields that stand elsewhere."""
    told_by = asks.__struct_config__.tag_field
    kinds = asks.__subclasses__() if told_by else ()
    forms = tuple(_form(each, elsewhere) for each in kinds or (asks,))
    return Annotated[Union[forms], Field(discriminator=told_by)] if kinds else forms[0]  # noqa: UP007  # known at run time


def _form(asks: type[Struct], elsewhere: frozenset[str]) -> type[Form]:
    config = asks.__struct_config__
    own: dict[str, Any] = {config.tag_field: (Literal[config.tag], ...)} if config.tag_field else {}
    for each, hint in left_of(asks, elsewhere):
        own[each.name] = (noted(hint, Field, each), _default(each))
    made = create_model(f"{asks.__name__}Body", __base__=Form, __doc__=asks.__doc__, **own)
    made.struct = asks
    return made


def _default(field: FieldInfo) -> Any:
    if field.default_factory is not NODEFAULT:
        return field.default_factory()
    return ... if field.default is NODEFAULT else field.default


def noted(hint: Any, kind: Callable[..., Any], field: FieldInfo | None = None) -> Any:
    """A type with its bounds, as the framework has them."""
    plain = hint.__origin__ if get_origin(hint) is Annotated else hint
    told = {
        name: value
        for each in _notes(hint)
        for name in _BOUNDS
        if (value := getattr(each, name)) is not None
    }
    for each in _notes(hint):
        told |= each.extra or {}
    if field is not None and field.encode_name != field.name:
        told["alias"] = field.encode_name
    if plain is int and kind is Field:
        told["strict"] = True  # JSON has numbers, an address has not
    typed = _typed(plain)
    return Annotated[typed, kind(**told)] if told or field is not None else typed


def _typed(plain: Any) -> Any:
    """The same with forms in the place of structs; a time has an offset."""
    if plain is datetime:
        return Moment
    if isinstance(plain, type) and issubclass(plain, Struct):
        return form_of(plain)
    origin, args = get_origin(plain), get_args(plain)
    if not args or origin is Literal:
        return plain
    inner = tuple(noted(each, Field) for each in args if each is not Ellipsis)
    if origin in (tuple, list):
        return list[inner]  # type: ignore[valid-type]  # faults are told of a list
    assert origin in (Union, UnionType), plain
    told_by = getattr(getattr(args[0], "__struct_config__", None), "tag_field", None)
    either = Union[inner]  # type: ignore[valid-type]  # noqa: UP007  # known at run time
    return Annotated[either, Field(discriminator=told_by)] if told_by else either
