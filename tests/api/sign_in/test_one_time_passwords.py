"""One-time passwords (RFC 6238)."""

import base64

import pytest

from api.sign_in.one_time_passwords import address_for_app, new_app_secret, step_of

# Appendix B of RFC 6238 (SHA-1), the last six digits.
RFC_6238 = base64.b32encode(b"12345678901234567890").decode()
VECTORS = [
    (59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"),
    (1_234_567_890, "005924"), (2_000_000_000, "279037"), (20_000_000_000, "353130"),
]  # fmt: skip
SECOND_US = 1_000_000
LATE = (-2, -1, 0, 1, 2)


@pytest.mark.parametrize(("at_s", "typed"), VECTORS)
def test_the_vectors_of_the_rfc_are_of_their_step(at_s: int, typed: str) -> None:
    """One step late or early, no more."""
    found = [step_of(RFC_6238, typed, (at_s + off * 30) * SECOND_US) for off in LATE]

    step = at_s // 30

    assert found == [None, step, step, step, None]


@pytest.mark.parametrize("typed", ["", "28708", "2870820", "28708a", "２８７０８２", "-87082"])
def test_what_is_no_six_digits_is_of_no_step(typed: str) -> None:
    """Whatever a form holds."""
    assert step_of(RFC_6238, typed, 59 * SECOND_US) is None


def test_it_may_be_typed_as_apps_show_it() -> None:
    """In two groups."""
    assert step_of(RFC_6238, " 287 082 ", 59 * SECOND_US) == 1


def test_a_new_secret_has_160_bits_and_its_address_names_us_and_the_person() -> None:
    """What apps show in their list."""
    made = {new_app_secret() for _ in range(50)}

    assert len(made) == 50
    assert {len(base64.b32decode(each)) for each in made} == {20}
    assert address_for_app(RFC_6238, "sato") == (
        f"otpauth://totp/Rokuon:sato?secret={RFC_6238}&issuer=Rokuon"
    )
