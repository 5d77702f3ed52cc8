"""Users, for the command line.

Knows nothing of what a token opens.
"""

from typing import Final

from api.people.verbs import Verb
from archive.catalog.accounts import add_service, has_users, service_named, services
from archive.catalog.authors import Author
from archive.catalog.engine import reading, writing
from archive.catalog.tokens import Terms, create_token
from archive.ids import DEFAULT_TENANT
from rokuon.compose.catalog import local_access, prepare_catalog
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
