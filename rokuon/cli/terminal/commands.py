"""Commands as all of ours are: what takes one value is given once, and says so in our language.

Knows what the library beneath lets through in silence; nothing of what a command does.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from itertools import islice
from typing import Any, Final

import typer

# Typer has its errors from a copy of click that it names nowhere else.
from typer._click.exceptions import ClickException
from typer.core import TyperCommand, TyperGroup, TyperOption
from typer.models import CommandFunctionType

from rokuon.cli.terminal.shared_options import spread
from rokuon.cli.terminal.typer_texts import in_our_language
from rokuon.messages.i18n import tr

# Of every command; no verb has an option of that name.
ANYWHERE: Final = ("--config", "--lang")


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

    def get_help(self, ctx: Any) -> str:
        """As Typer has it, in our language."""
        return in_our_language(super().get_help(ctx))


class Group(TyperGroup):
    """A noun, or the command itself with the options before the noun."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As a verb does; what is before the noun may also stand behind it."""
        args = args if ctx.parent else brought_forward(args)
        _refuse_repeated(self, ctx, args)
        return super().parse_args(ctx, args)

    def get_help(self, ctx: Any) -> str:
        """As a verb does."""
        return in_our_language(super().get_help(ctx))

    def make_context(self, *args: Any, **extra: Any) -> Any:
        """As Typer does; what was mistyped is said in our language."""
        with _in_our_language():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: Any) -> Any:
        """As Typer does; what was mistyped behind the noun is said in our language."""
        with _in_our_language():
            return super().invoke(ctx)


def brought_forward(args: list[str]) -> list[str]:
    """The arguments, with what may stand anywhere before all others; behind `--` nothing moves."""
    found: list[str] = []
    others: list[str] = []
    left = iter(args)
    for each in left:
        if each == "--":
            others += [each, *left]
        elif each in ANYWHERE:
            value = list(islice(left, 1))
            (found if value else others).extend([each, *value])
        elif each.startswith(tuple(f"{option}=" for option in ANYWHERE)):
            found.append(each)
        else:
            others.append(each)
    return [*found, *others]


class Commands(typer.Typer):
    """A noun and its verbs."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(cls=Group, **{"no_args_is_help": True, **settings})

    def command(
        self, name: str | None = None, **settings: Any
    ) -> Callable[[CommandFunctionType], CommandFunctionType]:
        """Add a verb, with the options that it shares with others."""
        add = super().command(name, cls=Command, **settings)

        def added(function: CommandFunctionType) -> CommandFunctionType:
            add(spread(function))
            return function

        return added


class Mistyped(ClickException):
    """What Typer objects to, in our language."""

    def __init__(self, error: ClickException) -> None:
        super().__init__(error.message)
        said = StringIO()
        error.show(file=said)
        self.exit_code = error.exit_code
        self._said = in_our_language(said.getvalue())

    def show(self, file: Any = None) -> None:
        """Write it to standard error, or to `file`."""
        print(self._said, end="", file=file or sys.stderr)


@contextmanager
def _in_our_language() -> Iterator[None]:
    try:
        yield
    except Mistyped:
        raise
    except ClickException as error:
        raise Mistyped(error) from error


def _refuse_repeated(command: TyperCommand | TyperGroup, ctx: Any, args: list[str]) -> None:
    _, _, order = command.make_parser(ctx).parse_args(args=list(args))
    given = Counter(each.name for each in order)
    for option in command.get_params(ctx):
        single = isinstance(option, TyperOption) and not option.multiple and not option.is_flag
        if single and given[option.name] > 1:
            ctx.fail(tr("{option} can be given once").format(option=option.opts[0]))
