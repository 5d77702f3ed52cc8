"""Commands as all of ours are: what takes one value is given once, and says so in our language.

Knows what the library beneath lets through in silence; nothing of what a command does.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption
from typer.models import CommandFunctionType

from rokuon.i18n import tr


class Command(TyperCommand):
    """A verb. Typer would take the last of several values, and the others were never asked for."""

    # Arguments too many are refused here: Typer says so in English alone.
    allow_extra_args = True

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments once it is clear that none stands for another one."""
        _refuse_repeated(self, ctx, args)
        extra = super().parse_args(ctx, args)
        if extra:
            ctx.fail(tr("too many arguments: {names}").format(names=" ".join(extra)))
        return extra


class Group(TyperGroup):
    """A noun, or the command itself with the options before the noun."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As a verb does."""
        _refuse_repeated(self, ctx, args)
        return super().parse_args(ctx, args)


class Commands(typer.Typer):
    """A noun and its verbs."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(cls=Group, no_args_is_help=True, **settings)

    def command(
        self, name: str | None = None, **settings: Any
    ) -> Callable[[CommandFunctionType], CommandFunctionType]:
        """Add a verb."""
        return super().command(name, cls=Command, **settings)


def _refuse_repeated(command: TyperCommand | TyperGroup, ctx: Any, args: list[str]) -> None:
    _, _, order = command.make_parser(ctx).parse_args(args=list(args))
    given = Counter(each.name for each in order)
    for option in command.get_params(ctx):
        single = isinstance(option, TyperOption) and not option.multiple and not option.is_flag
        if single and given[option.name] > 1:
            ctx.fail(tr("{option} can be given once").format(option=option.opts[0]))
