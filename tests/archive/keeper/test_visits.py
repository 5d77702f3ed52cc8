"""What the keeper remembers."""

from pathlib import Path

from archive.ids import PartName, RecordingId
from archive.keeper.spool import SpoolFile
from archive.keeper.stuck_parts import StuckFile, StuckReason
from archive.keeper.visits import Visits, key_of

NAME = PartName(RecordingId(bytes(16)), 0, 0)
LIVE = SpoolFile("a-p00-g00", 7, "/spool/a-p00-g00.rkn", is_hinted=False)
SEALED = SpoolFile("a-p00-g00", 7, "/spool/a-p00-g00.rkn.sealed", is_hinted=True)
OLDER = SpoolFile("0-p00-g00", 8, "/spool/0-p00-g00.rkn", is_hinted=False)


def test_a_part_is_new_until_its_key_is_adopted_whatever_its_name() -> None:
    """4,000 calls that end must not be 4,000 openings more."""
    visits = Visits()
    visits.see(LIVE)
    visits.see(OLDER)
    assert visits.new() == [OLDER, LIVE]

    visits.adopted(LIVE, NAME)
    visits.see(SEALED)
    assert (visits.new(), visits.finished(), visits.silent()) == ([OLDER], [SEALED], [])


def test_a_part_is_finished_when_its_name_says_so_or_when_it_was_closed() -> None:
    """Whether it is, its lock says; this only says where to ask."""
    visits = Visits()
    visits.see(LIVE)
    visits.adopted(LIVE, NAME)
    assert (visits.finished(), visits.silent()) == ([], [LIVE])

    visits.see(LIVE, is_closed=True)
    visits.see(LIVE)
    assert (visits.finished(), visits.silent()) == ([LIVE], [])


def test_a_part_that_is_gone_leaves_nothing() -> None:
    """A million calls a month would fill the memory with what was."""
    visits = Visits()
    visits.see(SEALED)
    visits.adopted(SEALED, NAME)
    visits.put_aside(
        SEALED, StuckFile(path=Path(SEALED.path), reason=StuckReason.PART_DAMAGED), range(9)
    )
    visits.see_all([OLDER])

    assert visits == _with(OLDER)
    visits.forget(key_of(OLDER))
    assert visits == Visits()


def _with(*files: SpoolFile) -> Visits:
    visits = Visits()
    visits.see_all(files)
    return visits


def test_a_part_that_is_put_aside_is_due_at_its_time() -> None:
    """Not before, not only after; a clock that was set back does not make it wait for an hour."""
    visits, problem = _with(LIVE), StuckFile(path=Path(LIVE.path), reason=StuckReason.DISK_FAILED)
    visits.put_aside(LIVE, problem, range(70, 100))

    assert [visits.is_due(LIVE, now) for now in (70, 99, 100)] == [False, False, True]
    assert visits.is_due(LIVE, 69)
    assert visits.is_due(OLDER, 0)


def test_a_problem_is_over_when_the_key_is_adopted() -> None:
    """The alarm ends by itself."""
    visits = _with(LIVE)
    visits.put_aside(
        LIVE, StuckFile(path=Path(LIVE.path), reason=StuckReason.KEY_REFUSED), range(100)
    )
    visits.adopted(LIVE, NAME)

    assert visits.problems == {}


def test_what_is_over_first_comes_first() -> None:
    """A short call must not wait for every longer one that ends after it."""
    visits = Visits()
    for file in (SEALED, OLDER):
        visits.see(file, is_closed=True)
        visits.adopted(file, NAME)

    assert visits.finished() == [SEALED, OLDER]
