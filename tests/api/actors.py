"""People and services to act as."""

from api.people.accounts import Account, Authority, RoleGift
from api.people.roles import Role
from archive.ids import DEFAULT_TENANT
from archive.reach import WHOLE, ReachRule


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
