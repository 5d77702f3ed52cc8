"""What a legal hold came too late for, in lines for people."""

from rokuon.cli.destruction.holds import late_line


def test_what_a_hold_was_too_late_for_names_when_and_its_certificate() -> None:
    """41 of 43: whoever asks for the other two is shown who attests what became of them."""
    late = {"certificate": 7, "recordings": 2, "first_at": "2026-11-03T03:00:00Z"}
    between = {**late, "last_at": "2026-11-04T03:00:00Z"}
    unattested = {**late, "last_at": late["first_at"], "certificate": None}

    assert late_line(between) == (
        "destroyed before: 2, 2026-11-03T03:00:00+00:00 to 2026-11-04T03:00:00+00:00; certificate 7"
    )
    assert late_line(unattested) == (
        "destroyed before: 2, 2026-11-03T03:00:00+00:00; no certificate attests it"
    )
