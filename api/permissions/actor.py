"""Who acts now, and why: what every use case takes first.

Pure. Knows nothing of how it was found out.
"""

from dataclasses import dataclass

from api.permissions.accounts import Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """An account, the purpose that was stated ("": the account's own), and why glass is broken.

    `break_glass` is "" where the purposes of a recording are to hold.
    """

    account: Account
    stated: str = ""
    break_glass: str = ""

    @property
    def purpose(self) -> str:
        """Why, as it will stand in the journal; "" where nobody has said."""
        return self.stated or self.account.purpose
