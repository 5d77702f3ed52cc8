"""How long who gives wrong passwords has to wait."""

import pytest

from capture.peers.password_guesses import (
    FORGOTTEN_S,
    FREE,
    MAX_REMEMBERED,
    MAX_WAIT_S,
    PasswordGuesses,
)

HERE, ELSEWHERE = "192.0.2.1", "198.51.100.7"


def failing(count: int, host: str = HERE, user: str = "pbx") -> PasswordGuesses:
    """So many wrong passwords at one moment."""
    guesses = PasswordGuesses()
    for _ in range(count):
        guesses.failed(host, user, 0.0)
    return guesses


def test_each_failure_has_the_next_wait_longer() -> None:
    """A million passwords take years; a password that was mistyped takes nobody's calls away."""
    waits = [failing(count).wait_s(HERE, "pbx", 0.0) for count in range(FREE + 12)]

    assert waits[:FREE] == [0.0] * FREE
    assert waits[FREE : FREE + 9] == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0]
    assert set(waits[FREE + 9 :]) == {MAX_WAIT_S}
    assert failing(FREE).wait_s(HERE, "pbx", 0.75) == pytest.approx(0.25)
    assert failing(FREE).wait_s(HERE, "pbx", 1.0) == 0.0


@pytest.mark.parametrize(("host", "user"), [(HERE, "another"), (ELSEWHERE, "pbx")])
def test_an_address_waits_for_all_accounts_and_an_account_at_all_addresses(
    host: str, user: str
) -> None:
    """One address could try many accounts, many addresses one account."""
    assert failing(FREE + 3).wait_s(host, user, 0.0) == 8.0
    assert failing(FREE + 3).wait_s(ELSEWHERE, "another", 0.0) == 0.0


def test_nobody_locks_out_who_has_known_the_password() -> None:
    """From the address that has proved it, guesses from elsewhere cost nothing."""
    guesses = PasswordGuesses()
    guesses.proved(HERE, "pbx")
    for _ in range(FREE + 3):
        guesses.failed(ELSEWHERE, "pbx", 0.0)

    assert guesses.wait_s(HERE, "pbx", 0.0) == 0.0
    assert guesses.wait_s(ELSEWHERE, "pbx", 0.0) == 8.0


def test_who_gets_it_right_or_lets_it_be_begins_anew() -> None:
    """The next mistake is a first one."""
    guesses = failing(FREE + 3)
    guesses.proved(HERE, "pbx")
    assert guesses.wait_s(HERE, "pbx", 0.0) == 0.0
    assert failing(FREE + 20).wait_s(HERE, "pbx", FORGOTTEN_S + 1) == 0.0


def test_it_remembers_so_many_and_no_more() -> None:
    """Memory is not the guessers' to fill."""
    guesses = PasswordGuesses()
    for number in range(MAX_REMEMBERED):
        guesses.failed(f"host {number}", f"user {number}", 0.0)
        guesses.proved(f"proved {number}", "pbx")

    assert len(guesses._failed) <= MAX_REMEMBERED
    assert len(guesses._proved) <= MAX_REMEMBERED
