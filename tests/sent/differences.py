"""Two recordings compared: where they differ, and which components of the document are renamed.

Pure values. Knows nothing of how they were made.
"""

import difflib
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

_COMPONENT: Final = "#/components/schemas/"


def differences(before: Any, after: Any, place: str = "") -> Iterator[str]:
    """Say of each place that differs what was there and what is."""
    match before, after:
        case {}, {}:
            for key in dict.fromkeys([*before, *after]):
                own = f"{place} › {key}" if place else str(key)
                if key not in after:
                    yield f"- {own}: {_told(before[key])}"
                elif key not in before:
                    yield f"+ {own}: {_told(after[key])}"
                else:
                    yield from differences(before[key], after[key], own)
        case [*_], [*_] if before != after:
            lines = difflib.unified_diff(_lines(before), _lines(after), lineterm="", n=0)
            told = "\n    ".join(line for line in lines if line[:3] not in ("---", "+++"))
            yield f"~ {place}:\n    {told}"
        case str(), str() if before != after and "\n" in before + after:
            yield from differences(before.splitlines(), after.splitlines(), place)
        case _ if before != after or type(before) is not type(after):
            yield f"~ {place}: {_told(before)} → {_told(after)}"


def _lines(value: list[Any]) -> list[str]:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).splitlines()


def _told(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= 400 else f"{text[:400]}…"


def without_names(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document whose components stand where they are used, without the names that they had."""
    components = document.get("components", {}).get("schemas", {})

    def put(value: Any, within: tuple[str, ...]) -> Any:
        if isinstance(value, str) and value.startswith(_COMPONENT):
            return named(value.removeprefix(_COMPONENT), within)
        if isinstance(value, dict):
            if str(own := value.get("$ref")).startswith(_COMPONENT):
                return put(own, within)
            return {key: put(each, within) for key, each in value.items()}
        return [put(each, within) for each in value] if isinstance(value, list) else value

    def named(name: str, within: tuple[str, ...]) -> Any:
        if name in within:
            return f"as {len(within) - within.index(name)} above"
        own = components[name]
        told = {key: each for key, each in own.items() if key != "title"}
        return put(told, (*within, name))

    outside = {key: each for key, each in document.items() if key != "components"}
    return {key: put(each, ()) for key, each in outside.items()}


def renamed_components(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The names that only one of two documents has."""
    old, new = (set(each.get("components", {}).get("schemas", {})) for each in (before, after))
    return [
        *(f"- {name}" for name in sorted(old - new)),
        *(f"+ {name}" for name in sorted(new - old)),
    ]
