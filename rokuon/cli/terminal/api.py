"""How commands ask the API: for which purpose, in which language, at which socket.

Knows nothing of what is asked.
"""

import re
import sys
from functools import cache
from typing import Annotated, Any, Final

import typer

from rokuon.cli.terminal.session import session_of
from rokuon.machine.api_client import ApiRefused, Client
from rokuon.messages.i18n import tr

Purpose = Annotated[
    str,
    typer.Option(
        "--purpose",
        envvar="ROKUON_PURPOSE",
        show_envvar=False,
        help=tr("why: a code, case:ID or matter:ID; else your own purpose"),
    ),
]
BreakGlass = Annotated[
    str,
    typer.Option("--break-glass", help=tr("why its purposes are not to hold; raises an alarm")),
]
NOT_FOUND: Final = 404
_OWN: Final = re.compile("[0-9a-f]{32}")


def client_of(context: typer.Context, purpose: str = "", break_glass: str = "") -> Client:
    """The API of this configuration, asked for a purpose. Raises `ConfigRefused`, `OSError`."""
    session = session_of(context)
    given = {
        "Accept-Language": session.language,
        "Rokuon-Purpose": purpose,
        "Rokuon-Break-Glass": break_glass,
    }
    headers = {name: _sendable(value) for name, value in given.items() if value}
    return Client(path=session.api_socket(), headers=headers, tell_reset=cache(_tell_reset))


def _tell_reset(until: str) -> None:
    told = tr(
        "Your way in was reset: you count for what takes two persons from {until} on, or when root "
        "or another person confirms you."
    )
    print(told.format(until=f"{until[:16].replace('T', ' ')} UTC"), file=sys.stderr)


def _sendable(value: str) -> str:
    """What a header may hold: Latin-1 (RFC 9110 §5.5), so other letters go as UTF-8 bytes."""
    return value.encode().decode("latin-1")


def is_missing(refused: ApiRefused) -> bool:
    """Whether it was refused because there is no such thing."""
    return refused.status == NOT_FOUND


def recordings_of(client: Client, text: str, what: str = "") -> list[dict[str, Any]]:
    """The recordings of a call, or the one recording, of an id, ours or others'.

    `what` is what of them is asked for: the end of a path, "" for what is known of them.
    Raises `ApiAway`, `ApiRefused`; code `not_found` where there is none.
    """
    found: list[dict[str, Any]] = known_of(client, text, what)["recordings"]
    return found


def known_of(client: Client, text: str, what: str = "") -> dict[str, Any]:
    """The same with what is answered beside them; raises as `recordings_of` does."""
    for path in own_paths(text):
        try:
            answer = client.get(path + what)
        except ApiRefused as refused:
            if not is_missing(refused):
                raise
        else:
            return {**answer, "recordings": _meant(answer, path.rpartition("/")[2])}
    found: dict[str, Any] = client.post("/calls/known", {"id": text})
    own = found["call"] or found["recording"]
    path = f"/calls/{own}" if found["call"] else f"/recordings/{own}"
    answer = client.get(path + what)
    return {**answer, "recordings": _recordings(answer)}


def own_paths(text: str) -> list[str]:
    """Where an id of ours is asked for: it is a call's, or a recording's."""
    own = text.strip().replace("-", "").lower()
    return [f"/calls/{own}", f"/recordings/{own}"] if _OWN.fullmatch(own) else []


def _meant(answer: dict[str, Any], own: str) -> list[dict[str, Any]]:
    """All recordings of a call; one alone where its own id was asked for.

    A recording that was found alone has given its id to a call that is now a part of another.
    """
    found = _recordings(answer)
    alone = [each for each in found if each.get("recording") == own]
    return found if answer.get("call") == own else alone or found


def _recordings(answer: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = answer.get("recordings", [answer])
    return found
