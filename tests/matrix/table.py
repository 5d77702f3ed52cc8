"""Every vendor's session on the wire of a server, twice: with its source's rules and without any.

What is told is read over HTTP; the table is what of it is true. Knows nothing of what is told.
"""

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import SystemRandom
from typing import Final

from tests.matrix.cells import Cell, Session
from tests.matrix.shapes import COLUMNS, EDGE_S, END_S, MESSAGES_S, SHAPES, Column, Shape
from tests.scenarios.server import running, vendor_address
from tests.support.clients.desk import Desk
from tests.support.clients.voices import Voice, packets
from tests.support.clients.wire import Act, Client, bye, play
from tests.vendors.expected import CUSTOMER, EXPECTED, Expected
from tests.vendors.script import Script, read

Table = Mapping[str, Mapping[Column, Cell]]
RULES: Final = {True: "as the how-to has it", False: "without rules"}
# What comes before its call is told is outside of any.
_ANSWERED_S: Final = 0.4
_HERTZ: Final = (440, 650)
_PAYLOADS: Final = {"pcmu": 0, "pcma": 8}
_SOURCE: Final = """\
[[source]]
name = "{name}-bare"
address = ["{address}/32"]
mode = "{mode}"
zone = "UTC"
"""


def bare_address(name: str) -> str:
    """Where the same client is of whose source nothing is said."""
    return vendor_address(name).replace("127.0.1.", "127.0.2.")


def voices(shape: Shape, expected: Expected) -> Iterator[Voice]:
    """Each has a silence at one edge, and none while on hold; of a single line both are its own."""
    late_s, early_s = shape.begins_s[0] + EDGE_S, END_S - EDGE_S
    held_s = {who: begin for who, begin, _ in shape.held}
    alone = expected.mixed if expected.customer is None else None
    alone = expected.agent if alone is None and expected.customer is None else alone
    if alone is not None:
        yield Voice(alone, _HERTZ[0], late_s, early_s)
    if expected.customer is not None:
        yield Voice(expected.customer, _HERTZ[0], late_s, held_s.get(CUSTOMER, END_S))
    if expected.customer is not None and expected.agent is not None:
        until_s = min(held_s.get(shape.agents[0], END_S), early_s)
        begins_s = shape.begins_s[1] + (_ANSWERED_S if shape.begins_s[1] else 0)
        yield Voice(expected.agent, _HERTZ[1], begins_s, until_s)


def client_of(script: Script, host: str, port: int) -> Client:
    """Who plays it, a message at each of its seconds."""
    acts = [Act(at_s, message) for at_s, message in zip(MESSAGES_S, script.messages, strict=False)]
    expected = EXPECTED[script.name]
    speech = packets(voices(SHAPES[script.name], expected), _PAYLOADS[expected.codec])
    return Client((host, port), [*acts, Act(END_S, bye(script.messages[0]))], speech)


def tables() -> dict[bool, Table]:
    """What is true of each, by whether its source has rules; all are played at once."""
    bare = "".join(
        _SOURCE.format(name=name, address=bare_address(name), mode=EXPECTED[name].mode)
        for name in SHAPES
    )
    with (
        tempfile.TemporaryDirectory(prefix="rk") as folder,
        running(Path(folder), timeout_s=60, more=bare) as server,
    ):
        scripts = {
            (name, has_rules): read(name, SystemRandom()) for name in SHAPES for has_rules in RULES
        }
        clients = {
            (name, has_rules): client_of(
                script, (vendor_address if has_rules else bare_address)(name), server.sip_port
            )
            for (name, has_rules), script in scripts.items()
        }
        play(list(clients.values()))
        desk = Desk(server)
        return {
            has_rules: {
                name: _cells(desk, scripts[name, has_rules], clients[name, has_rules])
                for name in SHAPES
            }
            for has_rules in RULES
        }


def _cells(desk: Desk, script: Script, client: Client) -> Mapping[Column, Cell]:
    assert client.refused == 0, (script.name, client.refused)
    told, *others = desk.found(client.began_us, client.call_id, 1)
    assert not others, (script.name, [each.course for each in (told, *others)])
    (number,) = (text for key, text in script.values.items() if key.startswith("number:"))
    shape, expected = SHAPES[script.name], EXPECTED[script.name]
    session = Session(shape, expected, number, told, client.answered_us, client.ended_us)
    return session.cells()


def wrong_in(found: Mapping[bool, Table]) -> list[str]:
    """Every statement that is neither true nor marked."""
    return [
        f"{name}, {RULES[has_rules]}, {column}: {cell.why}"
        for has_rules, table in found.items()
        for name, cells in table.items()
        for column, cell in cells.items()
        if cell.verdict == "wrong"
    ]


def markdown(found: Mapping[bool, Table]) -> str:
    """The tables, as the page has them."""
    parts = []
    for has_rules, table in found.items():
        parts += [f"## {RULES[has_rules].capitalize()}", ""]
        parts += [f"| client | {' | '.join(COLUMNS)} |", "|" + "---|" * (len(COLUMNS) + 1)]
        parts += [
            f"| `{name}` | {' | '.join(str(cells[column]) for column in COLUMNS)} |"
            for name, cells in table.items()
        ]
        parts += [""]
    return "\n".join(parts)
