"""Who has signed in by a session. Knows nothing of pages."""

from sqlalchemy import Connection

from api.access.authentication import Identity
from api.access.credentials import account_of_session, session_in_force
from api.permissions.accounts import Account
from api.permissions.errors import NotAuthenticated
from archive.catalog.database.engine import read


async def by_session(identity: Identity, secret: str) -> Account:
    """Who has signed in fully by a session; raises `NotAuthenticated`."""
    now_us = identity.clock_us()

    def found(connection: Connection) -> Account | None:
        known = session_in_force(connection, secret, now_us)
        return None if known is None else account_of_session(connection, *known)

    account = await read(identity.engine, found)
    if account is None:
        raise NotAuthenticated("nobody is signed in by this session")
    return account
