"""What tests of policies share."""

from api.permissions.roles import Role
from archive.access.reach import WHOLE
from archive.catalog.accounts.given_roles import give_os_name, give_role
from archive.catalog.accounts.persons import add_user, user_named
from archive.ids import DEFAULT_TENANT
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
