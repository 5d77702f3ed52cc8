"""`rokuon user`."""

from tests.rokuon.cli.command import run_at
from tests.rokuon.installation import Installation


def test_a_token_is_one_line_and_another_one_each_time(site: Installation) -> None:
    """It can be put into a variable of a shell."""
    first, second = (run_at(site, "user", "token", "tanaka").output for _ in range(2))

    assert first.startswith("rokuon_")
    assert first.count("\n") == 1
    assert first != second
