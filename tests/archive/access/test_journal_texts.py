"""What people typed lies beside the entry, which keeps a digest that tells nothing of it."""

from hashlib import sha256

import pytest

from archive.access.journal_texts import Detail, SealedText, read_text, seal_text, split


@pytest.mark.parametrize(
    ("action", "reason", "detail", "texts"),
    [
        ("searched", "quality", {"clues": ["number …4567"], "zone": "UTC"}, {"clues"}),
        ("broke_glass", "legal_duty", {"why": "the police asked", "act": "read"}, {"why"}),
        (
            "hold_placed",
            "legal_duty",
            {"matter": "M 1", "why": "claim", "by": "list"},
            {"matter", "why"},
        ),
        ("corrected", "quality", {"kind": "number", "last4": "4567"}, {"last4"}),
        ("refused", "0312345678", {"why": "purpose_unknown"}, set()),
        ("read", "case:D-2026-0114", {"of": "recording"}, set()),
    ],
)
def test_an_entry_keeps_codes_and_its_text_what_was_typed(
    action: str, reason: str, detail: dict[str, Detail], texts: set[str]
) -> None:
    """A purpose that is no code of the installation may be anybody's name or number."""
    kept_reason, kept, text = split(action, reason, detail)
    said_reason, said = read_text(text)

    assert set(said) == texts
    assert {**kept, **said} == detail
    assert {kept_reason, said_reason} == {reason, ""}
    assert kept_reason in {"quality", "legal_duty", ""}


def test_an_entry_in_which_nobody_typed_anything_has_no_text() -> None:
    """Nine of ten are the keeper's."""
    assert split("adopted", "", {"part": 1}) == ("", {"part": 1}, "")


def test_a_text_is_proved_by_its_salt_and_not_guessed_without() -> None:
    """Four digits are ten thousand guesses: without the salt each is as good as another."""
    one, other = seal_text("…4567"), seal_text("…4567")

    assert one.digest == sha256(b"rokuon journal text 1\0" + one.salt + "…4567".encode()).digest()
    assert one.digest != other.digest
    assert one.digest != SealedText(one.salt, "…4568").digest
