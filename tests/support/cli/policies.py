"""What tests of policies share."""

from api.people.roles import Role
from archive.catalog.accounts import add_user, user_named
from archive.catalog.gifts import give_os_name, give_role
from archive.ids import DEFAULT_TENANT
from archive.reach import WHOLE
from tests.archive.catalog.examples import author
from tests.rokuon.installation import Installation, register_of

OWNER, LEGAL, ADMIN = "owner", "legal", "admin"


def _people(site: Installation) -> None:
    site.answering()
    with register_of(site.config) as connection:
        for name, role in ((OWNER, Role.RETENTION_OWNER), (LEGAL, Role.LEGAL)):
            add_user(connection, author(), name)
            user = user_named(connection, DEFAULT_TENANT, name)
            give_role(connection, author(), user, role, WHOLE)
            give_os_name(connection, author(), user, name)
