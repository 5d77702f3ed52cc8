"""What tests of tokens share."""

from api.permissions.peers import Peer
from api.permissions.roles import Role
from archive.access.reach import WHOLE
from archive.catalog.accounts.given_roles import give_os_name, give_role
from archive.catalog.accounts.persons import add_user, user_named
from archive.catalog.database.engine import writing
from archive.ids import DEFAULT_TENANT
from tests.api.examples import Scene
from tests.archive.catalog.examples import author

LOGIN = Peer(4_711, "dkimura")


def at_terminal(it: Scene, *roles: Role) -> dict[str, str]:
    """Headers of a person who is at the socket by its login."""
    with writing(it.engine) as connection:
        add_user(connection, author(), "kimura")
        user = user_named(connection, DEFAULT_TENANT, "kimura")
        for role in roles:
            give_role(connection, author(), user, role, WHOLE)
        give_os_name(connection, author(), user, LOGIN.name)
    del it.client.headers["Authorization"]
    return {"Rokuon-Purpose": "technical"}
