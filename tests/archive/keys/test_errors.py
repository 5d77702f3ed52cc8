"""The names of what can go wrong with keys."""

import archive.keys.errors as named
from archive.errors import ArchiveError
from archive.keys.errors import Refusal


def test_every_error_is_the_archives() -> None:
    """One root: whoever catches what the archive raises catches these."""
    errors = [item for item in vars(named).values() if isinstance(item, type)]

    assert all(issubclass(item, ArchiveError) for item in errors if issubclass(item, Exception))


def test_a_refusal_is_its_word() -> None:
    """The word travels, is logged and is compared: it has no spaces and no capitals."""
    assert all(str(word).replace("_", "").islower() for word in Refusal)
