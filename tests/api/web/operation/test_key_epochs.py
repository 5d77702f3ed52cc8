"""What the routes under `/keys` send."""

from pathlib import Path

from api.web.operation.key_epochs import CatalogSetView, KeysView
from archive.backup.catalog_set import StoredSet
from archive.backup.sealed import SetKind, SetLead
from archive.keys.wire.epoch_messages import EpochRow, EpochsAnswer, SetRow, TurnRow


def test_epochs_are_sent_with_what_holds_them_back() -> None:
    """A page or a script needs no second question."""
    row = EpochRow(number=1, created_us=1_000_000, state="past", held_back=("node",))
    answer = EpochsAnswer(
        epochs=(row,),
        every_us=86_400_000_000,
        keep=30,
        assurance="one_place",
        turn=TurnRow(epoch=2, phase="wraps", done=1, total=3),
        newest_set=SetRow(name="a.rkb", epoch=1, made_us=1_000_000, keys=7),
    )
    sent = KeysView.show(answer).model_dump(mode="json")

    assert sent["epochs"][0]["held_back"] == ["node"]
    assert sent["epochs"][0]["destroyed_at"] is None
    assert sent["turn_every_h"] == 24
    assert (sent["turn"]["done"], sent["newest_set"]["keys"]) == (1, 7)


def test_a_catalog_set_is_sent_by_name() -> None:
    """Not by its path: where it lies is nobody's business but the machine's."""
    lead = SetLead(kind=SetKind.CATALOG, epoch=2, made_us=1_000_000, size=9)
    sent = CatalogSetView.show(StoredSet(path=Path("/a/b/c.rkb"), lead=lead))

    assert (sent.name, sent.bytes) == ("c.rkb", 9)
