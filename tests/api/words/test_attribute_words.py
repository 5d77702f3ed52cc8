"""The words of what can be known of a call, beside what is declared of it."""

from typing import get_args

from api.web.http.models import MarkBody
from api.words.attribute_words import ATTRIBUTES, CLUES
from archive.attributes import SOUGHT, AttributeKind


def test_every_attribute_and_every_mark_that_is_sought_has_words() -> None:
    """Rules are told, and fields and options named, from this table alone."""
    assert set(ATTRIBUTES) == set(AttributeKind)
    assert set(CLUES) == set(SOUGHT)


def test_the_api_takes_every_mark_that_is_sought() -> None:
    """Else a terminal would have an option that is always refused."""
    assert set(SOUGHT) <= set(get_args(MarkBody.model_fields["kind"].annotation))
