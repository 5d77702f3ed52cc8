"""What proves an account: a bearer token, a session, or a user of the system whom one has mapped.

Knows the register. Knows nothing of what is then asked.
"""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection, Engine

from api.permissions.accounts import Account, Authority, Proof, RoleGift
from api.permissions.peers import Peer
from api.permissions.roles import UNMAPPED_ROOT, Role
from api.permissions.verbs import Verb
from archive.access.reach import EVERYWHERE
from archive.catalog.accounts.given_roles import gifts_of, is_os_name_in_force, os_name_in_force
from archive.catalog.accounts.persons import SERVICE_PREFIX, UserRecord, service_in, user_in
from archive.catalog.accounts.sessions import SessionRecord, session_numbered, session_of
from archive.catalog.accounts.tokens import TokenRecord, is_in_force, note_use, token_of
from archive.catalog.database.engine import reading, writing
from archive.catalog.journal.sealed_rows import RowsAltered
from archive.ids import DEFAULT_TENANT, TenantId

_ROLES: Final = {role.value: role for role in Role}


def account_by_token(engine: Engine, secret: str, now_us: int) -> Account | None:
    """Whom a token speaks for at `now_us`; that it was used is kept, to the minute.

    None for what is unknown, expired, revoked, or of a person who is disabled.
    """
    with reading(engine) as connection:
        found = token_of(connection, secret)
        account = None if found is None else _of_token(connection, *found, now_us)
    if found is None or account is None:
        return None
    if found[1].times.is_use_due(now_us):
        with writing(engine) as connection:
            note_use(connection, found[1].row, now_us)
    return account


def account_of_peer(connection: Connection, peer: Peer) -> Account:
    """Who a user of the operating system is here: the person it is mapped to, else itself."""
    mapped = os_name_in_force(connection, DEFAULT_TENANT, peer.name)
    user = None if mapped is None else _mapped(connection, mapped.user, peer)
    own = UNMAPPED_ROOT if peer.is_root else frozenset[Verb]()
    if mapped is None or user is None or user.disabled_us is not None:
        return _unmapped(peer, own)
    return Account(
        tenant=DEFAULT_TENANT,
        name=f"os:{peer.name} as {user.name}" if peer.is_root else user.name,
        kind="os" if peer.is_root else "person",
        authority=Authority(gifts=_gifts(connection, user.row), own=own, own_reach=EVERYWHERE),
        purpose=user.purpose,
        user=user.row,
        proof=Proof(kind="os_name", row=mapped.row),
    )


def _mapped(connection: Connection, row: int, peer: Peer) -> UserRecord | None:
    """Whom a user of the operating system is mapped to; root is itself where that is altered."""
    try:
        return user_in(connection, row)
    except RowsAltered:
        if peer.is_root:
            return None
        raise


def account_of_session(
    connection: Connection, session: SessionRecord, user: UserRecord
) -> Account | None:
    """Who a person is at a page; None before it has signed in fully."""
    if session.stage != "full":
        return None
    return Account(
        tenant=DEFAULT_TENANT,
        name=user.name,
        kind="person",
        authority=Authority(gifts=_gifts(connection, user.row)),
        purpose=session.purpose or user.purpose,
        user=user.row,
        proof=Proof(kind="session", row=session.row),
    )


def session_in_force(
    connection: Connection, secret: str, now_us: int
) -> tuple[SessionRecord, UserRecord] | None:
    """The session whose secret that is, and whose; None where it is over, or the person is."""
    found = session_of(connection, DEFAULT_TENANT, secret, now_us)
    if found is None or now_us >= found.times.end_us:
        return None
    user = user_in(connection, found.user)
    return None if user.disabled_us is not None else (found, user)


def stands(connection: Connection, account: Account, now_us: int) -> bool:
    """Whether an account may still do at `now_us` what it could when it was proved."""
    if account.proof is not None and not _holds(connection, account.proof, now_us):
        return False
    if account.kind == "service" or not account.user:
        return True
    return user_in(connection, account.user).disabled_us is None and set(
        account.authority.gifts
    ) <= set(_gifts(connection, account.user))


def _holds(connection: Connection, proof: Proof, now_us: int) -> bool:
    """Whether what proved an account still would."""
    match proof.kind:
        case "token":
            return is_in_force(connection, proof.row, now_us)
        case "os_name":
            return is_os_name_in_force(connection, proof.row)
        case "session":
            return _is_full(session_numbered(connection, proof.row), now_us)


def _is_full(session: SessionRecord, now_us: int) -> bool:
    return session.stage == "full" and now_us < session.times.end_us


def _of_token(
    connection: Connection, tenant: TenantId, token: TokenRecord, now_us: int
) -> Account | None:
    if not token.times.is_in_force(now_us):
        return None
    if token.service is not None:
        return _service(connection, tenant, token, token.service)
    assert token.user is not None
    user = user_in(connection, token.user)
    return None if user.disabled_us is not None else _person(connection, tenant, token, user)


def _person(
    connection: Connection, tenant: TenantId, token: TokenRecord, user: UserRecord
) -> Account:
    gifts = _gifts(connection, user.row)
    return Account(
        tenant=tenant,
        name=user.name,
        kind="person",
        authority=Authority(gifts=gifts, scopes=_verbs(token.scopes)),
        purpose=token.purpose or user.purpose,
        user=user.row,
        proof=Proof(kind="token", row=token.row),
    )


def _service(connection: Connection, tenant: TenantId, token: TokenRecord, service: int) -> Account:
    known, verbs = service_in(connection, service), _verbs(token.scopes)
    return Account(
        tenant=tenant,
        name=SERVICE_PREFIX + known.name,
        kind="service",
        authority=Authority(own=verbs, own_reach=(known.reach.folded,), scopes=verbs),
        purpose=token.purpose,
        user=token.issued_by or 0,
        proof=Proof(kind="token", row=token.row),
    )


def _unmapped(peer: Peer, own: frozenset[Verb]) -> Account:
    return Account(
        tenant=DEFAULT_TENANT,
        name=f"os:{peer.name}",
        kind="os",
        authority=Authority(own=own, own_reach=EVERYWHERE, scopes=own),
    )


def _gifts(connection: Connection, user: int) -> tuple[RoleGift, ...]:
    """What is in force; a role that this version does not know allows nothing."""
    return tuple(
        RoleGift(role=_ROLES[gift.role], reach=gift.reach.folded)
        for gift in gifts_of(connection, user)
        if gift.role in _ROLES
    )


def _verbs(scopes: Iterable[str]) -> frozenset[Verb]:
    """Those that this version knows."""
    known = set(scopes)
    return frozenset(verb for verb in Verb if verb.value in known)
