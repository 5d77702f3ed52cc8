"""Whether what proved an account is enough to make a way in that outlasts it.

Knows nothing of what is made, nor of how a password is shown.
"""

from sqlalchemy import Connection

from api.access.authorization import Act, Door
from api.permissions.accounts import Account
from api.permissions.actor import Actor
from api.permissions.errors import NotByToken, PasswordWanted, Refused
from archive.catalog.accounts.sessions import session_numbered
from archive.catalog.database.engine import read


async def require_proof(door: Door, actor: Actor, act: Act) -> None:
    """Let on who is at the local socket by its login, or has just shown its password at a page.

    Raises `NotByToken`, `PasswordWanted`: a token, or a page left open, that somebody has found is
    no way in for good.
    """
    now_us = door.clock_us()
    refusal = await read(door.engine, lambda c: _refusal(c, actor.account, now_us))
    if refusal is not None:
        raise await door.refused(actor, act, refusal)


def _refusal(connection: Connection, account: Account, now_us: int) -> Refused | None:
    if account.proof is None:
        # Nobody but root has any verb so.
        return None if account.kind == "os" else NotByToken("nothing proves the account")
    match account.proof.kind:
        case "os_name":
            return None
        case "token":
            return NotByToken("a token makes no way in")
        case "session":
            times = session_numbered(connection, account.proof.row).times
            return (
                None
                if times.is_shown(now_us)
                else PasswordWanted("the password was shown too long ago")
            )
