"""What proves an account: a bearer token.

Knows the register of tokens. Knows nothing of what is then asked.
"""

from sqlalchemy import Connection

from api.people.accounts import Account, Authority
from api.people.peers import Peer
from api.people.roles import UNMAPPED_ROOT
from api.people.verbs import Verb
from archive.ids import DEFAULT_TENANT
from archive.reach import EVERYWHERE
from archive.tokens import is_in_force, verify_token

# A token of earlier versions says none; it may state cases as it always could.
_STATED: str = "technical"


def account_of_token(connection: Connection, secret: str, now_us: int) -> Account | None:
    """Whom a token speaks for at `now_us`; None for what is unknown, expired or revoked."""
    holder = verify_token(connection, secret, now_us)
    if holder is None:
        return None
    verbs = frozenset(Verb(scope) for scope in holder.scopes) | {Verb.CASE}
    return Account(
        tenant=holder.tenant,
        name=holder.name,
        kind="service",
        authority=Authority(own=verbs, own_reach=EVERYWHERE, scopes=verbs),
        purpose=_STATED,
        token=holder.token,
    )


def stands(connection: Connection, account: Account, now_us: int) -> bool:
    """Whether an account may still do at `now_us` what it could when it was proved."""
    return not account.token or is_in_force(connection, account.token, now_us)


def account_of_peer(_connection: Connection, peer: Peer) -> Account:
    """Who a user of the operating system is here: as long as nobody maps it, itself."""
    own = UNMAPPED_ROOT if peer.is_root else frozenset[Verb]()
    return Account(
        tenant=DEFAULT_TENANT,
        name=f"os:{peer.name}",
        kind="os",
        authority=Authority(own=own, own_reach=EVERYWHERE, scopes=own),
    )
