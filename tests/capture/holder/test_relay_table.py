"""What outlives a relay."""

import pytest

from capture.holder import relay_table
from capture.holder.relay_table import CELL_BYTES, MAX_KEPT_BYTES, RelayTable, table_bytes
from tests.capture.media import scene
from tests.capture.media.scene import Node


def table(node: Node) -> RelayTable:
    return RelayTable(node.holder.names["relay-table"][0], node.plan.pairs)


def test_what_is_kept_is_found_by_a_successor(node: Node) -> None:
    """The memory is the holder's."""
    first = table(node)
    first.keep(1, b"one")
    first.keep(3, b"three")
    first.keep(1, b"one again")

    assert dict(table(node).kept()) == {1: b"one again", 3: b"three"}
    first.drop(1)
    assert dict(table(node).kept()) == {3: b"three"}


def test_what_is_too_long_is_not_kept_by_halves(node: Node) -> None:
    """Nor is what was there before: it is no longer true."""
    made = table(node)
    assert made.keep(0, b"x" * MAX_KEPT_BYTES)
    assert not made.keep(0, b"x" * (MAX_KEPT_BYTES + 1))

    assert dict(made.kept()) == {}


def test_killed_while_it_writes_the_words_before_are_whole(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They lie in the other half."""
    made = table(node)
    made.keep(0, b"before")

    class Dies:
        size = 4

        def pack_into(self, *_: object) -> None:
            made._cells[CELL_BYTES // 2 : CELL_BYTES] = b"?" * (CELL_BYTES // 2)
            scene.die()

    monkeypatch.setattr(relay_table, "_SIZE", Dies())
    assert scene.dies(lambda: made.keep(0, b"after") and None)
    monkeypatch.undo()

    assert dict(table(node).kept()) == {0: b"before"}


def test_columns_of_lanes_do_not_touch_each_other(node: Node) -> None:
    """One memory, eight columns and the cells."""
    made, lanes = table(node), 2 * node.plan.pairs
    columns = [made.gate_us, made.began_us, made.missed, made.missed_from_us,
               made.missed_until_us, made.missed_told]  # fmt: skip
    for number, column in enumerate(columns):
        column[:] = number + 1
    for lane in range(lanes):
        made.next_index[lane] = 99
    made.keep(node.plan.pairs - 1, b"last")

    assert [set(column.tolist()) for column in columns] == [{n + 1} for n in range(6)]
    assert list(made.next_index) == [99] * lanes
    assert dict(made.kept()) == {node.plan.pairs - 1: b"last"}
    assert table_bytes(4) - table_bytes(3) >= CELL_BYTES


def test_misses_near_each_other_are_one_gap(node: Node) -> None:
    """The next full ring is another one."""
    made = table(node)
    for at_us in (10_000_000, 10_500_000, 20_000_000, 20_100_000):
        made.miss(2, 3, at_us)

    assert int(made.missed[2]) == 12
    assert (int(made.missed_from_us[2]), int(made.missed_until_us[2])) == (20_000_000, 20_100_000)
