"""The keeper's rounds through the spool: new keys first, then the parts whose writers are gone.

Reads no clock and starts no thread; a round is told the time and when to stop.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from errno import errorcode
from pathlib import Path
from typing import Final

from archive.disk.archive_place import ArchiveAway
from archive.disk.files import make_folders
from archive.ids import PartName
from archive.keeper.adopter import Adopter
from archive.keeper.backlog import measure_backlog
from archive.keeper.batch import AdoptionOutcome, Batch
from archive.keeper.quarantine import refused_parts, set_aside
from archive.keeper.spool import Lead, SpoolFile, age_us, is_finished, list_spool, read_lead
from archive.keeper.state_file import Backlog
from archive.keeper.stuck_parts import Stuck, StuckFile, StuckReason
from archive.keeper.visits import Visits, key_of
from archive.keeper.watch import NoWatch, Watch

# A file without its first blocks may be one whose writer is between creating and writing it; a
# writer that is held up for longer than this by its disk has lost the call anyway.
HOLLOW_US: Final = 60_000_000
# What is stuck is tried again, but not in every round: each try may cost a key opening.
RETRY_US: Final = 30_000_000
# Locks of parts of which nothing is said: an eighth of them a look, all within 4 s while in doubt.
PROBE_SHARE: Final = 8
MIN_PROBES: Final = 32
# Where changes are told, a look at everything is a net only: thousands of parts a look.
LOOK_US: Final = 30_000_000
# Of a night's backlog each measurement is a tenth of a second's work.
MEASURE_US: Final = 10_000_000
# Recordings of an older form that a round brings to the present one: a tenth of a second's work.
DERIVED_A_ROUND: Final = 50
_NOBODY: Final = NoWatch()


@dataclass(frozen=True, slots=True)
class Chores:
    """What is done beside adopting: parts whose keys wait are told of after each look at all of
    them, and files that are needed no more go. Both raise `KeyUnavailable`.
    """

    report: Callable[[Sequence[SpoolFile], int], None] = lambda _waiting, _now_us: None
    tidy: Callable[[int], object] = lambda _now_us: None


_NO_CHORES: Final = Chores()


def _nothing_to_derive(_limit: int) -> int:
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What a round did. All in `archived`; those closed by the keeper also in `recovered`.

    `live`: parts that are still in the spool with an adopted key. `removed`: names of files
    without a key or audio. `is_idle`: nothing is left to do until something is told.
    """

    keys_adopted: int
    archived: tuple[PartName, ...]
    recovered: tuple[PartName, ...]
    with_holes: tuple[PartName, ...]
    live: int
    removed: tuple[str, ...] = ()
    is_idle: bool = False


@dataclass(slots=True)
class _Done:
    keys_adopted: int = 0
    outcomes: dict[PartName, AdoptionOutcome] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)

    def having(self, *wanted: AdoptionOutcome) -> tuple[PartName, ...]:
        return tuple(sorted(name for name, got in self.outcomes.items() if got in wanted))


class Keeper:
    """Remembers what it has seen of the spools; loses nothing when it is killed.

    Several spools: the first, and what capture falls back on. `watch` tells what changed in them.
    Files without first blocks are looked at once they are `patience_us` old. `derive` brings some
    recordings of the index to its present form; `chores` keep house.
    `round` raises `KeyUnavailable` where the key daemon cannot be reached.
    """

    def __init__(
        self,
        adopter: Adopter,
        spools: Sequence[Path],
        *,
        watch: Watch = _NOBODY,
        patience_us: int = HOLLOW_US,
        derive: Callable[[int], int] = _nothing_to_derive,
        chores: Chores = _NO_CHORES,
    ) -> None:
        self._adopter = adopter
        self._spools = tuple(spools)
        self._watch = watch
        self._patience_us = patience_us
        self._derive = derive
        self._chores = chores
        self._visits = Visits()
        self._done = _Done()
        self._cursor = 0
        self._doubtful_looks = 0
        self._looked_us = 0
        self._refused: tuple[StuckFile, ...] = ()
        self._backlog = Backlog()
        self._measured_us = 0

    @property
    def told_by(self) -> int:
        """The descriptor that can be read once something is told; −1: nobody tells."""
        return self._watch.descriptor

    @property
    def problems(self) -> tuple[StuckFile, ...]:
        """What needs somebody's attention, by path."""
        found = (*self._visits.problems.values(), *self._refused)
        return tuple(sorted(found, key=lambda problem: problem.path))

    def backlog(self, now_us: int) -> Backlog:
        """What waits, as of the last ten seconds."""
        if not 0 <= now_us - self._measured_us < MEASURE_US:
            self._backlog, self._measured_us = measure_backlog(self._visits), now_us
        return self._backlog

    def prepare(self) -> None:
        """Make the keeper's own folders; raises `OSError`."""
        for folder in (self._adopter.store.root, self._adopter.pages):
            folder.parent.mkdir(parents=True, exist_ok=True)
            make_folders(self._adopter.disk, folder.parent, folder)
        with suppress(Stuck):
            self._adopter.require_archive()

    def round(
        self,
        now_us: int,
        *,
        is_time_up: Callable[[], bool] = lambda: False,
        probes_all: bool = False,
    ) -> Round:
        """Do what there is to do; `now_us` is µs since 1970 UTC, as file times are.

        Once the time is up the rest is left to the next round, in its order.
        """
        done = self._done = _Done()
        has_looked = self._look(now_us)
        self._adopt_keys(now_us, is_time_up)
        chosen = self._visits.finished()
        if has_looked:
            chosen += self._visits.silent() if probes_all else self._share_of_silent()
        self._archive(chosen, now_us, is_time_up)
        if has_looked:
            self._chores.report(self._visits.new(), now_us)
        derived = 0
        if not is_time_up():
            derived = self._derive(DERIVED_A_ROUND)
            self._chores.tidy(now_us)
        is_busy = is_time_up() or derived or self._doubtful_looks
        return Round(
            keys_adopted=done.keys_adopted,
            archived=done.having(*AdoptionOutcome),
            recovered=done.having(AdoptionOutcome.RECOVERED, AdoptionOutcome.ARCHIVED_WITH_HOLES),
            with_holes=done.having(AdoptionOutcome.ARCHIVED_WITH_HOLES),
            live=len(self._visits.names),
            removed=tuple(done.removed),
            is_idle=not (is_busy or self._visits.has_due(now_us)),
        )

    def _look(self, now_us: int) -> bool:
        """Learn what changed, from everything that is there where that is in doubt or due."""
        changes = self._watch.changes()
        for file in changes.appeared:
            self._visits.see(file)
        for file in changes.closed:
            self._visits.see(file, is_closed=True)
        if changes.is_in_doubt:
            self._doubtful_looks = PROBE_SHARE
        is_due = not 0 <= now_us - self._looked_us < LOOK_US
        if not is_due and not self._doubtful_looks:
            return False
        self._doubtful_looks = max(0, self._doubtful_looks - 1)
        self._looked_us = now_us
        self._visits.see_all(list_spool(self._spools))
        self._refused = refused_parts(self._spools)
        return True

    def _adopt_keys(self, now_us: int, is_time_up: Callable[[], bool]) -> None:
        for file in self._visits.new():
            if not self._visits.is_due(file, now_us):
                continue
            if is_time_up():
                return
            with self._noting(file, now_us):
                lead = self._read(file, now_us)
                if lead is not None:
                    self._adopter.adopt_key(lead)
                    self._visits.adopted(file, lead.header.part_name)
                    self._done.keys_adopted += 1

    def _read(self, file: SpoolFile, now_us: int) -> Lead | None:
        """The first blocks; None for a file that has none (yet)."""
        try:
            return read_lead(file)
        except FileNotFoundError:
            return None
        except Stuck as stuck:
            if stuck.reason is not StuckReason.LEAD_SHORT:
                raise
            age = age_us(file, now_us)
            if age < self._patience_us:
                return None
            if age < HOLLOW_US or not self._adopter.remove_hollow(file):
                raise
            self._visits.forget(key_of(file))
            self._done.removed.append(Path(file.path).name)
            return None

    def _share_of_silent(self) -> list[SpoolFile]:
        """In turn a share of the parts of which nothing is said."""
        silent = self._visits.silent()
        share = max(MIN_PROBES, -(-len(silent) // PROBE_SHARE))
        start = self._cursor % len(silent) if len(silent) > share else 0
        self._cursor = start + share
        return (silent[start:] + silent[:start])[:share]

    def _archive(
        self, files: Iterable[SpoolFile], now_us: int, is_time_up: Callable[[], bool]
    ) -> None:
        """Batch by batch; what is taken when the time is up is finished."""
        waiting = iter([file for file in files if self._visits.is_due(file, now_us)])
        while not is_time_up():
            with Batch(self._adopter) as batch:
                for file in waiting:
                    with self._noting(file, now_us):
                        if is_finished(file):
                            self._adopter.require_archive()
                            batch.take(file, read_lead(file))
                    if batch.is_full or is_time_up():
                        break
                if not batch.files:
                    return
                self._finish(batch, now_us)

    def _finish(self, batch: Batch, now_us: int) -> None:
        try:
            outcomes = batch.finish()
        except (OSError, ArchiveAway) as failed:
            for file in batch.files:
                self._put_aside(file, _disk_failed(failed), now_us)
            return
        for file in batch.files:
            outcome = outcomes[self._visits.names[key_of(file)]]
            if isinstance(outcome, Stuck):
                self._put_aside(file, outcome, now_us)
            else:
                self._done.outcomes[self._visits.names[key_of(file)]] = outcome
                self._visits.forget(key_of(file))

    @contextmanager
    def _noting(self, file: SpoolFile, now_us: int) -> Iterator[None]:
        """What stops one part becomes a problem of that part, so that the others go on."""
        try:
            yield
        except FileNotFoundError:
            pass  # Archived by another keeper, or renamed by its writer: the next look sees.
        except Stuck as stuck:
            self._put_aside(file, stuck, now_us)
        except OSError as failed:
            self._put_aside(file, _disk_failed(failed), now_us)

    def _put_aside(self, file: SpoolFile, stuck: Stuck, now_us: int) -> None:
        if stuck.reason is StuckReason.OUT_OF_PLACE:
            aside = set_aside(self._adopter.disk, file)
            self._visits.forget(key_of(file))
            self._refused += (StuckFile(path=aside, reason=stuck.reason, detail=stuck.detail),)
            return
        problem = StuckFile(path=Path(file.path), reason=stuck.reason, detail=stuck.detail)
        self._visits.put_aside(file, problem, range(now_us, now_us + RETRY_US))


def _disk_failed(failed: OSError | ArchiveAway) -> Stuck:
    if isinstance(failed, ArchiveAway):
        return Stuck(StuckReason.ARCHIVE_AWAY)
    return Stuck(StuckReason.DISK_FAILED, errorcode.get(failed.errno or 0, ""))
