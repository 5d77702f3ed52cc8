"""Routes under `/keys` and `/backups`: epochs, turns, sets.

Each is three moves: read, ask, show. Knows nothing of keys.
"""

from datetime import UTC, datetime
from typing import Final, Self

from fastapi import APIRouter
from pydantic import BaseModel

from api.permissions.verbs import Verb
from api.web.http.api_routes import needing
from api.web.http.problems import documented
from api.web.http.requester import CurrentActor, CurrentApplication
from api.web.http.times import shown
from archive.backup.catalog_set import StoredSet
from archive.keys.wire.epoch_messages import EpochRow, EpochsAnswer, SetRow, TurnRow
from archive.keys.wire.gate_messages import GateRow

_SEEN: Final = documented(401, 403, 404, 422, 429, 503)
_HOUR_US: Final = 3_600_000_000

router = APIRouter(tags=["keys"])


class EpochView(BaseModel):
    """An epoch: `next`, `current`, `past` or `destroyed`.

    `held_back` has why its key is still there although it is due: `keeper`, `spool`, `node`,
    `copy` (docs/keys.md).
    """

    number: int
    created_at: datetime
    state: str
    destroyed_at: datetime | None
    held_back: list[str]

    @classmethod
    def show(cls, row: EpochRow) -> Self:
        """The same as it is sent."""
        return cls(
            number=row.number,
            created_at=shown(row.created_us, UTC),
            state=row.state,
            destroyed_at=shown(row.destroyed_us, UTC) if row.destroyed_us else None,
            held_back=list(row.held_back),
        )


class TurnView(BaseModel):
    """A turn under way to an epoch (0: not begun); `fault`: why it does not go on."""

    epoch: int
    phase: str
    done: int
    total: int
    fault: str

    @classmethod
    def show(cls, row: TurnRow) -> Self:
        """The same as it is sent."""
        return cls(
            epoch=row.epoch, phase=row.phase, done=row.done, total=row.total, fault=row.fault
        )


class KeystoreSetView(BaseModel):
    """The newest verified keystore set."""

    name: str
    epoch: int
    made_at: datetime
    keys: int

    @classmethod
    def show(cls, row: SetRow) -> Self:
        """The same as it is sent."""
        return cls(name=row.name, epoch=row.epoch, made_at=shown(row.made_us, UTC), keys=row.keys)


class GateView(BaseModel):
    """Whether the keystore is the one that it was: it knows `known` of `counted` destructions.

    `counted` is −1 where the count beside the epoch keys is missing or cannot be read. `shut`: why
    nothing is opened (`count`: it knows less than was counted; `keystore`: less than the catalog;
    `catalog`: more than that). `claims` are destructions that the catalog alone tells of.
    """

    is_open: bool
    known: int
    counted: int
    shut: str = ""
    claims: int = 0

    @classmethod
    def show(cls, row: GateRow) -> Self:
        """The same as it is sent."""
        return cls(
            is_open=row.is_open,
            known=row.known,
            counted=row.counted,
            shut=row.shut,
            claims=row.claims,
        )


class FreeWish(BaseModel):
    """`destroys`: what the catalog alone says was destroyed goes, but for what a hold has."""

    destroys: bool = False


class KeysView(BaseModel):
    """The newest epochs first. `turn_every_h` is 0 where epochs turn on command alone.

    What is destroyed now is gone from all backups with the turn to epoch `gone_with`, planned for
    `gone_at`; an epoch that is held back delays it.

    `unbacked` is how many data keys no verified keystore set has yet.
    """

    epochs: list[EpochView]
    turn_every_h: int
    keep_epochs: int
    assurance: str
    turn: TurnView | None
    newest_set: KeystoreSetView | None
    unbacked: int
    gate: GateView
    gone_with: int
    gone_at: datetime | None

    @classmethod
    def show(cls, answer: EpochsAnswer) -> Self:
        """The same as it is sent."""
        newest = answer.newest_set
        return cls(
            epochs=[EpochView.show(each) for each in answer.epochs],
            turn_every_h=answer.every_us // _HOUR_US,
            keep_epochs=answer.keep,
            assurance=answer.assurance,
            turn=None if answer.turn is None else TurnView.show(answer.turn),
            newest_set=KeystoreSetView.show(newest) if newest.name else None,
            unbacked=answer.unbacked,
            gate=GateView.show(answer.gate),
            gone_with=answer.gone_with,
            gone_at=shown(answer.gone_us, UTC) if answer.gone_us else None,
        )


class AskedView(BaseModel):
    """It will be done; the epoch that is in force now."""

    epoch: int


class CatalogSetView(BaseModel):
    """A backup set of the catalog; `bytes` are those of what is in it."""

    name: str
    epoch: int
    made_at: datetime
    bytes: int

    @classmethod
    def show(cls, stored: StoredSet) -> Self:
        """The same as it is sent."""
        return cls(
            name=stored.path.name,
            epoch=stored.lead.epoch,
            made_at=shown(stored.lead.made_us, UTC),
            bytes=stored.lead.size,
        )


class CatalogSetsView(BaseModel):
    """The sets of the catalog, newest first."""

    sets: list[CatalogSetView]


@router.get(
    "/keys",
    summary="Epochs, the turn under way, the newest keystore set",
    openapi_extra=needing(Verb.KEYS_READ),
    responses=_SEEN,
)
async def show_keys(actor: CurrentActor, application: CurrentApplication) -> KeysView:
    """What the key daemon says of itself."""
    return KeysView.show(await application.key_epochs.show(actor))


@router.post(
    "/keys/turn",
    summary="Have the epoch turn",
    status_code=202,
    openapi_extra=needing(Verb.KEYS_MANAGE, "epoch_turn_asked"),
    responses=_SEEN,
)
async def turn_epoch(actor: CurrentActor, application: CurrentApplication) -> AskedView:
    """The key daemon does it step by step; `GET /keys` says how far it is."""
    return AskedView(epoch=await application.key_epochs.turn(actor))


@router.post(
    "/keys/backup",
    summary="Have a keystore set made",
    status_code=202,
    openapi_extra=needing(Verb.BACK_UP, "keystore_backed_up"),
    responses=_SEEN,
)
async def back_up_keystore(actor: CurrentActor, application: CurrentApplication) -> AskedView:
    """The key daemon makes and verifies it; `GET /keys` says when it is there."""
    return AskedView(epoch=await application.key_epochs.back_up_keystore(actor))


@router.post(
    "/keys/free",
    summary="Free a keystore that is shut",
    openapi_extra=needing(Verb.KEYS_MANAGE, "keystore_freed"),
    responses=documented(401, 403, 404, 409, 422, 429, 503),
)
async def free_keystore(
    wish: FreeWish, actor: CurrentActor, application: CurrentApplication
) -> GateView:
    """It and the catalog do not know the same: proposed first, then asked for again."""
    freed = await application.restored_keystore.free(actor, destroys=wish.destroys)
    return GateView.show(freed)


@router.post(
    "/backups",
    summary="Make a catalog set",
    status_code=201,
    openapi_extra=needing(Verb.BACK_UP, "catalog_backed_up"),
    responses=_SEEN,
)
async def back_up_catalog(actor: CurrentActor, application: CurrentApplication) -> CatalogSetView:
    """Copied while it is in use, sealed under the epoch in force, read back."""
    return CatalogSetView.show(await application.key_epochs.back_up_catalog(actor))


@router.get(
    "/backups",
    summary="The catalog sets that there are",
    openapi_extra=needing(Verb.KEYS_READ),
    responses=_SEEN,
)
async def list_backups(actor: CurrentActor, application: CurrentApplication) -> CatalogSetsView:
    """Newest first."""
    sets = await application.key_epochs.sets(actor)
    return CatalogSetsView(sets=[CatalogSetView.show(each) for each in sets])
