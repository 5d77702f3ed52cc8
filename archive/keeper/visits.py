"""What the keeper remembers of the spool between two looks: files, keys adopted, problems.

Pure memory; loses nothing when it is lost. Knows nothing of disks or of how parts are archived.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from archive.ids import PartName
from archive.keeper.spool import SpoolFile
from archive.keeper.stuck_parts import StuckFile

# A part keeps its inode when its writer renames it.
Key = tuple[str, int]


_NO_REST: Final = range(0)


def key_of(file: SpoolFile) -> Key:
    """What a part is remembered by: its name without suffix, and its inode."""
    return file.stem, file.inode


@dataclass(slots=True)
class Visits:
    """`names`: parts whose keys are adopted; the others in `files` are new.

    `finished`: parts of which something says that nobody writes them any more, in that order: a
    short call that is over must not wait for every longer one that ends after it.
    """

    files: dict[Key, SpoolFile] = field(default_factory=dict)
    names: dict[Key, PartName] = field(default_factory=dict)
    problems: dict[Key, StuckFile] = field(default_factory=dict)
    _new: set[Key] = field(default_factory=set)
    _finished: dict[Key, None] = field(default_factory=dict)
    _rests: dict[Key, range] = field(default_factory=dict)

    def see(self, file: SpoolFile, *, is_closed: bool = False) -> None:
        """A part that is there, under the name that it has now."""
        key = key_of(file)
        self.files[key] = file
        if key not in self.names:
            self._new.add(key)
        if file.is_hinted or is_closed:
            self._finished.setdefault(key)

    def see_all(self, files: Iterable[SpoolFile]) -> None:
        """All the parts that are there; what is remembered of others is forgotten."""
        present = list(files)
        for gone in self.files.keys() - {key_of(file) for file in present}:
            self.forget(gone)
        for file in present:
            self.see(file)

    def adopted(self, file: SpoolFile, name: PartName) -> None:
        key = key_of(file)
        self.names[key] = name
        self._new.discard(key)
        self.problems.pop(key, None)

    def forget(self, key: Key) -> None:
        """The part is no longer in the spool."""
        for memory in (self.files, self.names, self.problems, self._rests):
            memory.pop(key, None)
        self._new.discard(key)
        self._finished.pop(key, None)

    def put_aside(self, file: SpoolFile, problem: StuckFile, rest_us: range) -> None:
        """The part cannot go on now, and rests for as long as the clock is within `rest_us`."""
        self.problems[key_of(file)] = problem
        self._rests[key_of(file)] = rest_us

    def is_due(self, file: SpoolFile, now_us: int) -> bool:
        """Whether the part may be tried (again); at once where the clock was set back."""
        return now_us not in self._rests.get(key_of(file), _NO_REST)

    def has_due(self, now_us: int) -> bool:
        """Whether a part waits that may be tried now, for its key or for the archive."""
        return any(self.is_due(file, now_us) for file in (*self.new(), *self.finished()))

    def new(self) -> list[SpoolFile]:
        """Parts whose keys are not adopted yet, oldest recording first."""
        return self._sorted(self._new)

    def finished(self) -> list[SpoolFile]:
        """Parts with adopted keys that are said to be finished, as it was said."""
        return [self.files[key] for key in self._finished if key in self.names]

    def silent(self) -> list[SpoolFile]:
        """Parts with adopted keys of which nothing is said, oldest recording first."""
        return self._sorted(self.names.keys() - self._finished.keys())

    def _sorted(self, keys: Iterable[Key]) -> list[SpoolFile]:
        return [self.files[key] for key in sorted(keys)]
