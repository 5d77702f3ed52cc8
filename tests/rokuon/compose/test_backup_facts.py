"""What the doctor sees of epochs and backups, of a real key daemon and without one."""

from pathlib import Path

from rokuon.compose.backup_facts import backup_facts
from rokuon.config.load import parse
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
