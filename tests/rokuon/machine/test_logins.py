"""What the system calls its users."""

from rokuon.machine.logins import name_of


def test_a_user_has_its_name_and_one_without_its_number() -> None:
    """In a container often nobody has a name."""
    assert name_of(0) == "root"
    assert name_of(4_000_000) == "uid-4000000"
