"""What an entry must say of each step of the register."""

from archive.catalog.checks.register_kinds import COUNTING, KEPT, KINDS, LISTING, TOLD, Names


def test_every_kind_reads_columns_that_its_table_has() -> None:
    """A name that is none would raise in front of who verifies."""
    for kind in KINDS:
        columns = {kind.at, kind.by, kind.place} - {""}
        assert columns <= set(kind.table.c.keys()), kind.table.name


def test_what_is_counted_and_listed_is_told() -> None:
    """Of an act that no row tells of, every entry would lack its row."""
    assert KEPT | set(LISTING) | COUNTING <= TOLD


def test_a_person_acts_as_itself_as_root_and_by_its_services() -> None:
    """Under another name it is another one."""
    names = Names({1: "tanaka"}, {2: "service:crm"}, {1: frozenset({"service:crm"})})

    assert names.actors(1) == {"tanaka", "os:root as tanaka", "service:crm"}
