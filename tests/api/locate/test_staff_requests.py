"""Twenty requests in staff's words, written before there was a parser, asked of the product."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from api.locate.question import Located, LocateQuery
from api.permissions.verbs import Verb
from archive.moments import microseconds
from tests.archive.catalog.examples import new_catalog
from tests.support.locate.ranked_scene import actor, asking
from tests.support.locate.staff_worlds import REQUESTS, WORLDS, put_world


async def ask(folder: Path, request: dict[str, Any]) -> tuple[Located, dict[str, str]]:
    """What is answered, and the conversation of each call of the world."""
    world = WORLDS[request["world"]]
    engine = new_catalog(folder)
    known = put_world(engine, world)
    async with asking(engine, folder, world["country"]) as it:
        it.clock.now_us = microseconds(datetime.fromisoformat(world["now"]))
        query = LocateQuery(zone=ZoneInfo(world["zone"]), text=request["text"], limit=5)
        located = await it.locate.search(actor(Verb.SEARCH, Verb.LEDGER), query)
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
