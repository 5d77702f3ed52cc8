"""What is said beside a form that was not carried out."""

import pytest

from api.permissions.errors import AnotherPersonNeeded, CredentialsThere, LifetimeRefused, Unfit
from api.web.http.language import Reader
from api.web.pages.form_faults import BESIDE, NOTHING, NotUnderstood, read_body, refusal_of, told
from api.web.pages.forms import Form
from api.web.people.users import UserBody
from api.words.texts import in_english
from archive.access.approvals import ApprovalRefused
from archive.access.reach import ReachRefused
from archive.flaws import Flaw, PartRefused

READER = Reader("en", in_english)


def test_a_field_is_named_with_what_is_wrong_and_what_was_typed_stays() -> None:
    """In its own form alone: several of a page have a field of that name."""
    typed = Form.parse("name=Bad+Name")
    with pytest.raises(NotUnderstood) as caught:
        read_body(UserBody, {"name": typed.text("name")})
    refusal = refusal_of("add", typed, caught.value, READER)

    assert refusal.at("add", "name").startswith("1 to 64 small letters")
    assert (refusal.of("add", "name"), refusal.of("service", "name")) == ("Bad Name", "")
    assert (refusal.at("service", "name"), refusal.about("add")) == ("", "")
    assert NOTHING.of("add", "name") == ""


def test_a_term_that_cannot_be_is_said_at_its_field() -> None:
    """And not above the form."""
    refusal = refusal_of("token", Form(), LifetimeRefused("days", Unfit.LIFETIME, most=365), READER)

    assert refusal.at("token", "days").startswith("a token is for 1 to 365 days")
    assert refusal.told == ""


@pytest.mark.parametrize(
    "kind", [each for each in BESIDE if not issubclass(each, ApprovalRefused | PartRefused)]
)
def test_what_is_said_beside_a_form_names_no_command(kind: type[Exception]) -> None:
    """Who has a page before it has no shell."""
    said = told(kind("x"), READER)

    assert said
    assert "rokuon " not in said


def test_what_is_wrong_with_no_field_is_said_above_its_form() -> None:
    """Else it would be said nowhere."""
    refusal = refusal_of("add", Form(), ReachRefused("", Flaw.REACH_EMPTY), READER)

    assert refusal.about("add") == "an empty value reaches nothing; leave it out"


def test_a_refusal_is_said_above_its_form() -> None:
    """Also of an approval that is out of turn."""
    for why in (AnotherPersonNeeded("x"), CredentialsThere("x"), ApprovalRefused("given")):
        assert refusal_of("role", Form(), why, READER).about("role")
