"""By which route the self-test's inline call goes: one that can reach nobody but the self-test.

Knows the configuration, nothing of calls.
"""

from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Final

from capture.errors import PeerBrokeProtocol
from capture.inline.routing.route import Route
from capture.inline.routing.routes import RouteQuery, decide
from capture.sip.uri import SipUri, parse_uri
from rokuon.compose.capture.routes import routes_of
from rokuon.config.schema import Config, SourceSettings, TargetSettings
from rokuon.machine import clock
from rokuon.selftest.inline_call import CALLED, CALLER

NAME: Final = "selftest"
# What is wanted, to be put before all other routes; the example configuration has it too.
BLOCK: Final = """\
[[source]]
name = "selftest"
address = ["127.0.0.9/32"]

[[target]]
name = "selftest"
uri = "sip:127.0.0.9:5099"
check_s = 0

[[route]]
name = "selftest"
source = ["selftest"]
to = ["selftest"]
notice = ["notice-ja"]
direction = "inbound"
"""
_RECORDED: Final = frozenset({"yes", "force"})


class RouteUnfit(Exception):
    """There is no route for the self-test, or not such a one; the text is the setting at fault."""


@dataclass(frozen=True, slots=True)
class SelftestRoute:
    """The route, and the address of both ends of its calls; the far side's port."""

    route: Route
    host: str
    port: int


def selftest_route(config: Config) -> SelftestRoute:
    """The route named `selftest`. Raises `RouteUnfit`.

    Its only target is an address of loopback, and no other route is before it: nobody is rung.
    """
    source = next((each for each in config.source if each.name == NAME), None)
    target = next((each for each in config.target if each.name == NAME), None)
    route = next((each for each in config.route if each.name == NAME), None)
    if source is None or target is None or route is None:
        missing = {"[[source]]": source, "[[target]]": target, "[[route]]": route}
        raise RouteUnfit(next(name for name, found in missing.items() if found is None))
    host, port = _place_of(target)
    _require_source(source, host)
    _require_route(config, route)
    return SelftestRoute(route, host, port)


def _place_of(target: TargetSettings) -> tuple[str, int]:
    """Its host and port, an IPv4 address of loopback and over UDP."""
    try:
        uri = parse_uri(target.uri.encode())
    except PeerBrokeProtocol:
        raise RouteUnfit("target.uri") from None
    if not isinstance(uri, SipUri) or target.uri.startswith("sips:") or uri.params:
        raise RouteUnfit("target.uri")
    try:
        host = ip_address(uri.host.decode())
    except ValueError:
        raise RouteUnfit("target.uri") from None
    if host.version != 4 or not host.is_loopback or not uri.port or target.register:  # noqa: PLR2004  # IPv4
        raise RouteUnfit("target.uri")
    if target.check_s:
        raise RouteUnfit("target.check_s")
    return str(host), uri.port


def _require_source(source: SourceSettings, host: str) -> None:
    """Its calls come from the far side's address and from nowhere else."""
    if tuple(map(ip_network, source.address)) != (ip_network(host),):
        raise RouteUnfit("source.address")
    if source.user or source.certificate or source.srtp != "accept":
        raise RouteUnfit("source.user, certificate, srtp")


def _require_route(config: Config, route: Route) -> None:
    """It plays a notice to the caller, records from its end, and takes the call."""
    wanted = {
        "route.to": route.to == (NAME,),
        "route.source": route.source == (NAME,),
        "route.notice": bool(route.notice),
        "route.notice_to": route.notice_to == "caller",
        "route.notice_when": route.notice_when == "dial-first",
        "route.record": route.record in _RECORDED,
        "route.record_from": route.record_from == "after-notice",
        "route.direction": route.direction == "inbound",
    }
    unfit = next((name for name, holds in wanted.items() if not holds), None)
    if unfit is not None:
        raise RouteUnfit(unfit)
    asked = RouteQuery(source=NAME, number=CALLED, caller=CALLER)
    decision = decide(routes_of(config), asked, clock.now())
    if decision is None or decision.route.name != NAME:
        raise RouteUnfit("route")
