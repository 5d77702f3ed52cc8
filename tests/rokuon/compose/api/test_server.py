"""The API as it is put together: over HTTP, with a token, from an archived call."""

import asyncio
import os
import socket
from contextlib import suppress
from pathlib import Path

import pytest

from archive.catalog.database.schema_revision import CatalogOutdated
from archive.ids import DEFAULT_TENANT
from archive.locate.who.sound_costs import mora_costs
from rokuon.compose.api.server import run_api
from rokuon.compose.api.users import make_token
from rokuon.config.load import parse
from tests.rokuon.installation import Installation
from tests.scenarios.waiting import until
from tests.support.compose.api import answering, free_port, get


async def test_the_part_answers_from_ready_on_and_lets_nobody_in_without_a_token(
    site: Installation,
) -> None:
    """Deny by default, through the real socket."""
    token = make_token(site.config, "tester")
    async with answering(site) as port:
        health = await get(port, "/api/v1/health", "")
        refused = await get(port, f"/api/v1/calls/{'0' * 32}", "wrong")
        unknown = await get(port, f"/api/v1/calls/{'0' * 32}", token)
        nobody = await get(port, "/api/v1/agents", "")

    assert health[0] == 200
    assert health[1].startswith(b'{"status":"not_well","stuck":0,"alarms":[')
    assert (refused[0], unknown[0], nobody[0]) == (401, 404, 401)


def far_end(of: tuple[str, int]) -> socket.socket:
    """The socket of this process that is connected to the address `of`."""
    for entry in sorted(Path("/proc/self/fd").iterdir()):
        if os.path.realpath(entry).partition("/socket:")[1]:
            found = socket.socket(fileno=os.dup(int(entry.name)))
            with suppress(OSError):  # one that listens has no peer
                if found.getpeername() == of:
                    return found
            found.close()
    raise LookupError


async def test_an_answer_on_a_kept_connection_does_not_wait_for_itself(site: Installation) -> None:
    """Nagle's algorithm held each body back until its head was acknowledged: 40 ms an answer."""
    async with answering(site) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /api/v1/health HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = await reader.readuntil(b"\r\n\r\n")
        with far_end(writer.get_extra_info("sockname")) as accepted:
            held_back = not accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        writer.close()

    assert answer.startswith(b"HTTP/1.1 200")
    assert not held_back


async def test_alarms_are_shown_to_prometheus_where_a_port_says_so(site: Installation) -> None:
    """From the start on, at nought: what appears with the first alarm has not risen."""
    port = free_port()
    async with answering(site, f"[metrics]\napi_port = {port}"):
        status, body = await get(port, "/metrics", "")

    assert (status, b"\nrokuon_broken_glass_total 0.0\n" in body) == (200, True)
    with socket.create_server(("127.0.0.1", port)):  # it is given back
        pass


async def test_the_columns_of_the_part_are_made_beside_its_answers(site: Installation) -> None:
    """In a folder of its own below the part's."""
    folder = site.config.sign_in_key.with_name(f"columns-{DEFAULT_TENANT}")
    async with answering(site):
        await asyncio.to_thread(
            until, lambda: list(folder.glob("*.col")) or None, "a month", within_s=60
        )

    assert (folder / "manifest").exists()


async def test_what_all_questions_need_is_read_beside_the_first_answers(
    site: Installation,
) -> None:
    """Who asks first would wait for it."""
    mora_costs.cache_clear()
    async with answering(site):
        await asyncio.to_thread(
            until, lambda: mora_costs.cache_info().currsize or None, "the costs", within_s=60
        )


async def test_a_port_of_metrics_that_is_taken_keeps_nobody_from_asking(site: Installation) -> None:
    """Monitoring serves the API, not the other way round."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        more = f"[metrics]\napi_port = {taken.getsockname()[1]}"
        async with answering(site, more) as port:
            health = await get(port, "/api/v1/health", "")

    assert health[0] == 200


@pytest.mark.parametrize(
    ("settings", "last"), [("", 429), ('trusted_proxies = ["127.0.0.0/8"]', 401)]
)
async def test_who_asks_is_who_is_connected_unless_a_proxy_is_trusted(
    site: Installation, settings: str, last: int
) -> None:
    """Who guesses tokens on this machine would say that it is somebody else each time."""
    async with answering(site, http=settings) as port:
        statuses = [
            (await get(port, "/api/v1/agents", f"guess{n}", f"X-Forwarded-For: 192.0.2.{n}"))[0]
            for n in range(25)
        ]

    assert (statuses[0], statuses[-1]) == (401, last)


async def test_the_part_does_not_start_on_a_catalog_of_another_version(site: Installation) -> None:
    """The keeper brings it up to date; two at once would be one too many."""
    config = parse(f'[catalog]\nurl = "sqlite:///{site.folder}/e.db"', name="-", base=site.folder)

    with pytest.raises(CatalogOutdated):
        await run_api(config, asyncio.Event(), lambda: None)
