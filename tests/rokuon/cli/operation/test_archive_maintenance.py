"""`rokuon verify`, `recover`, `index rebuild`."""

import json

from tests.rokuon.cli.command import run_at
from tests.rokuon.installation import installation


def test_the_archive_is_filled_indexed_and_verified_and_damage_is_exit_3() -> None:
    """The life of a part on the command line."""
    with installation() as made:
        made.put_call()
        recovered = run_at(made, "recover", "-o", "json")
        rebuilt = run_at(made, "index", "rebuild")
        whole = run_at(made, "verify")
        file = made.archived()[0]
        file.chmod(0o600)
        file.write_bytes(file.read_bytes()[:-100])
        damaged = run_at(made, "verify", "-o", "json")
        not_indexed = run_at(made, "index", "rebuild")

    assert json.loads(recovered.output)["archived"] == 1
    assert (recovered.exit_code, rebuilt.exit_code, whole.exit_code) == (0, 0, 0)
    assert (damaged.exit_code, not_indexed.exit_code) == (3, 3)
    assert file.stem in json.loads(damaged.output)["findings"][0]["part"]


def test_a_spool_file_that_cannot_be_adopted_is_exit_3_and_stays() -> None:
    """An alarm, never a reason to delete."""
    with installation() as made:
        made.put_call()
        file = next(path for path in made.config.spool.path.rglob("*.rkn") if path.is_file())
        content = bytearray(file.read_bytes())
        content[50] ^= 1
        file.write_bytes(content)

        result = run_at(made, "recover")

        assert result.exit_code == 3
        assert file.read_bytes() == content
