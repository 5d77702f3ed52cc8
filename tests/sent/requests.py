"""Requests drawn from the document of the API: one that fits, and those that just do not.

Pure values. Knows no route by name.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

Schema = Mapping[str, Any]
# Whatever a pattern or a format of ours asks for, one of these is.
_TEXTS: Final = (
    *("x", "1", "2026-10-29", "2026-10-29T08:00:00Z", "2026-10-29T08:00", "0" * 32, "P1D"),
    *("+81312347788", "2001", "a17", "Asia/Tokyo", "00:00", "9:00", "jp-appi", "0" * 64, "ja"),
    *("100", "0-100", "calls:read"),
)
_FORMATS: Final = {"date": "2026-10-29", "date-time": "2026-10-29T08:00:00Z"}
_DEEPEST: Final = 6


def resolved(schema: Schema, document: Schema) -> Schema:
    """A schema behind its reference."""
    while "$ref" in schema:
        name = str(schema["$ref"]).rpartition("/")[2]
        schema = document["components"]["schemas"][name]
    return schema


def choices(schema: Schema, document: Schema) -> list[Schema]:
    """The schemas of which a value fits one; a schema without such is its own."""
    own = resolved(schema, document)
    among = own.get("oneOf") or own.get("anyOf")
    if among is None:
        return [own]
    return [each for one in among for each in choices(one, document)]


def fitting(schema: Schema, document: Schema, deep: int = 0) -> Any:
    """A value that fits: as little as may be."""
    own = choices(schema, document)[0]
    for given in (own.get("const"), own.get("default"), next(iter(own.get("enum", ())), None)):
        if given is not None:
            return given
    return _of_type(own, document, deep + 1)


def _of_type(own: Schema, document: Schema, deep: int) -> Any:
    match own.get("type"):
        case "object":
            needed, parts = own.get("required", ()), own.get("properties", {})
            within = needed if deep < _DEEPEST else ()
            return {name: fitting(parts[name], document, deep) for name in within}
        case "array":
            return [fitting(own["items"], document, deep)] * own.get("minItems", 0)
        case "integer" | "number":
            return own.get("minimum", own.get("exclusiveMinimum", 0) + 1)
        case "string":
            return _text(own)
        case told:
            return True if told == "boolean" else None


def _text(schema: Schema) -> str:
    if (shape := schema.get("format")) in _FORMATS:
        return _FORMATS[shape]
    pattern, least = schema.get("pattern", ""), schema.get("minLength", 0)
    fits = (each for each in _TEXTS if re.search(pattern, each) and len(each) >= least)
    return next(fits, "x" * max(least, 1))


def odd(schema: Schema, document: Schema) -> Iterator[tuple[str, Any]]:
    """Values at and beyond every bound of a part, and of other types; each by its name."""
    yield from (("null", None), ("truth", True), ("list", [[]]), ("object", {"x": {}}))
    yield from (("control", "\0"), ("nonsense", "nonsense 無"), ("negative", -1), ("huge", 10**30))
    for place, own in enumerate(choices(schema, document)):
        yield f"choice {place}", fitting(own, document)
        for bound, by in (("maxLength", 1), ("minLength", -1)):
            if bound in own:
                yield f"at {bound}", "x" * own[bound]
                yield f"beyond {bound}", "x" * max(own[bound] + by, 0)
        for bound, by in (("maximum", 1), ("minimum", -1)):
            if bound in own:
                yield f"at {bound}", own[bound]
                yield f"beyond {bound}", own[bound] + by
        for bound, by in (("maxItems", 1), ("minItems", -1)):
            if bound in own:
                item = fitting(own["items"], document)
                yield f"at {bound}", [item] * own[bound]
                yield f"beyond {bound}", [item] * max(own[bound] + by, 0)


def bodies(schema: Schema, document: Schema, usual: Any = None) -> Iterator[tuple[str, Any]]:
    """Bodies by what is odd of each; `usual` is one that is known to fit."""
    for place, own in enumerate(choices(schema, document)):
        base = usual if usual is not None and not place else fitting(own, document)
        yield f"usual {place}", base
        if not isinstance(base, dict):
            continue
        yield f"unknown {place}", {**base, "unknown": 1}
        for name in own.get("required", ()):
            yield f"{place} without {name}", {key: base[key] for key in base if key != name}
        for name, part in own.get("properties", {}).items():
            for what, value in _deep(part, document):
                yield f"{place} {name} {what}", {**base, name: value}
    yield from (("none", None), ("list", []), ("text", "x"), ("empty", {}))


def _deep(part: Schema, document: Schema) -> Iterator[tuple[str, Any]]:
    """What is odd of a part, and of what lies in it one level below."""
    yield from odd(part, document)
    for own in choices(part, document):
        items = own.get("items", {})
        inner = [(own, False), *((each, True) for each in choices(items, document) if items)]
        for place, (each, in_list) in enumerate(inner):
            base = fitting(each, document)
            for name, below in each.get("properties", {}).items():
                for what, value in odd(below, document):
                    made = {**base, name: value}
                    yield f"{place} {name} {what}", [made] if in_list else made
