"""What is wrong with a form, said beside it: fields that are no such thing, and refusals in words.

Knows nothing of which forms there are, nor of what they do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from api.permissions.errors import (
    AnotherPersonNeeded,
    CountsAsOne,
    CredentialsThere,
    NothingToConfirm,
    PersonNeeded,
    TermsRefused,
)
from api.web.http.language import Reader
from api.web.http.problems import Fault
from api.web.http.request_faults import faults_of
from api.web.pages.forms import Form
from api.web.refusals.table import answer
from api.words.request_flaw_words import text_of
from api.words.texts import Text, said
from archive.access.approvals import ApprovalRefused
from archive.access.purposes import PurposeUnknown
from archive.access.reach import ReachRefused
from archive.catalog.accounts.persons import NameRefused, NameTaken, NotRegistered
from archive.flaws import PartRefused

_Body = TypeVar("_Body", bound=BaseModel)
# What is said beside the form; all else is a page of its own.
BESIDE: Final = (
    AnotherPersonNeeded, ApprovalRefused, CredentialsThere, NameRefused, NameTaken, NotRegistered,
    NothingToConfirm, PersonNeeded, PurposeUnknown, ReachRefused, TermsRefused,
)  # fmt: skip
# In place of what is said to programs: what a person types.
_FORMS: Final[Mapping[str, str]] = {
    "name": said("1 to 64 small letters, digits, dots, hyphens and underscores"),
    "os_name": said("a login of the operating system, without blanks"),
    "review_on": said("a day, as 2027-04-01"),
    "numbers": said("a number, a beginning as +81312*, or a range as 1001-1099"),
}
_TEXTS: Final[Mapping[type[Exception], str]] = {
    CredentialsThere: said("This person signs in already. Resetting ends that and makes a code."),
    AnotherPersonNeeded: said(
        "Another person must do this: nobody gives a role, a code or an approval to itself."
    ),
    PersonNeeded: said("Only a person who acts as itself may do this."),
    NotRegistered: said("It is not there any more; open the page again."),
    PurposeUnknown: said("This purpose does not exist here."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A form that was sent and not carried out: which, what stood in it, and why not."""

    form: str = ""
    typed: Form = field(default_factory=Form)
    wrong: Mapping[str, str] = field(default_factory=dict)
    told: str = ""

    def of(self, form: str, name: str) -> str:
        """What stood in a field of a form; "" in every other form."""
        return self.typed.text(name) if form == self.form else ""

    def all_of(self, form: str, name: str) -> tuple[str, ...]:
        """All that was chosen of a field of a form."""
        return self.typed.all(name) if form == self.form else ()

    def at(self, form: str, name: str) -> str:
        """What is wrong with a field of a form; "" where nothing is."""
        return self.wrong.get(name, "") if form == self.form else ""

    def about(self, form: str) -> str:
        """Why a form was not carried out; "" where it was, or was another one."""
        return self.told if form == self.form else ""


NOTHING: Final = Refusal()


class NotUnderstood(Exception):
    """Fields of a form are no such thing as they should be."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("fields of the form cannot be understood")
        self.faults = faults


def read_body(model: type[_Body], values: Mapping[str, Any]) -> _Body:
    """A form as what programs send, held to the same bounds; raises `NotUnderstood`."""
    try:
        return model.model_validate(values)
    except ValidationError as invalid:
        found = invalid.errors(include_url=False)
        placed = [{**each, "loc": ("body", *each["loc"])} for each in found]
        raise NotUnderstood(tuple(faults_of(placed))) from invalid


def refusal_of(form: str, typed: Form, why: Exception, reader: Reader) -> Refusal:
    """A form that was not carried out, in the words of who sent it."""
    if isinstance(why, NotUnderstood):
        wrong = {_name(each): reader.told(_text(each)) for each in why.faults}
        return Refusal(form=form, typed=typed, wrong=wrong)
    if isinstance(why, PartRefused):
        said_of_it = reader.told(text_of(why))
        if not why.field:
            return Refusal(form=form, typed=typed, told=said_of_it)
        return Refusal(form=form, typed=typed, wrong={why.field: said_of_it})
    return Refusal(form=form, typed=typed, told=told(why, reader))


def told(why: Exception, reader: Reader) -> str:
    """A refusal in words."""
    # Why two count as one is said to a person as to a program.
    kinds = {} if isinstance(why, CountsAsOne) else _TEXTS
    own = next((text for kind, text in kinds.items() if isinstance(why, kind)), "")
    return reader.told(Text(own) if own else answer(why).detail)


def _name(fault: Fault) -> str:
    return fault.pointer.split("/")[1]


def _text(fault: Fault) -> Text:
    own = _FORMS.get(_name(fault), "")
    return Text(own) if own else fault.detail
