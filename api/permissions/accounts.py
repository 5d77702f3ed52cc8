"""Who asks: a person, a service, or a user of the operating system whom nobody has mapped.

Pure. Knows nothing of how an account is proved, nor of what is asked.
"""

from dataclasses import dataclass
from typing import Final, Literal

from api.permissions.roles import VERBS, Role
from api.permissions.verbs import Verb
from archive.access.reach import WHOLE, Reach, ReachRule
from archive.ids import TenantId

AccountKind = Literal["person", "service", "os"]
ProofKind = Literal["token", "os_name", "session"]
EVERY_VERB: Final = frozenset(Verb)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGift:
    """A role that an account has, and within which reach."""

    role: Role
    reach: ReachRule = WHOLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """What an account may do: by its roles, or (`own`) by itself; never more than `scopes`."""

    gifts: tuple[RoleGift, ...] = ()
    own: frozenset[Verb] = frozenset()
    own_reach: Reach = ()
    scopes: frozenset[Verb] = EVERY_VERB

    @property
    def verbs(self) -> frozenset[Verb]:
        """All that it may do somewhere."""
        by_roles = (VERBS[gift.role] for gift in self.gifts)
        return self.own.union(*by_roles) & self.scopes

    def reach(self, verb: Verb) -> Reach:
        """Within which it may do that; () where it may not at all."""
        if verb not in self.scopes:
            return ()
        given = tuple(gift.reach for gift in self.gifts if verb in VERBS[gift.role])
        return given + (self.own_reach if verb in self.own else ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What proved an account: the kind, and its row in the register's table of that kind."""

    kind: ProofKind
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who asks; `name` is what the journal says. `purpose` is stated where a request says none.

    `user` is the row of the user whose doing it is, 0 for nobody's: of a service who issued its
    token, of root whom it acts as. `proof` is None where the register has none: of who is at the
    socket and mapped to nobody. `reset_until_us` is until when a person at the socket speaks for
    nobody, because its way in was reset; 0: it was not.
    """

    tenant: TenantId
    name: str
    kind: AccountKind
    authority: Authority
    purpose: str = ""
    user: int = 0
    proof: Proof | None = None
    reset_until_us: int = 0

    @property
    def person(self) -> int:
        """The row of a user who acts as itself; 0 for services, root, and whom nobody mapped."""
        return self.user if self.kind == "person" else 0
