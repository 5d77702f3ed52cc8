"""Routes under `/rule-packs`: rules that laws ask for, as Rokuon ships them.

Each is three moves: read, ask, show. Knows nothing of what a rule means.
"""

from typing import Annotated, Final, Self

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict

from api.permissions.verbs import Verb
from api.retention.rule_packs import KnownPack
from api.web.http.api_routes import needing
from api.web.http.problems import documented
from api.web.http.requester import CurrentActor, CurrentApplication
from api.web.retention.policies import TakenOverView

PackId = Annotated[str, Path(max_length=64, description="Of a pack, as jp-appi")]
_SEEN: Final = documented(401, 403, 404, 422, 429, 503)

router = APIRouter(prefix="/rule-packs", tags=["policies"])


class TakingBody(BaseModel):
    """Retroactive: for recordings that exist, too."""

    model_config = ConfigDict(extra="forbid", strict=True)

    retroactive: bool = False


class PackView(BaseModel):
    """A template, not legal advice. `in_policy`: the latest revision has its rules as they are."""

    id: str
    version: str
    title: str
    sha256: str
    rules: list[str]
    in_policy: bool

    @classmethod
    def show(cls, known: KnownPack) -> Self:
        """The same as it is sent."""
        pack = known.pack
        return cls(
            id=pack.id,
            version=pack.version,
            title=pack.title,
            sha256=pack.sha256.hex(),
            rules=[each.id for each in pack.rules],
            in_policy=not known.difference,
        )


class PacksView(BaseModel):
    """Every pack that this version ships."""

    packs: list[PackView]


class PackTextView(BaseModel):
    """A pack with its text, and how taking it over would change the latest revision."""

    pack: PackView
    text: str
    difference: list[str]

    @classmethod
    def show(cls, known: KnownPack) -> Self:
        """The same as it is sent."""
        return cls(
            pack=PackView.show(known), text=known.pack.text, difference=list(known.difference)
        )


@router.get(
    "", responses=documented(401, 403, 422, 429, 503), openapi_extra=needing(Verb.POLICY_READ)
)
async def packs(actor: CurrentActor, application: CurrentApplication) -> PacksView:
    """Every rule pack; templates, not legal advice."""
    found = await application.rule_packs.listed(actor)
    return PacksView(packs=[PackView.show(each) for each in found])


@router.get("/{pack}", responses=_SEEN, openapi_extra=needing(Verb.POLICY_READ))
async def pack(pack: PackId, actor: CurrentActor, application: CurrentApplication) -> PackTextView:
    """One rule pack, and what it would change."""
    return PackTextView.show(await application.rule_packs.show(actor, pack))


@router.put(
    "/{pack}",
    responses=documented(401, 403, 404, 409, 413, 422, 429, 503),
    openapi_extra=needing(Verb.POLICY_MANAGE, "policy_taken_over"),
)
async def take(
    pack: PackId, body: TakingBody, actor: CurrentActor, application: CurrentApplication
) -> TakenOverView:
    """Take the rules of a pack over into the latest revision; it takes what any revision takes."""
    done = await application.rule_packs.take(actor, pack, is_retroactive=body.retroactive)
    return TakenOverView.show(done)
