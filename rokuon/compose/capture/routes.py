"""Routes and targets of inline calls: from the configuration to what capture knows.

Knows nothing of calls.
"""

from dataclasses import fields
from ipaddress import ip_network
from pathlib import Path

from capture.inline.routing.emergency import EmergencyNumbers, emergency_numbers
from capture.inline.routing.hours import parse_hours
from capture.inline.routing.modes import Mode
from capture.inline.routing.route import Target, TargetTerms
from capture.inline.routing.routes import Routes
from rokuon.config.schema import Config, TargetSettings


def routes_of(config: Config) -> Routes:
    """The configured routes in their order, with the hours that they name."""
    return Routes(
        routes=config.route,
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


def target_from(settings: TargetSettings) -> Target:
    """A configured target, its password and networks read; raises `OSError` for the password."""
    terms = {field.name: getattr(settings, field.name) for field in fields(TargetTerms)}
    terms["certificate"] = settings.certificate.lower()
    return Target(
        **terms,
        password=password_in(settings.password_file),
        record=target_mode(settings),
        networks=tuple(map(ip_network, settings.address)),
    )


def target_mode(settings: TargetSettings) -> Mode:
    """What a target says about recording; nothing said is no opinion."""
    return Mode(settings.record or Mode.DONT_CARE)


def password_in(path: Path | None) -> str:
    """The first line of a password's file, "" where there is none; raises `OSError`."""
    return "" if path is None else path.read_text().partition("\n")[0].strip()
