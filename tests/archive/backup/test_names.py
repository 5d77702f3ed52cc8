"""Names of sets: what an operator sees first."""

from archive.backup.sealed import SetKind, SetLead, set_name


def test_a_name_says_kind_moment_and_epoch() -> None:
    """Sorted by name they are sorted by time."""
    lead = SetLead(kind=SetKind.CATALOG, epoch=17, made_us=1_795_564_800_000_000, size=0)

    assert set_name(lead) == "catalog-20261125T000000Z-e000017.rkb"
