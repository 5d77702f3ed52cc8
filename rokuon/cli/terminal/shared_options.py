"""Options that several commands share: the parameters of a function that makes a value of them.

Knows nothing of any option.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import update_wrapper
from inspect import Parameter, Signature, signature
from typing import Any

_Make = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class OptionsOf:
    """Marks a parameter of a command: its value is what `make` makes of options of the command."""

    make: _Make


def spread(command: Callable[..., Any]) -> Callable[..., Any]:
    """Return a command with all options of what it shares; itself where it shares nothing."""
    shared = dict(_shared(command.__annotations__))
    if not shared:
        return command

    def called(**given: Any) -> Any:
        for name, make in shared.items():
            own = {each: given.pop(each) for each in signature(make).parameters}
            given[name] = make(**own)
        return command(**given)

    update_wrapper(called, command)
    options = list(_options(command, shared))
    called.__dict__["__signature__"] = Signature(options)
    called.__annotations__ = {each.name: each.annotation for each in options}
    return called


def _shared(annotations: Mapping[str, Any]) -> Iterator[tuple[str, _Make]]:
    for name, annotation in annotations.items():
        for mark in getattr(annotation, "__metadata__", ()):
            if isinstance(mark, OptionsOf):
                yield name, mark.make


def _options(command: Callable[..., Any], shared: Mapping[str, _Make]) -> Iterator[Parameter]:
    """The parameters in their order, each shared one replaced by its own."""
    for name, each in signature(command).parameters.items():
        own = signature(shared[name]).parameters.values() if name in shared else (each,)
        yield from (one.replace(kind=Parameter.KEYWORD_ONLY) for one in own)
