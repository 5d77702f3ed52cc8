"""Routes under `/users`: persons, their roles, and their names of the operating system.

Each is three moves: read, ask, show. Knows nothing of who may.
"""

from datetime import UTC, datetime
from typing import Annotated, Final, Self

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictStr

from api.people.users import Gift, Person
from api.permissions.roles import Role
from api.permissions.verbs import Verb
from api.web.http.api_routes import guarded, needing
from api.web.http.parameter_types import Name, NameText, PurposeText, Row
from api.web.http.problems import documented
from api.web.http.requester import CurrentActor, CurrentApplication
from api.web.http.times import shown
from api.web.people.reaches import ReachBody, ReachView
from archive.catalog.access.grants import PeopleGrant

_SEEN: Final = documented(401, 403, 404, 422, 429, 503)
_WRITTEN: Final = documented(401, 403, 404, 409, 413, 422, 429, 503)
_TAKEN: Final = documented(401, 403, 404, 422, 429, 503)
# Logins of Linux, of a domain ("sato@corp.example") and numbers ("uid-1000").
_OS_NAME: Final = r"^[A-Za-z0-9_][A-Za-z0-9_.@$+-]{0,63}$"

OsNameText = Annotated[str, Path(pattern=_OS_NAME)]

router = APIRouter(prefix="/users", tags=["people"])


class UserBody(BaseModel):
    """A new person; `purpose` is stated where a request says none."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: Name
    purpose: PurposeText = ""


class RoleBody(ReachBody):
    """A role, and within which reach; nothing named is the whole tenant."""

    role: Role


class OsNameBody(BaseModel):
    """A user of the operating system."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    os_name: Annotated[StrictStr, Field(pattern=_OS_NAME, examples=["dtanaka"])]


class SignInCodeBody(BaseModel):
    """Whether what the person signs in by is ended with it: credentials and sessions."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    end_credentials: StrictBool = False


class SignInCodeView(BaseModel):
    """A code for the page of signing in; it is shown once and kept nowhere."""

    code: str
    expires_at: datetime


class GiftView(ReachView):
    """A role that a person has; `gift` is its number; `given_by` is "" where root gave it."""

    gift: int
    role: str
    given_at: datetime
    given_by: str

    @classmethod
    def show(cls, gift: Gift) -> Self:
        """The same as it is sent."""
        return cls(
            gift=gift.number,
            role=gift.role,
            given_at=shown(gift.given_us, UTC),
            given_by=gift.given_by,
            **cls.named(gift.reach),
        )


class UserView(BaseModel):
    """A person; `disabled_at` is null while it stands; `created_by` "" where root made it.

    `signed_in_at` is when it signed in last at a page; null: never.
    """

    name: str
    purpose: str
    created_at: datetime
    created_by: str
    disabled_at: datetime | None
    roles: list[GiftView]
    os_names: list[str]
    signed_in_at: datetime | None

    @classmethod
    def show(cls, person: Person) -> Self:
        """The same as it is sent."""
        return cls(
            name=person.name,
            purpose=person.purpose,
            created_at=shown(person.created_us, UTC),
            created_by=person.created_by,
            disabled_at=None if person.disabled_us is None else shown(person.disabled_us, UTC),
            roles=[GiftView.show(gift) for gift in person.gifts],
            os_names=list(person.os_names),
            signed_in_at=None if person.signed_in_us is None else shown(person.signed_in_us, UTC),
        )


class UsersView(BaseModel):
    """Everybody, by name."""

    users: list[UserView]


@router.get("", responses=documented(401, 403, 422, 429, 503), openapi_extra=guarded(PeopleGrant))
async def users(actor: CurrentActor, application: CurrentApplication) -> UsersView:
    """Everybody, also who is disabled, with roles and names of the operating system."""
    found = await application.users.listed(actor)
    return UsersView(users=[UserView.show(each) for each in found])


@router.post(
    "",
    status_code=201,
    responses=documented(401, 403, 409, 413, 422, 429, 503),
    openapi_extra=needing(Verb.PEOPLE_MANAGE, "user_added"),
)
async def add(body: UserBody, actor: CurrentActor, application: CurrentApplication) -> UserView:
    """Make a person, who may do nothing yet. A name is given once."""
    return UserView.show(await application.users.add(actor, body.name, body.purpose))


@router.get("/{name}", responses=_SEEN, openapi_extra=guarded(PeopleGrant))
async def user(name: NameText, actor: CurrentActor, application: CurrentApplication) -> UserView:
    """One person."""
    return UserView.show(await application.users.show(actor, name))


@router.delete(
    "/{name}",
    status_code=204,
    responses=_TAKEN,
    openapi_extra=needing(Verb.PEOPLE_MANAGE, "user_disabled"),
)
async def disable(name: NameText, actor: CurrentActor, application: CurrentApplication) -> None:
    """Disable a person for good: it stays in the register, its streams end within seconds."""
    await application.users.disable(actor, name)


@router.post(
    "/{name}/roles",
    status_code=201,
    responses=documented(401, 403, 404, 413, 422, 429, 503),
    openapi_extra=needing(Verb.PEOPLE_MANAGE, "role_given"),
)
async def give_role(
    name: NameText, body: RoleBody, actor: CurrentActor, application: CurrentApplication
) -> GiftView:
    """Give a role; nobody gives itself one, nor gets one from whom it has made."""
    return GiftView.show(await application.users.give_role(actor, name, body.role, body.rule()))


@router.delete(
    "/{name}/roles/{gift}",
    status_code=204,
    responses=_TAKEN,
    openapi_extra=needing(Verb.PEOPLE_MANAGE, "role_taken"),
)
async def take_role(
    name: NameText, gift: Row, actor: CurrentActor, application: CurrentApplication
) -> None:
    """Take a role away, by the number of its gift."""
    await application.users.take_role(actor, name, gift)


@router.post(
    "/{name}/os-names",
    status_code=204,
    responses=_WRITTEN,
    openapi_extra=needing(Verb.PEOPLE_MANAGE, "os_name_given"),
)
async def give_os_name(
    name: NameText, body: OsNameBody, actor: CurrentActor, application: CurrentApplication
) -> None:
    """Let a user of the operating system be this person, at the Unix socket."""
    await application.users.give_os_name(actor, name, body.os_name)


@router.delete(
    "/{name}/os-names/{os_name}",
    status_code=204,
    responses=_TAKEN,
    openapi_extra=needing(Verb.PEOPLE_MANAGE, "os_name_taken"),
)
async def take_os_name(
    name: NameText, os_name: OsNameText, actor: CurrentActor, application: CurrentApplication
) -> None:
    """Let a user of the operating system be nobody again."""
    await application.users.take_os_name(actor, name, os_name)


@router.post(
    "/{name}/confirm",
    status_code=204,
    responses=documented(401, 403, 404, 409, 422, 429, 503),
    openapi_extra=needing(Verb.APPROVE, "user_confirmed"),
)
async def confirm(name: NameText, actor: CurrentActor, application: CurrentApplication) -> None:
    """Say that a person is who it says, who has had a hand in it cannot; root says it of anybody.

    It then counts for what takes two persons, until another way in is laid for it.
    """
    await application.confirmations.confirm(actor, name)


@router.post(
    "/{name}/sign-in-code",
    status_code=201,
    responses=_WRITTEN,
    openapi_extra=needing(Verb.PEOPLE_MANAGE, "sign_in_code_made"),
)
async def make_sign_in_code(
    name: NameText, body: SignInCodeBody, actor: CurrentActor, application: CurrentApplication
) -> SignInCodeView:
    """Make a code with which a person sets a password; ends what it has where that is asked."""
    codes = application.sign_in_codes
    made = await (codes.reset if body.end_credentials else codes.issue)(actor, name)
    return SignInCodeView(code=made.code, expires_at=shown(made.until_us, UTC))
