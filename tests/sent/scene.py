"""The archive that is asked, who may do everything in it, and what is kept of an answer.

Knows nothing of what is asked.
"""

import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest
from sqlalchemy import Engine, inspect, text

from api.permissions.roles import Role
from api.permissions.verbs import Verb
from archive.access.reach import WHOLE
from archive.catalog.accounts.given_roles import give_role
from archive.catalog.accounts.persons import add_user, user_named
from archive.catalog.accounts.sessions import (
    Lifetime,
    begin_session,
    note_shown,
    session_numbered,
    state_purpose,
)
from archive.catalog.accounts.tokens import TokenTerms, create_token
from archive.catalog.database.engine import reading, writing
from archive.ids import DEFAULT_TENANT
from rokuon.messages.i18n import words_in
from tests.api import examples
from tests.api.web.planted import DAY_US, LATER_US, Person, Reached, reached
from tests.archive.catalog.examples import author
from tests.sent.placeholders import Placeholders
from tests.support.services import services
from tests.support.web.walk import headers_of
from tests.told import all_told, last_place

_UNSAID: Final = frozenset({"content-length", "date"})


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The archive, people of every role, and who has every role."""

    it: Reached
    almighty: Person

    async def answered(self, **request: Any) -> dict[str, Any]:
        """What is answered, and what the journal says of it."""
        client, engine = self.it.it.client, self.it.it.engine
        client.cookies.clear()
        with reading(engine) as connection:
            before = last_place(connection)
        answer = await client.request(**{k: v for k, v in request.items() if v is not None})
        headers = {key: each for key, each in answer.headers.items() if key not in _UNSAID}
        told = {"status": answer.status_code, "headers": headers, "body": _body(answer)}
        return dict(Placeholders().put({**told, "journal": entries(engine, before)}))


@asynccontextmanager
async def planted(folder: Path) -> AsyncIterator[Asked]:
    """An archive in which there is something of everything, in both languages."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(examples, "services", partial(services, words=words_in))
        async with reached(folder, "whole", planted=True) as it:
            yield Asked(it=it, almighty=_almighty(it.it.engine))


def _almighty(engine: Engine) -> Person:
    by = author(at_us=LATER_US)
    with writing(engine) as connection:
        row = add_user(connection, by, "almighty")
        user = user_named(connection, DEFAULT_TENANT, "almighty")
        for role in Role:
            give_role(connection, by, user, role, WHOLE)
        own, expires_us = replace(by, user=row), LATER_US + DAY_US
        terms = TokenTerms(scopes=frozenset(Verb), expires_us=expires_us)
        made = create_token(connection, own, user, terms)
        lifetime = Lifetime(idle_us=DAY_US, expires_us=expires_us)
        session, secret = begin_session(connection, own, user, "full", lifetime)
        note_shown(connection, session, LATER_US)
        state_purpose(connection, session, "technical")
        key = session_numbered(connection, session).form_key.hex()
    return Person(headers=headers_of(made), session=secret, form_key=key)


def _body(answer: httpx2.Response) -> Any:
    kind = answer.headers.get("content-type", "")
    if "json" in kind and "jsonl" not in kind and answer.content:
        return answer.json()
    # A PDF has the moment at which it was set, and is compressed.
    if kind == "application/pdf":
        return "a PDF"
    try:
        return answer.content.decode().splitlines()
    except UnicodeDecodeError:
        return f"{len(answer.content)} bytes, {hashlib.sha256(answer.content).hexdigest()[:12]}"


def entries(engine: Engine, after: int) -> list[Any]:
    """Those of the journal behind a place."""
    with reading(engine) as connection:
        return [_plain(asdict(each.entry)) for each in all_told(connection, after=after)]


def _plain(entry: Mapping[str, Any]) -> Any:
    """An entry as JSON has it, without whose it is and when it was."""
    told = {key: each for key, each in entry.items() if key not in {"tenant", "at_us"}}
    return json.loads(json.dumps(told, default=_in_json, sort_keys=True))


def _in_json(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)


def stored(engine: Engine) -> dict[str, Any]:
    """Every row of every table."""
    with reading(engine) as connection:
        tables = sorted(inspect(connection).get_table_names())
        return {
            table: [
                json.dumps(Placeholders().put(dict(row._mapping)), ensure_ascii=False, default=str)
                for row in connection.execute(text(f'SELECT * FROM "{table}"'))  # noqa: S608
            ]
            for table in tables
        }
