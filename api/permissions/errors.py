"""Why a request is refused, in words that may be logged.

Knows nothing of status codes: the web layer translates.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import ClassVar, Literal

from api.permissions.verbs import Verb
from archive.access.lineage import Bar
from archive.flaws import PartRefused
from archive.lifecycle.tombstone import FoundTombstone


class ApiError(Exception):
    """Root of everything that this folder raises by name."""


class NotAuthenticated(ApiError):
    """No token, or one that is unknown, expired or revoked."""


class Refused(ApiError):
    """Somebody who is known asked for what he may not have: the journal says so too."""

    code: ClassVar[str]


class NotAllowed(Refused):
    """Neither the roles nor the token have the verb of this act."""

    code = "not_permitted"

    def __init__(self, verb: Verb) -> None:
        super().__init__(f"this needs {verb}")
        self.verb = verb


class PurposeMissing(Refused):
    """Nobody has said why."""

    code = "purpose_missing"


class PurposeRefused(Refused):
    """What was stated is no purpose here, or none that the roles may state."""

    code = "purpose_unknown"


class PurposeNotCovered(Refused):
    """The recording was made for other purposes."""

    code = "purpose_not_covered"


class UseRestricted(Refused):
    """The recording is past its maximum, and kept for other purposes than the one stated."""

    code = "use_restricted"


class UseSuspended(Refused):
    """A case has stopped the use of the recording."""

    code = "use_suspended"


class AnotherPersonNeeded(Refused):
    """What is asked must come from somebody else: nobody gives itself a role."""

    code = "another_person_needed"


class CountsAsOne(AnotherPersonNeeded):
    """Who would approve is no other person than who proposed, or not yet; `names` are of users."""

    def __init__(self, bar: Bar, names: Mapping[int, str]) -> None:
        super().__init__("another person approves")
        self.bar = bar
        self.names = names


class NothingToConfirm(ApiError):
    """The person has yet to sign in by the code that is open, or has no way in at all."""


class NotByToken(Refused):
    """A token makes no other one, no code and no login: who finds it would be in for good."""

    code = "not_by_token"


class PasswordWanted(Refused):
    """What outlasts a session takes a password that was shown in it just now."""

    code = "password_wanted"


class PersonNeeded(Refused):
    """Only a person who acts as itself may: no service, not root, nobody whom no one mapped."""

    code = "person_needed"


class TooManyRequests(ApiError):
    """Somebody asks too often; `wait_s` is after how long it may ask again."""

    def __init__(self, wait_s: float) -> None:
        super().__init__("too many requests")
        self.wait_s = wait_s


class SignInRefused(ApiError):
    """Name or password is wrong; which of the two is told to nobody."""


class OneTimeRefused(ApiError):
    """A one-time password that is none now, or was used."""


class CodeRefused(ApiError):
    """A sign-in code that there is not, that was used or replaced, or is too old."""


class StageRefused(ApiError):
    """A session is not at the step at which this is done."""


class SignInBusy(ApiError):
    """As many passwords are being checked as may be."""


class CredentialsThere(ApiError):
    """A person has credentials already: a code alone would be a second way in."""


PasswordFault = Literal["short", "long", "name", "one_sign", "worst"]


class PasswordRefused(ApiError):
    """A password that nobody should have; `why` says which rule it breaks."""

    def __init__(self, why: PasswordFault) -> None:
        super().__init__("the password is refused")
        self.why = why


class Unfit(StrEnum):
    """One word for each thing that is refused here, and that the archive knows nothing of."""

    LIFETIME = "lifetime"
    SCOPES = "scopes"
    STRETCHES = "stretches"
    STRETCHES_OUTSIDE = "stretches_outside"
    STRETCH_FORM = "stretch_form"
    CODES = "codes"
    DIRECTION = "direction"
    TOLD_AS = "told_as"
    NOT_RANKED = "not_ranked"
    REASON_LENGTH = "reason_length"
    COPY = "copy"
    CORRECTION = "correction"
    HOLD_SCOPE = "hold_scope"
    HOLD_FUTURE = "hold_future"


class TermsRefused(ApiError, PartRefused):
    """What was sent is in order, and cannot be so."""


class LifetimeRefused(TermsRefused):
    """A token that ends at once, or lives longer than one may."""


class ScopesRefused(TermsRefused):
    """A service without scopes, or with what only persons do."""


class HoldRefused(TermsRefused):
    """A legal hold over nothing, or of what a list never grows by."""


class ApprovalNeeded(ApiError):
    """It takes another person's word, which `number` waits for: then it can be done."""

    def __init__(self, number: int) -> None:
        super().__init__("another person must approve it")
        self.number = number


class ApprovalVoid(ApprovalNeeded):
    """It was approved, by who is no other person than who proposed, or not at the moment."""


class NotFound(ApiError):
    """There is no such thing, or it is not within reach: nobody can tell which."""


class UnknownPack(ApiError):
    """No rule pack of that id is shipped."""


class InForce(ApiError):
    """A revision of the retention policy decides already: it is not called back any more."""


class SimulationNotDone(ApiError):
    """The simulation has no result: it goes on, or has come to nothing."""


class NothingDue(ApiError):
    """Nothing must go now that is not in a plan already."""


class PlanAltered(ApiError):
    """The rows of a plan of destruction are not those that were approved; it has ended."""


class TimeDiffers(ApiError):
    """A person has confirmed another date or time than the clock of the machine says."""


class PlanOver(ApiError):
    """A plan of destruction has ended, or waits for nobody's word."""


class Destroyed(ApiError):
    """It was destroyed, and who asks could have seen it; `tombstone` is what is left."""

    def __init__(self, tombstone: FoundTombstone) -> None:
        super().__init__("it was destroyed")
        self.tombstone = tombstone


class Ambiguous(ApiError):
    """An id that others gave is that of several calls."""

    def __init__(self, calls: Sequence[str]) -> None:
        super().__init__("several calls are known by this id")
        self.calls = tuple(calls)


class NotPossible(ApiError):
    """A live call is not in the state for it, or its route forbids it; `why` names the reason."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class NodeAway(ApiError):
    """The node that records does not answer."""


class TooManyListeners(ApiError):
    """As many follow the live calls as may."""


class ListensTooOften(ApiError):
    """One account follows the live calls in as many places as it may."""


class TooManyExports(ApiError):
    """As many copies are being made as may."""
