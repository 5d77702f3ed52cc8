"""For what an answer is wanted."""

from archive.access.reach import EVERYWHERE, WHOLE_TENANT, Within
from archive.access.use import EVERY_USE, NO_USE, Extent, Use


def test_what_says_nothing_of_its_use_passes_no_limit() -> None:
    """Whoever forgets to say for what gets less, not more."""
    assert Within(reach=EVERYWHERE).use == NO_USE == Use()
    assert (NO_USE.extent, NO_USE.purpose, NO_USE.is_glass_broken) == (Extent.CONTENT, "", False)
    # Every restriction that a catalog can hold has begun by then.
    assert NO_USE.at_us == 2**63 - 1


def test_the_keeper_and_maintenance_are_limited_by_nothing() -> None:
    """They give nobody anything; a recording that they did not see would be lost to them."""
    assert WHOLE_TENANT.use == EVERY_USE
