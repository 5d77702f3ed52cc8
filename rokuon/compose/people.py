"""Agents and users, for the command line.

Knows nothing of CSV or of what a token opens.
"""

import dataclasses
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from api.people.verbs import Verb
from archive.agents import FOREVER_US, AgentPeriod
from archive.catalog import agents as table
from archive.catalog.accounts import add_service, has_users, service_named, services
from archive.catalog.authors import Author
from archive.catalog.engine import reading, writing
from archive.catalog.query import zone_named
from archive.catalog.tokens import Terms, create_token
from archive.ids import DEFAULT_TENANT
from rokuon.compose.catalog import local_access, open_catalog, prepare_catalog
from rokuon.config.schema import Config

US_PER_S: Final = 1_000_000
# A year: long enough for a script, short enough that a forgotten token ends.
TOKEN_LIFETIME_US: Final = 365 * 86_400 * US_PER_S
# What a token of a service may do unless something else is said.
SERVICE_SCOPES: Final = (
    Verb.SEARCH,
    Verb.READ,
    Verb.CORRECT,
    Verb.LISTEN,
    Verb.EXPORT,
    Verb.LIVE,
    Verb.CONTROL,
    Verb.CASE,
)


def import_agents(config: Config, file: Path, zone: str) -> dict[str, object]:
    """Make a CSV file the table in force. Raises `AgentTableRefused`, `QueryRefused`."""
    engine = prepare_catalog(config)
    done = table.import_agents(engine, file.read_bytes(), zone_named(zone), local_access())
    return dataclasses.asdict(done)


def list_agents(config: Config) -> list[dict[str, object]]:
    """Every period in force."""
    with reading(open_catalog(config)) as connection:
        periods = table.agents_in_force(connection, DEFAULT_TENANT)
    return [_shown(period) for period in periods]


def _shown(period: AgentPeriod) -> dict[str, object]:
    return {
        "agent_id": period.agent_id,
        "name": period.name,
        "kana": period.kana,
        "romaji": period.romaji,
        "aliases": list(period.aliases),
        "extension": period.extension,
        "team": period.team,
        "valid_from": _moment(period.valid_from_us),
        "valid_to": _moment(period.valid_to_us),
    }


def _moment(at_us: int) -> str:
    """A time, "" where the table leaves it open on either side."""
    is_open = at_us in {0, FOREVER_US}
    return "" if is_open else datetime.fromtimestamp(at_us / US_PER_S, UTC).isoformat()


def make_token(config: Config, name: str) -> str:
    """A new token for a service, which is made if there is none; it is kept nowhere."""
    engine = prepare_catalog(config)
    author = Author(access=local_access())
    terms = Terms(
        scopes=SERVICE_SCOPES,
        expires_us=author.access.at_us + TOKEN_LIFETIME_US,
        purpose="technical",
    )
    with writing(engine) as connection:
        known = {each.name: each for each in services(connection, DEFAULT_TENANT)}
        if name not in known:
            add_service(connection, author, name)
        made = create_token(
            connection, author, service_named(connection, DEFAULT_TENANT, name), terms
        )
    return made.secret


def is_first_user_missing(config: Config) -> bool:
    """Whether nobody was ever added, nor any service."""
    with reading(prepare_catalog(config)) as connection:
        return not (has_users(connection, DEFAULT_TENANT) or services(connection, DEFAULT_TENANT))
