"""In which language somebody is answered."""

import pytest

from api.web.http.language import preferred


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("ja", "ja"),
        ("ja-JP", "ja"),
        ("JA-jp", "ja"),
        ("ja,en-US;q=0.9,en;q=0.8", "ja"),
        ("en-US,en;q=0.9,ja;q=0.8", "en"),
        ("en;q=0.2, ja;q=0.3", "ja"),
        ("fr, ja;q=0.1", "ja"),
        ("fr, de", "en"),
        ("ja, en", "ja"),
        ("en, ja", "en"),
        ("*", "en"),
        ("ja;q=0, *", "en"),
        ("en;q=0, *;q=0.5", "ja"),
        ("ja;q=0.5, *", "en"),
        ("ja;q=0", "en"),
        ("ja;q=2, en;q=0.1", "en"),
        ("ja;level=1", "en"),
        ("ja;q=nan", "en"),
        (";;;,,=,q=1", "en"),
        ("ja ; q=0.8 , en ; q=0.7", "ja"),
    ],
)
def test_the_language_that_is_wanted_most_is_taken(header: str, language: str) -> None:
    """RFC 9110 §12.5.4; what nobody can read is as if it had not been sent."""
    assert preferred(header) == language
