"""The small worlds of the requests in staff's words, adopted as the keeper would have them."""

import tomllib
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Engine

from archive.call.corrections import NoteWritten
from archive.call.events import CallEnded, CallRefused, Event, ParticipantChanged, RouteTaken
from archive.call.mentions import Mention, Mentioned
from archive.catalog.database.engine import writing
from archive.catalog.destruction.tombstones import place_tombstone
from archive.catalog.index.agents import import_agents
from archive.ids import ConversationId, RecordingId
from archive.lifecycle.tombstone import Remains, Tombstone
from archive.moments import microseconds
from tests import ROOT
from tests.archive.catalog.examples import (
    access,
    adopt,
    adoption,
    opened,
    party,
    recording_id,
    stream,
)
from tests.support.catalog.amendment import amend
from tests.support.catalog.ledger import page

STAFF: Final = tomllib.loads((ROOT / "eval/requests/staff.toml").read_text("utf-8"))
WORLDS: Final[dict[str, dict[str, Any]]] = {each["name"]: each for each in STAFF["world"]}
REQUESTS: Final[list[dict[str, Any]]] = STAFF["request"]
# By which all was destroyed that is.
PLAN: Final = 7
_HOUR_US: Final = 3_600_000_000
_WITHHELD: Final = {
    "payphone": "sip:payphone@carrier.example",
    "anonymous": "sip:anonymous@anonymous.invalid",
}
_HEAD: Final = "agent_id,name,kana,romaji,aliases,extension,valid_from,valid_to,team"

Told = dict[str, Any]


def put_world(engine: Engine, world: Told, *, has_agents: bool = True) -> dict[str, str]:
    """All of a world; by the id of a call that of its conversation."""
    if has_agents:
        import_agents(engine, _table(world).encode(), ZoneInfo(world["zone"]), access())
    found = {}
    for number, call in enumerate(world["calls"], 1):
        at_us = microseconds(datetime.fromisoformat(call["at"]))
        own = recording_id(number, at_us)
        found[call["id"]] = str(own)
        match call.get("state", "recorded"):
            case "recorded":
                adopt(engine, adoption(number, tuple(_events(world, call, at_us))))
                if call["note"]:
                    amend(engine, NoteWritten(text=call["note"]), own, why="after the call")
            case "not_recorded":
                adopt(engine, page(number, _refused(call, at_us)))
            case _:
                _destroy(engine, own, at_us)
    return found


def _table(world: Told) -> str:
    rows = (
        ",".join(
            (
                *(each.get(key, "") for key in ("id", "name", "kana", "romaji")),
                "",
                *(each[key] for key in ("extension", "from", "until", "team")),
            )
        )
        for each in world["agents"]
    )
    return "\n".join((_HEAD, *rows)) + "\n"


def _events(world: Told, call: Told, at_us: int) -> Iterator[Event]:
    length_us = call["seconds"] * 1_000_000
    outside = _outside(call)
    seats = [f"sip:{_extension(world, agent, call)}@pbx.example" for agent in call["agents"]]
    ways = (outside, seats[0]) if call["way"] == "in" else (seats[0], outside)
    opening = msgspec.structs.replace(opened(at_us), from_uri=ways[0], to_uri=ways[1])
    yield msgspec.structs.replace(opening, country=world["country"], zone=world["zone"])
    if call["way"] == "in":
        dialled = Mention(told_as="dialled", address=f"sip:{call['dialled']}@pbx.example")
        yield Mentioned(at_us=at_us, by="headers", mentions=(dialled,))
    names = (call["customer"],) if call["customer"] else ()
    yield stream(0, at_us)
    yield party(0, outside, "customer", names=names, at_us=at_us)
    for place, seat in enumerate(seats):
        began_us = at_us + place * length_us // len(seats)
        yield stream(place + 1, began_us)
        yield party(place + 1, seat, "agent", at_us=began_us)
    yield RouteTaken(
        at_us=at_us, route="main", target="pbx", mode="yes", queue=call["queue"],
        direction="inbound" if call["way"] == "in" else "outbound",
    )  # fmt: skip
    if call.get("held"):
        own, half_us = f"participant of {outside}", at_us + length_us // 2
        yield ParticipantChanged(at_us=half_us, what="held", participant=own)
        yield ParticipantChanged(at_us=half_us + length_us // 6, what="resumed", participant=own)
    yield CallEnded(at_us=at_us + length_us, reason="bye")


def _outside(call: Told) -> str:
    if "withheld" in call:
        return _WITHHELD[call["withheld"]]
    return f"sip:{call['number']}@carrier.example"


def _extension(world: Told, agent: str, call: Told) -> str:
    day = datetime.fromisoformat(call["at"]).date().isoformat()
    return next(
        str(each["extension"])
        for each in world["agents"]
        if each["id"] == agent and (each["from"] or day) <= day <= (each["until"] or day)
    )


def _refused(call: Told, at_us: int) -> CallRefused:
    return CallRefused(
        at_us=at_us, source="trunk-1", transport="udp", peer="192.0.2.7", call_id=call["id"],
        from_value=f"<{_outside(call)}>;tag=1", to_value=f"<sip:{call['dialled']}@pbx.example>",
        status=503, reason=call["because"],
        mentions=(Mention(told_as="caller", address=_outside(call)),),
    )  # fmt: skip


def _destroy(engine: Engine, own: RecordingId, at_us: int) -> None:
    hour_us = at_us // _HOUR_US * _HOUR_US
    remains = Remains(call=ConversationId(own.raw), hour_us=hour_us, plan=PLAN)
    gone = Tombstone(recording=own, destroyed_us=at_us + 1, journal=1, remains=remains)
    with writing(engine) as connection:
        place_tombstone(connection, 1, gone)
