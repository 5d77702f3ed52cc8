"""What an adoption may hold."""

from dataclasses import replace

import pytest

from tests.archive.catalog.examples import adoption


def test_an_adoption_names_its_files_below_the_archive() -> None:
    """An absolute path would tie the index to one machine's folders."""
    with pytest.raises(AssertionError):
        replace(adoption(), path="/var/archive/x.rkn")


def test_an_adoption_cannot_end_before_it_began() -> None:
    """A window search would never find such a part."""
    with pytest.raises(AssertionError):
        replace(adoption(), first_us=2, last_us=1)
