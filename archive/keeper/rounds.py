"""The keeper's rounds through the spool: new keys first, then the parts whose writers are gone.

Reads no clock and starts no thread; a round is told the time and when to stop.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from errno import errorcode
from pathlib import Path
from typing import Final

from archive.disk import make_folders
from archive.ids import PartName
from archive.keeper.adopting import Adopter, Outcome
from archive.keeper.problems import Problem, Reason, Stuck
from archive.keeper.spool import Lead, SpoolFile, age_us, is_finished, list_spool, read_lead

# A writer puts page and header down in one write; a short file older than this is left over.
PATIENCE_US: Final = 5_000_000
# What is stuck is tried again, but not in every round: each try may cost a key opening.
RETRY_US: Final = 30_000_000
# Locks of parts whose writers gave no hint: an eighth of them a round, all within 4 s.
PROBE_SHARE: Final = 8
MIN_PROBES: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What a round did. All in `archived`; those closed by the keeper also in `recovered`.

    `live`: parts that are still in the spool with an adopted key.
    """

    keys_adopted: int
    archived: tuple[PartName, ...]
    recovered: tuple[PartName, ...]
    with_holes: tuple[PartName, ...]
    live: int


@dataclass(slots=True)
class _Visits:
    """What is remembered of the files in the spool, by name and inode."""

    names: dict[tuple[str, int], PartName] = field(default_factory=dict)
    retry_at_us: dict[tuple[str, int], int] = field(default_factory=dict)
    problems: dict[tuple[str, int], Problem] = field(default_factory=dict)

    def forget_all_but(self, present: set[tuple[str, int]]) -> None:
        for memory in (self.names, self.retry_at_us, self.problems):
            for gone in memory.keys() - present:
                del memory[gone]


class Keeper:
    """Remembers what it has seen of the spools; loses nothing when it is killed.

    Several spools: the first, and what capture falls back on. `round` raises
    `KeyUnavailable` where the key daemon cannot be reached.
    """

    def __init__(
        self, adopter: Adopter, spools: Sequence[Path], *, patience_us: int = PATIENCE_US
    ) -> None:
        self._adopter = adopter
        self._spools = tuple(spools)
        self._patience_us = patience_us
        self._visits = _Visits()
        self._cursor = 0

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What needs somebody's attention, by path."""
        return tuple(sorted(self._visits.problems.values(), key=lambda problem: problem.path))

    def prepare(self) -> None:
        """Make the keeper's own folders; raises `OSError`."""
        for folder in (self._adopter.store.root, self._adopter.pages):
            folder.parent.mkdir(parents=True, exist_ok=True)
            make_folders(self._adopter.disk, folder.parent, folder)

    def round(
        self,
        now_us: int,
        *,
        is_time_up: Callable[[], bool] = lambda: False,
        probes_all: bool = False,
    ) -> Round:
        """Look at the whole spool once; `now_us` is µs since 1970 UTC, as file times are.

        Once the time is up the rest is left to the next round, oldest first.
        """
        files = list_spool(self._spools)
        self._visits.forget_all_but({_key(file) for file in files})
        before = len(self._visits.names)
        self._adopt_keys(files, now_us, is_time_up)
        keys_adopted = len(self._visits.names) - before
        known = [file for file in files if _key(file) in self._visits.names]
        chosen = known if probes_all else self._choose(known)
        outcomes = self._archive(chosen, now_us, is_time_up)

        def having(*wanted: Outcome) -> tuple[PartName, ...]:
            return tuple(sorted(name for name, got in outcomes.items() if got in wanted))

        archived = having(Outcome.ARCHIVED, Outcome.RECOVERED, Outcome.ARCHIVED_WITH_HOLES)
        return Round(
            keys_adopted=keys_adopted,
            archived=archived,
            recovered=having(Outcome.RECOVERED, Outcome.ARCHIVED_WITH_HOLES),
            with_holes=having(Outcome.ARCHIVED_WITH_HOLES),
            live=len(known) - len(archived),
        )

    def _adopt_keys(
        self, files: list[SpoolFile], now_us: int, is_time_up: Callable[[], bool]
    ) -> None:
        for file in files:
            if _key(file) in self._visits.names or not self._is_due(file, now_us):
                continue
            if is_time_up():
                return
            with self._noting(file, now_us):
                self._adopt_key(file, now_us)

    def _adopt_key(self, file: SpoolFile, now_us: int) -> None:
        lead = self._read(file, now_us)
        if lead is not None:
            self._adopter.adopt_key(lead)
            self._visits.names[_key(file)] = lead.header.part_name
            self._visits.problems.pop(_key(file), None)

    def _read(self, file: SpoolFile, now_us: int) -> Lead | None:
        """The first blocks; None for a file that is so young that its writer may be at it."""
        try:
            return read_lead(file)
        except FileNotFoundError:
            return None
        except Stuck as stuck:
            if stuck.reason is Reason.LEAD_SHORT and age_us(file, now_us) < self._patience_us:
                return None
            raise

    def _choose(self, known: list[SpoolFile]) -> list[SpoolFile]:
        """The parts said to be finished, and in turn a share of the others."""
        hinted = [file for file in known if file.is_hinted]
        silent = [file for file in known if not file.is_hinted]
        share = max(MIN_PROBES, -(-len(silent) // PROBE_SHARE))
        start = self._cursor % len(silent) if len(silent) > share else 0
        self._cursor = start + share
        return hinted + (silent[start:] + silent[:start])[:share]

    def _archive(
        self, files: Iterable[SpoolFile], now_us: int, is_time_up: Callable[[], bool]
    ) -> dict[PartName, Outcome]:
        outcomes: dict[PartName, Outcome] = {}
        for file in files:
            if not self._is_due(file, now_us) or not is_finished(file):
                continue
            if is_time_up():
                break
            with self._noting(file, now_us):
                outcome = self._adopter.archive(file, read_lead(file))
                outcomes[self._visits.names[_key(file)]] = outcome
                self._visits.problems.pop(_key(file), None)
        return outcomes

    def _is_due(self, file: SpoolFile, now_us: int) -> bool:
        return self._visits.retry_at_us.get(_key(file), now_us) <= now_us

    @contextmanager
    def _noting(self, file: SpoolFile, now_us: int) -> Iterator[None]:
        """What stops one part becomes a problem of that part, so that the others go on."""
        try:
            yield
        except FileNotFoundError:
            pass  # Archived by another keeper, or renamed by its writer: the next round sees.
        except Stuck as stuck:
            self._put_aside(file, stuck, now_us)
        except OSError as failed:
            word = errorcode.get(failed.errno or 0, "")
            self._put_aside(file, Stuck(Reason.DISK_FAILED, word), now_us)

    def _put_aside(self, file: SpoolFile, stuck: Stuck, now_us: int) -> None:
        self._visits.retry_at_us[_key(file)] = now_us + RETRY_US
        self._visits.problems[_key(file)] = Problem(
            path=Path(file.path), reason=stuck.reason, detail=stuck.detail
        )


def _key(file: SpoolFile) -> tuple[str, int]:
    return file.stem, file.inode
