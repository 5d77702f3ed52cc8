"""People and services to act as."""

from api.permissions.accounts import Account, Authority, RoleGift
from api.permissions.roles import Role
from archive.access.reach import WHOLE, ReachRule
from archive.ids import DEFAULT_TENANT


def person(*roles: Role, name: str = "yamada", reach: ReachRule = WHOLE) -> Account:
    """Somebody with roles, all within the same reach."""
    return Account(
        tenant=DEFAULT_TENANT,
        name=name,
        kind="person",
        authority=Authority(gifts=tuple(RoleGift(role=role, reach=reach) for role in roles)),
        user=1,
    )


def reviewer() -> Account:
    """Who hears calls."""
    return person(Role.REVIEWER)
