"""What tests of approvals share."""

from sqlalchemy import Engine

from api.permissions.roles import Role
from api.permissions.verbs import Verb
from archive.access.reach import WHOLE
from archive.catalog.accounts.given_roles import give_role
from archive.catalog.accounts.persons import add_user, user_named
from archive.catalog.accounts.tokens import TokenTerms, create_token
from archive.catalog.database.engine import writing
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import MINUTE_US, NOW_US, author


def person(engine: Engine, name: str, role: Role, lifetime_us: int = MINUTE_US) -> dict[str, str]:
    """Headers of a person with a role, and a token that it issued itself."""
    with writing(engine) as connection:
        row = add_user(connection, author(), name)
        user = user_named(connection, DEFAULT_TENANT, name)
        give_role(connection, author(), user, role, WHOLE)
        terms = TokenTerms(scopes=Verb, expires_us=NOW_US + lifetime_us)
        made = create_token(connection, author(user=row), user, terms)
    return {"Authorization": f"Bearer {made.secret}", "Rokuon-Purpose": "technical"}
