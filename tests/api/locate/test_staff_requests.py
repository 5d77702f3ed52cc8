"""Twenty requests in staff's words, written before there was a parser, asked of the product."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from api.access.authorization import Door
from api.locate.question import Located, LocateQuery
from api.locate.ranked_search import Locate
from api.locate.sight import Lookout
from api.permissions.accounts import Account, Authority
from api.permissions.actor import Actor
from api.permissions.verbs import Verb
from archive.access.reach import EVERYWHERE
from archive.ids import DEFAULT_TENANT
from archive.moments import microseconds
from tests.api.examples import column_keeper
from tests.archive.catalog.examples import new_catalog, same_catalog
from tests.support.locate.staff_worlds import REQUESTS, WORLDS, put_world

ACTOR = Actor(
    account=Account(
        tenant=DEFAULT_TENANT,
        name="yamada",
        kind="person",
        authority=Authority(own=frozenset({Verb.SEARCH, Verb.LEDGER}), own_reach=EVERYWHERE),
        user=1,
    ),
    stated="quality",
)


async def ask(folder: Path, request: dict[str, Any]) -> tuple[Located, dict[str, str]]:
    """What is answered, and the conversation of each call of the world."""
    world = WORLDS[request["world"]]
    engine = new_catalog(folder)
    known = put_world(engine, world)
    keeper = column_keeper(engine, folder)
    while keeper.step():
        pass
    catalog = same_catalog(engine)
    now = datetime.fromisoformat(world["now"])
    locate = Locate(
        door=Door(engine=catalog, clock_us=lambda: microseconds(now)),
        lookouts={DEFAULT_TENANT: Lookout(keeper)},
        country=world["country"],
    )
    query = LocateQuery(zone=ZoneInfo(world["zone"]), text=request["text"], limit=5)
    located = await locate.search(ACTOR, query)
    await catalog.dispose()
    engine.dispose()
    return located, known


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda each: each["id"])
async def test_what_staff_write_finds_what_they_mean(
    tmp_path: Path, request_: dict[str, Any]
) -> None:
    """First, among five, or not found with the cause; nobody else's call is confirmed."""
    located, known = await ask(tmp_path, request_)
    found = [str(each.recorded.conversation) for each in located.candidates if each.recorded]
    meant = known.get(request_.get("call", ""), "")

    match request_["expects"]:
        case "first":
            assert found[0] == meant
        case "among five":
            assert meant in found
        case _:
            assert _cause(located, request_)
    confirmed = {
        str(each.recorded.conversation)
        for each in located.candidates
        if each.recorded and each.is_confirmed
    }
    assert confirmed <= {meant}
    assert set(request_.get("says", ())) <= {each.code for each in located.understood.notes}


def _cause(located: Located, request: dict[str, Any]) -> bool:
    """Whether what is said of the call that is meant is what became of it."""
    because, told = request["because"], located.chances
    if because in {"not_recorded", "destroyed"}:
        likeliest = max(told.recorded, told.not_recorded, told.destroyed, told.never)
        is_among = any(each.state == because for each in located.candidates[:5])
        return is_among and getattr(told, because) == likeliest
    return not any(each.is_confirmed for each in located.candidates)
