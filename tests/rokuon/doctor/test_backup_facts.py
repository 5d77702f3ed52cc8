"""What the doctor sees of epochs and backups, of a real key daemon and without one."""

from pathlib import Path

from archive.backup.sealed import SetKind, SetLead, set_name
from archive.keys.store.key_service import epoch_file
from rokuon.config.load import parse
from rokuon.doctor.backup_facts import backup_facts
from tests.rokuon.installation import installation


def test_a_key_daemon_that_answers_is_asked() -> None:
    """Before the first set there is none."""
    with installation() as site:
        (site.config.pages.path / "x.page").touch()
        told = backup_facts(site.config, 1 << 60)
        site.stop_keys()
        alone = backup_facts(site.config, 1 << 60)

    assert told.epoch is not None
    assert (told.set_age_us, told.unbacked, told.pages) == (None, 0, 1)
    assert alone.epoch is None
    assert alone.pages == 1


def test_sets_beside_the_epoch_keys_are_seen() -> None:
    """Whoever copies one folder would copy both."""
    config = parse('[backup]\npath = "var/keys/epochs/sets"\n', name="test.toml", base=Path("/x"))

    assert backup_facts(config, 0).is_with_keys


def test_a_set_whose_epoch_key_is_not_where_copies_go_is_seen(tmp_path: Path) -> None:
    """It looks like a backup, and nobody can open it."""
    copies, sets = tmp_path / "copies", tmp_path / "sets" / "keystore"
    text = f'[keys]\nepoch_copies = "{copies}"\n[backup]\npath = "{tmp_path / "sets"}"\n'
    config = parse(text, name="test.toml", base=tmp_path)
    seen = [backup_facts(config, 0).keyless]
    sets.mkdir(parents=True)
    copies.mkdir()
    for epoch in (3, 4):
        lead = SetLead(kind=SetKind.KEYSTORE, epoch=epoch, made_us=epoch, size=0)
        (sets / set_name(lead)).write_bytes(lead.encode() + bytes(1_000))
    seen.append(backup_facts(config, 0).keyless)
    (copies / epoch_file(4)).touch()
    seen.append(backup_facts(config, 0).keyless)

    assert seen == [(), (3, 4), (3,)]
