"""Users, for the command line.

Knows nothing of what a token opens.
"""

import os
from dataclasses import replace
from typing import Final

from api.permissions.roles import Role
from api.permissions.verbs import Verb
from archive.access.reach import WHOLE
from archive.catalog.accounts.given_roles import give_os_name, give_role
from archive.catalog.accounts.persons import (
    add_service,
    add_user,
    has_users,
    is_name,
    service_named,
    services,
    user_named,
)
from archive.catalog.accounts.single_person import declare_one_person
from archive.catalog.accounts.tokens import TokenTerms, create_token
from archive.catalog.database.engine import reading, writing
from archive.catalog.journal.authors import Author
from archive.ids import DEFAULT_TENANT
from rokuon.compose.api.row_seals import sealed_catalog
from rokuon.compose.archive.catalog import local_access, prepared_catalog
from rokuon.config.schema import Config
from rokuon.machine.logins import name_of

US_PER_S: Final = 1_000_000
# Long enough to look around; who goes on makes one of his own.
TOKEN_LIFETIME_US: Final = 90 * 86_400 * US_PER_S
# The first user where the login is none that an account may have.
FIRST_NAME: Final = "first"
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
    author = Author(access=local_access())
    terms = TokenTerms(
        scopes=SERVICE_SCOPES,
        expires_us=author.access.at_us + TOKEN_LIFETIME_US,
        purpose="technical",
    )
    with sealed_catalog(config) as engine, writing(engine) as connection:
        known = {each.name: each for each in services(connection, DEFAULT_TENANT)}
        if name not in known:
            add_service(connection, author, name)
        made = create_token(
            connection, author, service_named(connection, DEFAULT_TENANT, name), terms
        )
    return made.secret


def is_nobody_there(config: Config) -> bool:
    """Return whether the installation has no user yet."""
    with prepared_catalog(config) as engine, reading(engine) as connection:
        return not has_users(connection, DEFAULT_TENANT)


def make_first_person(config: Config) -> str:
    """Who runs this becomes the first user with every role; "" where there are users already.

    The installation is declared one person's: nobody else is there yet.
    """
    login = name_of(os.geteuid())
    name = login if is_name(login) else FIRST_NAME
    author = Author(access=replace(local_access(), actor=f"os:{login}"))
    with sealed_catalog(config) as engine, writing(engine) as connection:
        if has_users(connection, DEFAULT_TENANT):
            return ""
        add_user(connection, author, name, purpose="technical")
        person = user_named(connection, DEFAULT_TENANT, name)
        for role in Role:
            give_role(connection, author, person, role, WHOLE)
        give_os_name(connection, author, person, login)
        declare_one_person(connection, author, None)
    return name
