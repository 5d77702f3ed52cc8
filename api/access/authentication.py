"""Who asks: found in the register by a token, or by the user at the other end of a socket.

Knows nothing of the web. Each answer is as of now.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from api.access.access_alarms import Alarms
from api.access.credentials import account_by_token, account_of_peer
from api.permissions.accounts import Account
from api.permissions.errors import NotAuthenticated
from api.permissions.peers import Peer
from archive.catalog.accounts.lineage import reset_until
from archive.catalog.database.engine import AsyncEngine, read, run


@dataclass(frozen=True, slots=True)
class Identity:
    """Proves accounts; `clock_us` tells µs since 1970 UTC."""

    engine: AsyncEngine
    clock_us: Callable[[], int]
    alarms: Alarms = field(default_factory=Alarms)

    async def by_token(self, secret: str) -> Account:
        """Whom a bearer token speaks for; raises `NotAuthenticated`."""
        found = await self.look_up(secret)
        if found is None:
            self.alarms.authentication_failed("token")
            raise NotAuthenticated("the token is not valid")
        return found

    async def look_up(self, secret: str) -> Account | None:
        """Whom a bearer token speaks for, if anybody; what is not in force is nobody's fault."""
        now_us = self.clock_us()
        return await run(self.engine, lambda engine: account_by_token(engine, secret, now_us))

    async def by_peer(self, peer: Peer) -> Account:
        """Who is at the other end of a socket."""
        now_us = self.clock_us()

        def found(connection: Connection) -> Account:
            account = account_of_peer(connection, peer)
            until_us = reset_until(connection, account.tenant, account.person, now_us)
            return replace(account, reset_until_us=until_us)

        return await read(self.engine, found)
