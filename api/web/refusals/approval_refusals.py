"""What is answered where it takes another person, who is missing, or does not count.

A table, as that of all refusals, of which it is a part.
"""

from collections.abc import Mapping
from typing import Final

from api.permissions.errors import (
    AnotherPersonNeeded,
    ApprovalNeeded,
    ApprovalVoid,
    NotByToken,
    NothingToConfirm,
    PasswordWanted,
    PersonNeeded,
)
from api.web.refusals.refusal_kind import RefusalKind
from api.words.texts import said
from archive.access.approvals import Why

APPROVAL: Final = "approval_"
OF_APPROVALS: Final[Mapping[type[Exception], RefusalKind]] = {
    AnotherPersonNeeded: RefusalKind(
        403,
        AnotherPersonNeeded.code,
        said("Another person must do this, whom you have not made; or root."),
    ),
    NothingToConfirm: RefusalKind(
        409,
        "not_possible",
        said(
            "The person has yet to come in by its sign-in code, or has no way in; confirm it when "
            "it says that it has signed in."
        ),
    ),
    NotByToken: RefusalKind(
        403,
        NotByToken.code,
        said(
            "A token lets nobody in for good; ask at the page, or by your login at the command "
            "line."
        ),
    ),
    PasswordWanted: RefusalKind(
        403,
        PasswordWanted.code,
        said("Show your password first, and your one-time password; then ask for the same again."),
    ),
    PersonNeeded: RefusalKind(
        403,
        PersonNeeded.code,
        said("Only a person who acts as itself may, with a token of its own; no service, no root."),
    ),
    ApprovalNeeded: RefusalKind(
        409,
        APPROVAL + "needed",
        said(
            "Another person must approve it: rokuon approval give {number}; then do the same again."
        ),
    ),
    ApprovalVoid: RefusalKind(
        409,
        APPROVAL + "needed",
        said(
            "It was approved, but who approved it does not count as another person now: rokuon "
            "approval list says why, and from when on. Then do the same again."
        ),
    ),
}
APPROVALS: Final[Mapping[Why, str]] = {
    "over": said("The proposal is withdrawn, carried out or past its end; propose anew."),
    "not_another": said(
        "It takes another person, who has not made you nor you it; ask one to approve."
    ),
    "given": said("You have approved it already; nothing is to be done."),
    "not_yours": said("You have neither proposed nor approved it; who did can withdraw."),
    "own": said("Who proposed it takes it back; another person who stands rejects."),
    "not_approved": said("Nobody who counts has approved it yet; ask another person."),
    "other_digest": said("Something else was approved; propose what is to be done now."),
}
