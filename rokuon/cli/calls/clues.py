"""The options of clues, and the clues that they are: what is remembered of a call.

Knows nothing of what is asked with them.
"""

import shlex
from collections.abc import Callable
from inspect import Parameter, Signature, signature
from typing import Annotated, Final

import typer

from api.words.attribute_words import CLUES
from archive.attributes import SOUGHT
from rokuon.cli.terminal.output import Row
from rokuon.cli.terminal.shared_options import OptionsOf
from rokuon.messages.choices import Direction, NoticeResult, ToldAs
from rokuon.messages.i18n import tr

MS_PER_S: Final = 1_000
# Without an upper bound: no call is longer than a day (media.max_call_s).
LONGEST_CALL_MS: Final = 86_400_000

DirectionIs = Annotated[
    Direction | None, typer.Option("--direction", help=tr("inbound, outbound, internal or unknown"))
]
NoticeIs = Annotated[
    NoticeResult | None,
    typer.Option("--notice", help=tr("what became of the recording notice; the worst counts")),
]
AgentIs = Annotated[
    list[str] | None,
    typer.Option("--agent", help=tr("agent: id, name, kana or alias; of several any one")),
]
CustomerIs = Annotated[
    str, typer.Option("--customer", help=tr("customer: the name as the call has it"))
]
NumberIs = Annotated[str, typer.Option("--number", help=tr("number: full, or its last digits"))]
ToldAsIs = Annotated[
    ToldAs | None,
    typer.Option("--told-as", help=tr("only a number that the source told as this, with --number")),
]
IdIs = Annotated[
    str, typer.Option("--id", help=tr("an id of the call: Call-ID, Session-ID, UCID, GUID"))
]
LeastIs = Annotated[
    float, typer.Option("--min-duration", min=0, help=tr("at least so many seconds"))
]
MostIs = Annotated[
    float | None, typer.Option("--max-duration", min=0, help=tr("at most so many seconds"))
]


def _with_marks(read: Callable[..., list[Row]]) -> Callable[..., list[Row]]:
    """Make a parameter of each mark by which calls are sought, behind those of ids."""
    own = [each for each in signature(read).parameters.values() if each.name != "marks"]
    marks = [
        Parameter(
            kind,
            Parameter.KEYWORD_ONLY,
            default="",
            annotation=Annotated[str, typer.Option(f"--{kind}", help=tr(CLUES[kind].option))],
        )
        for kind in SOUGHT
    ]
    behind = [each.name for each in own].index("id_") + 1
    own[behind:behind] = marks
    keyed = [each.replace(kind=Parameter.KEYWORD_ONLY) for each in own]
    read.__dict__["__signature__"] = Signature(keyed)
    return read


@_with_marks
def read_clues(
    agent: AgentIs = None,
    customer: CustomerIs = "",
    number: NumberIs = "",
    told_as: ToldAsIs = None,
    id_: IdIs = "",
    direction: DirectionIs = None,
    notice: NoticeIs = None,
    min_duration: LeastIs = 0.0,
    max_duration: MostIs = None,
    **marks: str,
) -> list[Row]:
    """Return what is remembered of a call, as the API takes it; each parameter is an option."""
    values = {
        "customer": customer,
        "id": id_,
        **marks,
        "direction": direction or "",
        "notice": notice or "",
    }
    return [
        *_agents(agent or []),
        *_numbered(number, told_as),
        *_valued(values),
        *_lasting(min_duration, max_duration),
    ]


# What a command takes that asks for calls.
Clues = Annotated[list[Row], OptionsOf(read_clues)]


def ledger_options(clues: list[Row]) -> str:
    """How the ledger is asked for the same number and name; a name of several is none."""
    kinds = {"number": "--number", "customer": "--name", "agent": "--name"}
    asked = {kinds[kind]: str(each["value"]) for each in clues if (kind := each["kind"]) in kinds}
    return " ".join(f"{option} {shlex.quote(value)}" for option, value in asked.items())


def _agents(names: list[str]) -> list[Row]:
    """Whom somebody remembers; of several one is enough."""
    if len(names) > 1:
        return [{"kind": "agents", "values": names}]
    return [{"kind": "agent", "value": name} for name in names]


def _numbered(number: str, told_as: ToldAs | None) -> list[Row]:
    """Return the clue of a number; refuse a role of none."""
    if told_as is not None and not number:
        raise typer.BadParameter(tr("--told-as says of what --number is told; name that"))
    role = {} if told_as is None else {"told_as": str(told_as)}
    return [{"kind": "number", "value": number, **role}] if number else []


def _valued(values: dict[str, str]) -> list[Row]:
    return [{"kind": kind, "value": value} for kind, value in values.items() if value]


def _lasting(least_s: float, most_s: float | None) -> list[Row]:
    if not least_s and most_s is None:
        return []
    most_ms = LONGEST_CALL_MS if most_s is None else round(most_s * MS_PER_S)
    return [{"kind": "duration", "min_ms": round(least_s * MS_PER_S), "max_ms": most_ms}]
