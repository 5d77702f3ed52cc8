"""Which recordings have numbers of some sets, as bytes by their rows."""

from sqlalchemy import Connection, update

from archive.catalog.database.engine import reading, writing
from archive.catalog.retention.marked_rows import MarkedRows, marked_rows
from archive.catalog.retention.numbers_held import NumberSets, held_by
from archive.catalog.tables.catalog import leg_address
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT
from tests.support.catalog.marked_rows import NOBODYS
from tests.support.catalog.numbers_held import MOBILES, TOKYO_NUMBERS
from tests.support.catalog.retained_groups import connection as connection

ROWS = range(1, 9)


def both(connection: Connection, sets: NumberSets) -> tuple[dict[int, int], dict[int, int]]:
    """Of each row its sets, as marked and as asked one by one."""
    tenant = tenant_row(connection, DEFAULT_TENANT)
    return told(marked_rows(connection, tenant, sets)), dict(
        held_by(connection, tenant, sets, ROWS)
    )


def told(marked: MarkedRows) -> dict[int, int]:
    """Rows with numbers of any set."""
    width = marked.width
    own = {row: marked.content[row * width : (row + 1) * width] for row in ROWS}
    return {row: int.from_bytes(each) for row, each in own.items() if any(each)}


def test_a_row_is_marked_with_the_sets_of_its_numbers(
    connection: Connection,
) -> None:
    """Also with more sets than one byte has bits; of another tenant nothing is marked."""
    marked, held = both(connection, [TOKYO_NUMBERS, MOBILES])
    many, held_of_many = both(connection, [MOBILES, *[NOBODYS] * 8, TOKYO_NUMBERS])

    assert marked == held
    assert marked[1] == 0b11
    assert many == held_of_many
    assert many[1] == 0b10_0000_0001
    assert 8 not in marked


def test_every_choice_of_sets_that_there_is_is_known(connection: Connection) -> None:
    """And none that there is not; the same where marks have two bytes."""
    tenant = tenant_row(connection, DEFAULT_TENANT)
    few = marked_rows(connection, tenant, [TOKYO_NUMBERS, MOBILES])
    many = marked_rows(connection, tenant, [MOBILES, *[NOBODYS] * 8])

    assert few.choices == [0b01, 0b10, 0b11]
    assert many.choices == [0b01]


def test_a_number_counts_in_either_form_and_not_once_it_was_corrected(
    connection: Connection,
) -> None:
    """One came as it is written at home, one withheld; one was wrong, one both wrong and right."""
    sets = [TOKYO_NUMBERS, MOBILES]
    engine, own = connection.engine, leg_address.c
    is_tokyo = own.e164.startswith("+81312")
    with writing(engine) as changing:
        changing.execute(
            update(leg_address).where(own.recording == 3, is_tokyo).values(raw="0312345678")
        )
        changing.execute(
            update(leg_address).where(own.recording == 7, is_tokyo).values(raw="Anonymous")
        )
        changing.execute(update(leg_address).where(own.recording == 1).values(in_force=0))
        changing.execute(update(leg_address).where(own.recording == 6, is_tokyo).values(in_force=0))
    with reading(engine) as after:
        marked, held = both(after, sets)

    assert marked == held
    assert marked[3] == 0b01
    assert 1 not in marked
    assert (marked[6], marked[7]) == (0b10, 0b10)
