"""What tests of tokens share."""

from api.people.peers import Peer
from api.people.roles import Role
from archive.catalog.accounts import add_user, user_named
from archive.catalog.engine import writing
from archive.catalog.gifts import give_os_name, give_role
from archive.ids import DEFAULT_TENANT
from archive.reach import WHOLE
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
