"""Signalling as it is put together, and when it reads its settings again."""

import asyncio
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path

import pytest

from archive.call.live import Reloaded
from archive.ids import DEFAULT_TENANT
from capture.inline.state.exchange import Switch
from capture.links.relay_messages import Latch
from rokuon.compose.capture import signalling
from rokuon.compose.capture.signalling import run_signalling, source_from
from rokuon.config.load import parse
from tests.rokuon.installation import Installation
from tests.support.node_processes import Processes, configured


def test_a_source_keeps_its_settings_on_the_way_to_capture(tmp_path: Path) -> None:
    """Addresses as networks, the tenant as its id."""
    source = source_from(parse("", name="-", base=tmp_path).source[0])

    assert source.tenant == DEFAULT_TENANT.raw
    assert any(ip_address("127.0.0.1") in network for network in source.networks)
    assert source.allow_telephone_event is False
    assert source.keep_anything is False


def test_what_a_source_says_of_inline_calls_reaches_capture(tmp_path: Path) -> None:
    """Whose packets are its media, and what it is told."""
    text = (
        '[[source]]\nname = "a"\naddress = ["192.0.2.1/32"]\n'
        'latch = "nat"\ntrusted = false\npass_headers = ["X-Agent"]\ncall_id_headers = ["X-Ref"]\n'
    )
    source = source_from(parse(text, name="-", base=tmp_path).source[0])

    assert (source.latch, source.trusted, source.pass_headers) == (Latch.NAT, False, ("X-Agent",))
    assert source.call_id_headers == ("X-Ref",)


class Answering(Processes):
    """Signalling runs in the loop."""

    def reloads_by(self, reload: Callable[[], Reloaded]) -> None:
        self.reload = reload

    def reconfigure(self, _sources: object, switch: Switch, _tls: object) -> None:
        self.switch = switch

    async def run(self, _stop: asyncio.Event, ready: Callable[[], None]) -> None:  # type: ignore[override]  # as Signalling has it
        ready()


@pytest.mark.parametrize(
    ("text", "sip", "rtp"),
    [
        ("[sip]\nbind = '192.0.2.9'\n[rtp]\nbind = '192.0.2.8'\n", "192.0.2.9", "192.0.2.8"),
        (
            "[sip]\nadvertise = '192.0.2.9'\n[rtp]\nadvertise = '192.0.2.8'\n",
            "192.0.2.9",
            "192.0.2.8",
        ),
    ],
    ids=["bound", "advertised"],
)
async def test_signalling_says_the_address_that_its_peers_reach(
    site: Installation, monkeypatch: pytest.MonkeyPatch, text: str, sip: str, rtp: str
) -> None:
    """Behind a translation of addresses that is not the one it is bound to."""
    made = Answering()
    monkeypatch.setattr(signalling, "HolderClient", made)
    monkeypatch.setattr(signalling, "Signalling", made)
    monkeypatch.setattr(signalling, "keep_memory_private", lambda: made.order.append("private"))
    config = configured(site, text)
    await run_signalling(lambda: config, config, asyncio.Event(), made.ready)

    assert (made.plan.sip.host, made.plan.rtp_address) == (sip, rtp)
    assert made.plan.timeouts.media_s == 300
    assert made.plan.rest_s == 30.0
    assert made.order == ["private", "ready", "handed over"]


ROUTE = '[[target]]\nname = "t"\nuri = "sip:192.0.2.30"\n[[route]]\nname = "r"\nto = ["t"]\n'


@pytest.mark.parametrize(
    ("begun", "routes", "waiting"), [("", 0, ("route",)), (ROUTE, 1, ())], ids=["first", "another"]
)
async def test_the_first_route_waits_for_the_relays_that_a_restart_brings(
    site: Installation,
    monkeypatch: pytest.MonkeyPatch,
    begun: str,
    routes: int,
    waiting: tuple[str, ...],
) -> None:
    """Until then its calls are refused: without a relay the parties would not hear each other."""
    made = Answering()
    for name in ("HolderClient", "Signalling"):
        monkeypatch.setattr(signalling, name, made)
    monkeypatch.setattr(signalling, "keep_memory_private", lambda: None)
    later = configured(site, ROUTE)
    await run_signalling(lambda: later, configured(site, begun), asyncio.Event(), made.ready)

    assert made.reload().later == waiting
    assert len(made.switch.routes.routes) == routes
