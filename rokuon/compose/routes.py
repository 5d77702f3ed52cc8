"""Routes and targets of inline calls: from the configuration to what capture knows.

Knows nothing of calls.
"""

from dataclasses import fields
from ipaddress import ip_network
from typing import Any

from capture.inline.routing.emergency import EmergencyNumbers, emergency_numbers
from capture.inline.routing.hours import parse_hours
from capture.inline.routing.modes import Mode
from capture.inline.routing.route import HeaderCondition, Route, Target
from capture.inline.routing.routes import Routes
from capture.relaying import Latch
from rokuon.compose.passwords import password_in
from rokuon.config.schema import Config, RouteSettings, TargetSettings


def routes_of(config: Config) -> Routes:
    """The configured routes in their order, with the hours that they name."""
    return Routes(
        routes=tuple(map(route_from, config.route)),
        hours=tuple(
            parse_hours(table.name, table.zone, table.open, table.holidays)
            for table in config.hours
        ),
    )


def targets_of(config: Config) -> tuple[Target, ...]:
    """The configured targets; raises `OSError` for a password's file."""
    return tuple(map(target_from, config.target))


def emergency_of(config: Config) -> EmergencyNumbers:
    """The numbers at which help is called."""
    return emergency_numbers(config.inline.emergency)


def route_from(settings: RouteSettings) -> Route:
    """A configured route as capture knows it; the names of the fields are the same."""
    given: dict[str, Any] = {field.name: getattr(settings, field.name) for field in fields(Route)}
    given["header"] = tuple(map(HeaderCondition.parse, settings.header))
    given["record"] = Mode(settings.record)
    return Route(**given)


def target_from(settings: TargetSettings) -> Target:
    """A configured target as capture knows it; raises `OSError` for a password's file."""
    return Target(
        name=settings.name,
        uri=settings.uri,
        user=settings.user,
        auth_user=settings.auth_user,
        password=password_in(settings.password_file),
        register=settings.register,
        register_expires_s=settings.register_expires_s,
        check_s=settings.check_s,
        srtp=settings.srtp,
        latch=Latch(settings.latch),
        trusted=settings.trusted,
        pass_headers=settings.pass_headers,
        record=target_mode(settings),
        sip_advertise=settings.sip_advertise,
        rtp_advertise=settings.rtp_advertise,
        pause_by_header=settings.pause_by_header,
        networks=tuple(ip_network(network) for network in settings.address),
        certificate=settings.certificate.lower(),
        verify=settings.verify,
    )


def target_mode(settings: TargetSettings) -> Mode:
    """What a target says about recording; nothing said is no opinion."""
    return Mode(settings.record or Mode.DONT_CARE)
