"""Every step of the register held against its entry in the journal, both ways.

Knows nothing of how a step is read, nor of who may take one.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine

from archive.catalog.checks.journal_walk import WalkedEntry, entries_of
from archive.catalog.checks.register_kinds import ANYBODY, COUNTING, KEPT, LISTING, TOLD, Names
from archive.catalog.checks.register_steps import RegisterStep, read_names, register_steps
from archive.catalog.database.engine import reading
from archive.catalog.retention.told_events import Telling, tellings
from archive.verification.faults import Fault, Finding

_Of = tuple[int, str]


def register_findings(engine: Engine) -> Iterator[Finding]:
    """Steps without an entry that tells of them, and entries without a row."""
    with reading(engine) as connection:
        yield from findings_in(connection)


def findings_in(connection: Connection) -> Iterator[Finding]:
    names = read_names(connection)
    told = ToldSteps(names)
    for entry in entries_of(connection, TOLD):
        told.add(entry)
    for step in register_steps(connection, names):
        yield from told.compare(step)
    yield from told.without_row()
    for telling in tellings(connection):
        yield from told.compare_telling(telling)


@dataclass(slots=True)
class ToldSteps:
    """The entries, and which of them a row bears out.

    Of an entry about many (its detail is a list) each is borne out by a row of its own.
    """

    names: Names
    by_place: dict[int, WalkedEntry] = field(default_factory=dict)
    by_target: defaultdict[tuple[int, str, str], list[WalkedEntry]] = field(
        default_factory=lambda: defaultdict(list)
    )
    seen: Counter[int] = field(default_factory=Counter)
    members: defaultdict[_Of, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, entry: WalkedEntry) -> None:
        self.by_place[entry.seq] = entry
        self.by_target[entry.tenant, entry.action, entry.target].append(entry)

    def compare(self, step: RegisterStep) -> Iterator[Finding]:
        found = {entry.seq: self._differences(step, entry) for entry in self._of(step)}
        fitting = [seq for seq, differs in found.items() if not differs]
        if fitting:
            self._see(step, fitting[0])
        elif step.must_be_told and found:
            seq = min(found, key=lambda seq: len(found[seq]))
            self._see(step, seq)
            yield Finding(step.row, Fault.ENTRY_DIFFERS, f"{seq}: {', '.join(found[seq])}")
        elif step.must_be_told:
            yield Finding(step.row, Fault.ENTRY_MISSING, step.action)

    def compare_telling(self, telling: Telling) -> Iterator[Finding]:
        entry = self.by_place.get(telling.place)
        is_own = entry is not None and entry.tenant == telling.tenant
        if entry is not None and is_own and entry.detail.get("rows") != telling.digest:
            row = f"retention_event at journal {telling.place}"
            yield Finding(row, Fault.ENTRY_DIFFERS, f"{telling.place}: rows")

    def without_row(self) -> Iterator[Finding]:
        """Entries that no row bears out, of acts whose rows are never removed."""
        for seq, entry in self.by_place.items():
            lacking = self._lacking(entry) if entry.action in KEPT else 0
            if lacking:
                yield Finding(f"journal {seq}", Fault.ROW_GONE, f"{entry.action} {lacking}")

    def _lacking(self, entry: WalkedEntry) -> int:
        if entry.action in LISTING:
            listed = entry.detail.get(LISTING[entry.action])
            known = self.members[entry.tenant, entry.action]
            return len(set(listed) - known) if isinstance(listed, list) else 1
        wanted = entry.detail.get("count", 1) if entry.action in COUNTING else 1
        return max(0, int(str(wanted)) - self.seen[entry.seq])

    def _of(self, step: RegisterStep) -> Sequence[WalkedEntry]:
        """Those that may tell of it: at its place, else about the same at the same time."""
        if step.place is not None:
            entry = self.by_place.get(step.place)
            is_own = entry is not None and (entry.tenant, entry.action) == (
                step.tenant,
                step.action,
            )
            return [entry] if entry is not None and is_own else []
        about = self.by_target[step.tenant, step.action, step.target]
        if step.at_us is None:
            return about
        return [each for each in about if each.at_us == step.at_us and each.seq not in self.seen]

    def _differences(self, step: RegisterStep, entry: WalkedEntry) -> list[str]:
        differs = [name for name, value in step.detail.items() if not _says(entry, name, value)]
        if step.target and entry.target != step.target:
            differs.append("target")
        if step.at_us is not None and entry.at_us != step.at_us:
            differs.append("at_us")
        is_other = step.actors != ANYBODY and entry.actor not in step.actors
        if is_other or (step.nobody and entry.actor in self.names.users.values()):
            differs.append("actor")
        return differs

    def _see(self, step: RegisterStep, seq: int) -> None:
        self.seen[seq] += 1
        if step.action in LISTING:
            self.members[step.tenant, step.action].add(str(step.detail[LISTING[step.action]]))


def _says(entry: WalkedEntry, name: str, value: object) -> bool:
    said = entry.detail.get(name)
    return value in said if isinstance(said, list) and isinstance(value, str) else said == value
