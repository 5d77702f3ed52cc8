"""Every route of the API asked by every role and with every fault, over an archive that is planted.

Knows addresses from the document, and nothing of what is answered.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from api.permissions.roles import Role
from api.web.app import application
from archive.certificates.folder import CERTIFICATE
from tests.api.web.planted import PLANTED
from tests.archive.catalog.examples import recording_id
from tests.sent.requests import bodies, fitting, odd, resolved
from tests.sent.scene import Asked, planted, stored
from tests.support.web.walk import BODIES, ENDLESS, QUERIES

_HERE: Final = "http://rokuon"
_THERE: Final = str(recording_id(PLANTED[0]))
_PARTS: Final[dict[str, dict[str, object]]] = {
    "there": {
        **dict.fromkeys(("conversation", "recording", "id"), _THERE),
        **dict.fromkeys(("number", "gift", "token"), 1),
        **{"other": 0, "name": "other", "os_name": "other", "tag": "vip", "pack": "jp-kashikin"},
    },
    "nowhere": {
        **dict.fromkeys(("conversation", "recording", "id"), "7" * 32),
        **dict.fromkeys(("number", "other", "gift", "token"), 4_711),
        **{"name": "nobody", "os_name": "nobody", "tag": "none", "pack": "none"},
    },
    "nonsense": dict.fromkeys(
        ("conversation", "recording", "id", "number", "other", "gift", "token", "name", "os_name",
         "tag", "pack"), "non sense"),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Operation:
    """A method of an address, and what the document says of it."""

    method: str
    path: str
    told: dict[str, Any]

    @property
    def is_reading(self) -> bool:
        """Whether it changes nothing."""
        return self.method in {"GET", "HEAD"}

    def at(self, where: str) -> str:
        """The address of what is there, or is not."""
        parts = _PARTS[where]
        if "/files/{name}" in self.path and where == "there":
            parts = {**parts, "name": CERTIFICATE}
        return _HERE + self.path.format(**parts)

    def body(self, where: str, document: dict[str, Any]) -> Any:
        """One that fits."""
        last = self.path.rpartition("/")[2]
        if self.is_reading:
            return None
        if (usual := BODIES.get(last)) is not None:
            return {**usual, "id": _PARTS[where]["id"]} if "id" in usual else usual
        return None if (own := self.schema) is None else fitting(own, document)

    @property
    def schema(self) -> dict[str, Any] | None:
        """Of its body in JSON; None: it has none."""
        content = self.told.get("requestBody", {}).get("content", {})
        return content.get("application/json", {}).get("schema")  # type: ignore[no-any-return]

    @property
    def query(self) -> dict[str, Any] | None:
        """What must stand behind its address."""
        return QUERIES.get(self.path.rpartition("/")[2]) if self.method == "GET" else None


def operations(document: dict[str, Any]) -> list[Operation]:
    """All of the document but those whose answers have no end; what changes nothing first."""
    every = [
        Operation(method=method.upper(), path=path, told=told)
        for path, methods in document["paths"].items()
        for method, told in methods.items()
        if path != ENDLESS
    ]
    return sorted(every, key=lambda each: not each.is_reading)


async def record_routes(folder: Path) -> dict[str, Any]:
    """What is answered to everybody, what the journal says of it, what is stored in the end."""
    told: dict[str, Any] = {}
    async with planted(folder) as asked:
        for name, request in _requests(asked, application().openapi()):
            told[name] = await asked.answered(**request)
        return {"routes": told, "stored": stored(asked.it.it.engine)}


def _requests(asked: Asked, document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What is read by everybody, what is odd by who may do all, what is done by everybody."""
    for is_reading in (True, False):
        own = [each for each in operations(document) if each.is_reading is is_reading]
        for each in own:
            yield from _faults(each, dict(asked.almighty.headers), document)
        for role, each in ((role, each) for role in Role for each in own):
            for where in ("nowhere", "there"):
                name = f"{each.method} {each.path} by {role} of what is {where}"
                yield name, _request(each, where, dict(asked.it.people[role].headers), document)


def _request(
    each: Operation, where: str, headers: dict[str, str], document: dict[str, Any]
) -> dict[str, Any]:
    given: dict[str, Any] = {"method": each.method, "url": each.at(where), "headers": headers}
    if each.path.endswith("/agents") and each.method == "PUT":
        return {**given, "content": b"agent_id\n"}
    body = each.body(where, document)
    return {**given, "params": each.query, **({} if body is None else {"json": body})}


def _faults(
    each: Operation, headers: dict[str, str], document: dict[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each fault that its address, its query and its body can have."""
    name = f"{each.method} {each.path}"
    usual = _request(each, "nowhere", headers, document)
    japanese = {**headers, "Accept-Language": "ja"}
    yield f"{name}, nonsense", {**usual, "url": each.at("nonsense")}
    yield f"{name}, nobody", {**usual, "headers": {**headers, "authorization": ""}}
    yield f"{name}, in Japanese", {**usual, "headers": japanese}
    yield f"{name}, unknown in query", {**usual, "params": {"unknown": 1, **(each.query or {})}}
    for part in each.told.get("parameters", ()):
        part = resolved(part, document)
        for what, value in odd(part["schema"], document) if part["in"] == "query" else ():
            own = {**(each.query or {}), part["name"]: _typed(value)}
            yield f"{name}, query {part['name']} {what}", {**usual, "params": own}
    if each.schema is not None:
        for what, value in bodies(each.schema, document, usual.get("json")):
            yield f"{name}, body {what}", {**usual, "json": value}
        yield f"{name}, no JSON", {**usual, "json": None, "content": b"{"}


def _typed(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
