"""Who asks."""

from archive.access.reach import WHOLE_TENANT
from archive.access.request import Access
from archive.ids import DEFAULT_TENANT


def test_who_says_no_purpose_has_none() -> None:
    """Whether one is needed is for the door to say."""
    asks = Access(tenant=DEFAULT_TENANT, actor="yamada", at_us=1, within=WHOLE_TENANT)

    assert asks.purpose == ""
