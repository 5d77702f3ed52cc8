"""A small archive to tamper with: recordings of one and of three parts, and a ledger page.

Whoever tampers may do all but sign: he has the files, the database and every data key.
"""

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from archive.call.events import Event
from archive.format.end import End
from archive.format.frames import Frame, FrameKind
from archive.format.header import HeaderBlock
from archive.format.part_reader import PartReader
from archive.format.segments import FileSource, read_block
from archive.reading.mapfile import derive_map_key, open_map, seal_map
from archive.reading.timemap import TimeMap
from rokuon.compose.archive.catalog import CATALOG_FILE
from rokuon.compose.archive.keeper import recover
from tests.archive.reading.scenes import START_US, Packet, Talk
from tests.rokuon.cli.command import run
from tests.rokuon.installation import Installation, Piece, Written, events, new_recording
from tests.support.cli.copies import refused
from tests.support.parts import PartWriter

PARTS = 3


@dataclass(slots=True)
class Evidence:
    """The installation, its parts by what they are called here, and all that undoes a tampering."""

    site: Installation
    parts: dict[str, Written]
    kept: Path
    undo: list[Callable[[], object]] = field(default_factory=list)

    @property
    def archive(self) -> Path:
        return self.site.config.archive.path

    def file(self, part: str) -> Path:
        """The archived part, made writable."""
        found = self.archive / self.parts[part].header.relative_name()
        if found.exists():
            found.chmod(0o600)
        return found

    def map_of(self, part: str) -> Path:
        """The file of its map, made writable."""
        found = self.file(part).with_suffix(".rkm")
        found.chmod(0o600)
        return found

    def told(self, statement: str, *values: object) -> None:
        """Change the catalog, and leave its guards as they were."""
        with closing(self.catalog()) as catalog, catalog:
            catalog.execute("PRAGMA foreign_keys=OFF")
            triggers = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
            guards = catalog.execute(triggers).fetchall()
            for name, _ in guards:
                catalog.execute(f"DROP TRIGGER {name}")
            catalog.execute(statement, values)
            for _, guard in guards:
                catalog.execute(guard)

    def falsify(self, column: str, value: str, part: str = "one") -> None:
        """Set a column of a part's row to the value of an SQL expression."""
        self.told(f"UPDATE part SET {column} = {value} WHERE {self._row_of(part)}")  # noqa: S608  # our own words

    def forget(self, part: str) -> None:
        """Remove a part's row and what the journal says of its adoption."""
        self.told(f"DELETE FROM part WHERE {self._row_of(part)}")  # noqa: S608  # our own words
        header = self.parts[part].header
        self.told(
            "DELETE FROM journal WHERE action = 'adopted' AND target = ?"
            " AND json_extract(detail, '$.part') = ?",
            str(header.recording),
            header.part,
        )

    def admit(self, part: str, *, journal: bool = True) -> None:
        """Make the row, and the journal, say what the file is now."""
        content = self.file(part).read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        self.falsify("sha256", f"X'{digest}'", part)
        self.falsify("size_bytes", str(len(content)), part)
        if not journal:
            return
        header = self.parts[part].header
        self.told(
            "UPDATE journal SET detail = json_set(detail, '$.sha256', ?, '$.bytes', ?)"
            " WHERE action = 'adopted' AND target = ? AND json_extract(detail, '$.part') = ?",
            digest,
            len(content),
            str(header.recording),
            header.part,
        )

    def frames(self, part: str) -> list[Frame]:
        """Everything that was written to it but padding and END."""
        with (
            FileSource(self.file(part)) as source,
            PartReader(source, self.parts[part].data_key) as reader,
        ):
            return [frame for frame in reader.frames() if frame.kind is not FrameKind.END]

    def end(self, part: str) -> End:
        """How it says that it ends."""
        with (
            FileSource(self.file(part)) as source,
            PartReader(source, self.parts[part].data_key) as reader,
        ):
            end = reader.end()
            assert end is not None
            return end

    def rewrite(
        self, part: str, frames: Sequence[Frame], end: End, header: HeaderBlock | None = None
    ) -> None:
        """Seal other frames under the key of a part, with an END as it is given but its counts."""
        made = header or self.parts[part].header
        path = self.archive / made.relative_name()
        path.unlink(missing_ok=True)
        writer = PartWriter.create(path, made, self.parts[part].data_key)
        for frame in frames:
            writer.append([frame])
        own = writer.end(end.reason, lost=end.lost, last=end.last)
        writer.finish(own, at_us=START_US, sign=lambda _: end.signature)

    def read_map(self, part: str) -> TimeMap:
        """Its map, opened."""
        return open_map(self.map_of(part).read_bytes(), self._map_key(part), self._header(part))

    def write_map(self, part: str, time_map: TimeMap) -> None:
        """Another map, sealed with the right key."""
        sealed = seal_map(time_map, self._map_key(part), self._header(part))
        self.map_of(part).write_bytes(sealed)

    def row(self, part: str, *columns: str) -> tuple[object, ...]:
        """Columns of its row."""
        with closing(self.catalog()) as catalog:
            wanted = f"SELECT {', '.join(columns)} FROM part WHERE {self._row_of(part)}"  # noqa: S608
            return tuple(catalog.execute(wanted).fetchone())

    def verify(self) -> tuple[int, dict[str, object]]:
        """Run `rokuon verify`: its exit code and what it said."""
        file = Path(self.site.folder, "rokuon.toml")
        if not file.exists():
            file.write_text(f'[node]\ndata = "{self.site.config.node.data}"\n')
        ran = run("--config", str(file), "verify", "-o", "json")
        assert ran.exception is None or isinstance(ran.exception, SystemExit), ran.exception
        return ran.exit_code, json.loads(ran.output)

    def name(self, part: str) -> str:
        """What others call the part."""
        return str(self.parts[part].header.part_name)

    @contextmanager
    def untouched_afterwards(self) -> Iterator[None]:
        """Undo in files and catalog whatever happens in the block."""
        with closing(sqlite3.connect(":memory:")) as before:
            with closing(self.catalog()) as catalog:
                catalog.backup(before)
            listed = self._listed()
            try:
                yield
            finally:
                while self.undo:
                    self.undo.pop()()
                with closing(self.catalog()) as catalog:
                    before.backup(catalog)
                self._forget_openings(listed)
                shutil.rmtree(self.archive)
                shutil.copytree(self.kept, self.archive)

    def keystore(self) -> sqlite3.Connection:
        """The key daemon's database, as whoever has its file."""
        return sqlite3.connect(self.site.config.keys.path / "keystore.db")

    def _listed(self) -> int:
        """How many entries the key daemon was told of."""
        with closing(self.keystore()) as keystore:
            (count,) = keystore.execute("SELECT count(*) FROM opening_entry").fetchone()
        return int(count)

    def _forget_openings(self, behind: int) -> None:
        """Their entries went with the catalog."""
        with closing(self.keystore()) as keystore, keystore:
            keystore.execute("DELETE FROM opening WHERE entry > ?", (behind,))
            keystore.execute("DELETE FROM opening_entry WHERE number > ?", (behind,))
            keystore.execute("UPDATE sqlite_sequence SET seq = ?", (behind,))

    def catalog(self) -> sqlite3.Connection:
        """The catalog, as whoever has its file."""
        return sqlite3.connect(self.site.config.catalog_path / CATALOG_FILE)

    def _row_of(self, part: str) -> str:
        header = self.parts[part].header
        own = f"(SELECT row FROM recording WHERE id = X'{header.recording}')"  # noqa: S608
        return f"recording = {own} AND part = {header.part}"

    def _header(self, part: str) -> HeaderBlock:
        return self.parts[part].header

    def _map_key(self, part: str) -> bytearray:
        with FileSource(self.file(part)) as source:
            return derive_map_key(self.parts[part].data_key, read_block(source))


def _pieces() -> Iterator[tuple[str, Piece]]:
    for name in ("one", "other"):
        yield name, Piece(recording=new_recording(), told=events(), packets=_second(0))
    long = new_recording()
    for number in range(PARTS):
        yield (
            f"long {number}",
            Piece(
                recording=long,
                number=number,
                told=events() if number == 0 else [],
                packets=_second(number),
                reason="bye" if number == PARTS - 1 else "length",
                is_last=number == PARTS - 1,
            ),
        )
    killed = Piece(recording=new_recording(), told=events(), packets=_second(0), reason="")
    yield "killed", killed
    page: list[Event] = [refused("one@x")]
    yield "page", Piece(recording=new_recording(), told=page, packets=[])


def _second(number: int) -> list[Packet]:
    begin_us = START_US + number * 1_000_000
    talk = Talk(begin_us=begin_us, sequence=1000 + 50 * number, timestamp=40_000 + 8000 * number)
    return talk.sent()


def make(site: Installation) -> Evidence:
    """Have the archive made by the keeper."""
    written = {name: site.put_part(piece) for name, piece in _pieces()}
    recover(site.config)
    kept = site.folder / "kept"
    shutil.copytree(site.config.archive.path, kept)
    return Evidence(site, written, kept)
