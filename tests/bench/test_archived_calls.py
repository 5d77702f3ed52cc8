"""Calls that a catalog is filled with."""

from archive.call.events import CallRefused, RecordingPaused, RouteTaken, Tolerated
from bench.archived_calls import EVERY_KIND, agents_csv, archived_calls


def test_the_same_seed_gives_the_same_calls() -> None:
    """Two measurements ask the same catalog."""
    one, same, other = (list(archived_calls(20, seed=seed, every_us=1_000)) for seed in (1, 1, 2))

    assert one == same
    assert one != other


def test_every_kind_of_thing_is_in_a_few_calls() -> None:
    """Whoever fills a catalog with so many has filled all of it."""
    parts = list(archived_calls(EVERY_KIND, seed=1, every_us=1_000))
    kinds = {type(event) for part in parts for _, event in part.events}

    assert kinds >= {CallRefused, RecordingPaused, RouteTaken, Tolerated}
    assert any(part.part_name.part for part in parts)
    assert any(part.lost for part in parts)


def test_the_table_of_agents_has_a_seat_for_each() -> None:
    """As a call centre of some hundreds has it."""
    lines = agents_csv().decode().splitlines()

    assert len({line.split(",")[5] for line in lines[1:]}) == len(lines) - 1 == 300
