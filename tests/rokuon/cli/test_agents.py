"""`rokuon agents`."""

from pathlib import Path

from tests.rokuon.cli.command import run_at
from tests.rokuon.installation import installation

TABLE = """agent_id,name,kana,romaji,aliases,extension,valid_from,valid_to
a1,田中 花子,たなか はなこ,Tanaka Hanako,,2001,2026-01-01,
"""


def test_a_table_is_read_and_listed(tmp_path: Path) -> None:
    """What changed is said, what is in force is shown."""
    file = tmp_path / "agents.csv"
    file.write_text(TABLE)
    with installation() as made:
        read = run_at(made, "agents", "import", str(file))
        listed = run_at(made, "agents", "list")

    assert (read.exit_code, listed.exit_code) == (0, 0)
    assert "田中 花子" in listed.output
    assert "2001" in listed.output


def test_a_table_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    """Before anything is touched."""
    with installation() as made:
        assert run_at(made, "agents", "import", str(tmp_path / "absent.csv")).exit_code == 2
