"""How the first person who manages people comes in: wanted while nobody can, by a code.

Knows nothing of where a code is shown. What is asked here is asked anew when a code is used.
"""

from sqlalchemy import Connection

from api.permissions.roles import Role, roles_with
from api.permissions.verbs import Verb
from archive.access.reach import WHOLE
from archive.catalog.accounts.credentials import has_credential
from archive.catalog.accounts.given_roles import gifts, give_role
from archive.catalog.accounts.persons import UserRecord, add_user, user_named, users
from archive.catalog.accounts.sign_in_codes import CodeRecord, make_start_code
from archive.catalog.accounts.single_person import is_one_person_enough
from archive.catalog.journal.authors import Author
from archive.ids import DEFAULT_TENANT


def make_first_code(connection: Connection, author: Author) -> str:
    """A code for the first administrator; "" while somebody manages people and can sign in."""
    managing = _managing(connection)
    if any(has_credential(connection, each.row) for each in managing):
        return ""
    return make_start_code(connection, author, managing[0] if managing else None)


def make_welcome_code(connection: Connection, author: Author) -> str:
    """A code that signs the first user in at once, where one person is all there is to the rules.

    "" where it takes two, or that user is disabled or never was.
    """
    first = min(users(connection, DEFAULT_TENANT), key=lambda each: each.row, default=None)
    if first is None or not may_be_welcomed(connection, first):
        return ""
    return make_start_code(connection, author, first, "full")


def may_be_welcomed(connection: Connection, user: UserRecord) -> bool:
    """Whether a code alone may sign this person in."""
    return user.disabled_us is None and is_one_person_enough(connection, DEFAULT_TENANT)


def may_be_first(connection: Connection, code: CodeRecord) -> bool:
    """Whether a code for whom nobody has made may still make the first administrator."""
    return code.user is None and not _managing(connection)


def make_first(connection: Connection, author: Author, name: str) -> UserRecord:
    """The first administrator; raises `NameRefused`, `NameTaken`."""
    add_user(connection, author, name)
    user = user_named(connection, DEFAULT_TENANT, name)
    give_role(connection, author, user, Role.ADMINISTRATOR, WHOLE)
    return user


def _managing(connection: Connection) -> tuple[UserRecord, ...]:
    """Who is not disabled and manages people, in the order of their names."""
    roles = roles_with(Verb.PEOPLE_MANAGE)
    rows = {each.user for each in gifts(connection, DEFAULT_TENANT) if each.role in roles}
    return tuple(
        each
        for each in users(connection, DEFAULT_TENANT)
        if each.row in rows and each.disabled_us is None
    )
