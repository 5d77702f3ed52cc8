"""Purposes as they are stated."""

import pytest

from archive.access.purposes import DEFAULT_CODES, Purpose, PurposeUnknown


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("quality", "code", "quality"),
        ("case:D-2026-0114", "case", ""),
        ("matter:M/7", "matter", ""),
    ],
)
def test_a_purpose_is_a_code_a_case_or_a_matter(text: str, kind: str, code: str) -> None:
    """Only a code asks that recordings have it."""
    purpose = Purpose.parse(text, DEFAULT_CODES)

    assert (purpose.kind, purpose.code, purpose.text) == (kind, code, text)


@pytest.mark.parametrize(
    "text", ["", "curiosity", "case:", "case: x", "Quality", "case:" + "x" * 65]
)
def test_what_is_no_purpose_is_refused(text: str) -> None:
    """The journal keeps it for ever."""
    with pytest.raises(PurposeUnknown):
        Purpose.parse(text, DEFAULT_CODES)
