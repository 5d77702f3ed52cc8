"""Who is signed in at a page: what a session is to a page, and who knows of sessions.

Forms alone. Knows nothing of passwords, nor of how a browser holds a session.
"""

from dataclasses import dataclass, field
from typing import Literal, Protocol

from api.permissions.accounts import Account
from archive.catalog.accounts.sessions import SessionRecord

Stage = Literal["enrol", "second", "full"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A session in force, and the name of whose it is: `account` is None unless its stage is full.

    `form_key` is what its forms carry, `ends_us` when it ends unused (µs since 1970 UTC), `purpose`
    what was stated in it ("": the person's own). `renewed` is a secret that takes the place of the
    one that was shown; "" where that stays. `reset_until_us` is until when the person speaks for
    nobody, because its way in was reset; 0: it was not. `is_shown` where it has just shown in
    the session what it signs in by.
    """

    number: int
    account: Account | None
    stage: Stage
    form_key: str = field(repr=False)
    ends_us: int
    purpose: str = ""
    renewed: str = field(default="", repr=False)
    name: str = ""
    reset_until_us: int = 0
    is_shown: bool = False


class Sessions(Protocol):
    """Who knows of sessions."""

    async def signed_in_by(self, secret: str) -> SignedIn | None:
        """The session whose secret that is; None where none in force is."""

    async def seen_by(self, secret: str) -> SignedIn | None:
        """The same for what a page asks by itself, which is no use."""

    async def state_purpose(self, session: SignedIn, purpose: str) -> None:
        """Act for that purpose from now on; raises `PurposeRefused`."""

    async def sign_out(self, session: SignedIn) -> None:
        """End it."""

    async def listed(self, session: SignedIn) -> tuple[SessionRecord, ...]:
        """All of the same person that are in force, latest first."""

    async def end(self, session: SignedIn, number: int) -> None:
        """End one of the same person; raises `UnknownSession`."""

    async def end_others(self, session: SignedIn) -> None:
        """End all of the same person but this one."""
