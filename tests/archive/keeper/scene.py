"""A spool with parts in it, and all that a keeper needs, in one folder."""

import fcntl
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from archive.call.adoption import Adoption, AdoptionRegister
from archive.call.events import CallEnded, Event, PartOpened, encode_event
from archive.disk.archive_place import ArchivePlace
from archive.disk.files import Disk, LocalDisk
from archive.disk.store import LocalStore
from archive.errors import KeyRefused, KeyUnavailable
from archive.format.end import End
from archive.format.frames import WHOLE_RECORDING, Frame, FrameKind
from archive.format.header import HeaderBlock
from archive.format.intake import seal_page
from archive.format.part_reader import PartReader
from archive.format.segments import FileSource
from archive.ids import KeyId, PartName
from archive.keeper.adopter import Adopter, AdoptionClient
from archive.keeper.keeper_rounds import Keeper
from archive.keeper.watch import NoWatch, Watch
from archive.keys.client.key_client import Adopted
from archive.keys.errors import Refusal
from archive.keys.store.keystore import KeyState
from archive.keys.store.schema import open_database
from archive.keys.wire.protocol import (
    Adopt,
    Answer,
    Ask,
    AskerRole,
    Confirm,
    DataKeyAnswer,
    KeyStateAnswer,
    MarkArchived,
    OpenUnarchived,
    RefusedAnswer,
    SignatureAnswer,
    SignEnd,
)
from tests.archive.examples import START_US, packets_frame
from tests.archive.keys.scene import Scene, destroy_key, some_header
from tests.support.parts import PartWriter

LATER_US = 4_000_000_000_000_000  # past every file's time


def event_frame(serial: int, event: Event) -> Frame:
    return Frame(FrameKind.EVENT, 0, WHOLE_RECORDING, event.at_us, serial, encode_event(event))


@dataclass(slots=True)
class DirectKeys:
    """The key daemon without a socket between."""

    scene: Scene
    is_away: bool = False
    asked: list[str] = field(default_factory=list)

    def adopt(self, page: bytes, header: bytes) -> Adopted:
        answer = self._ask(Adopt(page=page, header=header))
        assert isinstance(answer, KeyStateAnswer)
        return Adopted(KeyId(answer.key_id), KeyState(answer.state))

    def open_unarchived(self, key_id: KeyId) -> bytearray:
        answer = self._ask(OpenUnarchived(key_id=key_id.raw))
        assert isinstance(answer, DataKeyAnswer)
        return answer.data_key

    def sign_end(self, key_id: KeyId, header_tag: bytes, end: End) -> bytes:
        ask = SignEnd(key_id=key_id.raw, header_tag=header_tag, end=end.encode_as_it_is())
        answer = self._ask(ask)
        assert isinstance(answer, SignatureAnswer)
        return answer.signature

    def confirm(self, key_id: KeyId) -> None:
        self._ask(Confirm(key_id=key_id.raw))

    def mark_archived(self, key_id: KeyId) -> None:
        self._ask(MarkArchived(key_id=key_id.raw))

    def status(self) -> object:
        if self.is_away:
            raise KeyUnavailable("away")
        return self.scene.daemon

    def _ask(self, ask: Ask) -> Answer:
        if self.is_away:
            raise KeyUnavailable("away")
        self.asked.append(type(ask).__name__)
        answer = self.scene.daemon.answer(AskerRole.KEEPER, ask)
        if isinstance(answer, RefusedAnswer):
            if answer.refused == Refusal.KEYS_UNAVAILABLE:
                raise KeyUnavailable("away")
            raise KeyRefused(answer.refused)
        return answer


@dataclass(slots=True)
class ListRegister:
    """A register that keeps its rows in a list, one for each part."""

    rows: dict[PartName, Adoption] = field(default_factory=dict)
    entries: list[PartName] = field(default_factory=list)

    def commit(self, adoptions: Sequence[Adoption]) -> None:
        for adoption in adoptions:
            if adoption.part_name not in self.rows:
                self.entries.append(adoption.part_name)
            assert self.rows.setdefault(adoption.part_name, adoption) == adoption


@dataclass(slots=True)
class LivePart:
    """A part as its writer has it: open and locked."""

    path: Path
    header: HeaderBlock
    writer: PartWriter
    data_key: bytes

    def speak(self, sweeps: int = 3) -> "LivePart":
        for sweep in range(sweeps):
            self.writer.append([packets_frame(22 * sweep, 22), packets_frame(22 * sweep + 1, 22)])
        return self

    def tell(self, events: Sequence[Event]) -> "LivePart":
        """With serials behind those of the part's own events."""
        if events:
            self.writer.append([event_frame(at, each) for at, each in enumerate(events, start=2)])
        return self

    def hang_up(self, *, renames: bool = True) -> "LivePart":
        opened = PartOpened(at_us=START_US, part=self.header.part, because="length")
        ended = CallEnded(at_us=START_US + 9, reason="bye")
        self.writer.append([event_frame(0, opened), event_frame(1, ended)])
        self.writer.finish(self.writer.end("bye", last=True), at_us=START_US, sign=self.sign)
        if renames:
            self.path.rename(self.sealed_path)
            self.path = self.sealed_path
        return self

    def die(self) -> "LivePart":
        self.writer.abandon()
        return self

    @property
    def sealed_path(self) -> Path:
        return self.path.with_name(self.path.name + ".sealed")

    @staticmethod
    def sign(_message: bytes) -> bytes:
        return bytes(64)


@dataclass(slots=True)
class KeeperScene:
    """Spool, archive, pages, key daemon and register; `keeper()` is a keeper just started."""

    folder: Path
    keys: DirectKeys = field(init=False)
    register: ListRegister = field(default_factory=ListRegister)
    expected: tuple[str, ...] = ()
    scene: Scene = field(init=False)

    def __post_init__(self) -> None:
        self.scene = Scene(self.folder / "keys")
        self.keys = DirectKeys(self.scene)

    @property
    def spool(self) -> Path:
        return self.folder / "spool"

    @property
    def pages(self) -> Path:
        return self.folder / "pages"

    @property
    def place(self) -> ArchivePlace:
        return ArchivePlace(self.folder / "archive", lambda: self.expected)

    def store(self, disk: Disk | None = None) -> LocalStore:
        return LocalStore(self.folder / "archive", disk or LocalDisk())

    def keeper(
        self,
        *,
        keys: AdoptionClient | None = None,
        register: AdoptionRegister | None = None,
        watch: Watch | None = None,
        patience_us: int = 0,
    ) -> Keeper:
        keeper = Keeper(
            self.adopter(keys=keys, register=register),
            [self.spool],
            watch=watch or NoWatch(),
            patience_us=patience_us,
        )
        keeper.prepare()
        return keeper

    def adopter(
        self, *, keys: AdoptionClient | None = None, register: AdoptionRegister | None = None
    ) -> Adopter:
        disk = LocalDisk()
        return Adopter(
            keys=keys or self.keys,
            register=register or self.register,
            store=self.store(disk),
            place=self.place,
            pages=self.pages,
            disk=disk,
        )

    def part(self, header: HeaderBlock | None = None) -> LivePart:
        node = self.scene.node
        header = header or replace(some_header(node.id), created_us=START_US)
        path = self.spool / header.relative_name()
        path.parent.mkdir(parents=True, exist_ok=True)
        # Under its name once it is whole and locked: by these tests' clock no file is ever young.
        making = self.folder / path.name
        data_key = secrets.token_bytes(32)

        def page(block: bytes) -> bytes:
            sealed_to = node.intake_key
            return seal_page(data_key, block, to=sealed_to, node=node.id, sign=node.signing.sign)

        writer = PartWriter.create(making, header, data_key, page=page)
        making.rename(path)
        return LivePart(path, header, writer, data_key)

    def destroy(self, key_id: KeyId) -> None:
        destroy_key(open_database(self.scene.config.keystore), key_id)

    def object_of(self, part: LivePart) -> Path:
        return self.folder / "archive" / part.header.relative_name()

    def verify(self, part: LivePart) -> str:
        """Read the archived part with the key that the keystore has; END's reason."""
        with FileSource(self.object_of(part)) as source:
            row = self.scene.daemon.answer(AskerRole.KEEPER, Confirm(key_id=part.header.key.raw))
            assert isinstance(row, KeyStateAnswer)
            assert row.state == "adopted"
            with PartReader(source, part.data_key) as reader:
                return reader.verify().end.reason

    def is_archived(self, part: LivePart) -> bool:
        """Everything that has to be true of a part which the keeper is through with."""
        name = part.header.part_name
        kept = self.pages / f"{name.recording}-p{name.part:02d}.page"
        spooled = [p for p in self.spool.rglob("*") if p.is_file() and str(name) in p.name]
        return (
            not spooled
            and self.object_of(part).exists()
            and self.object_of(part).with_suffix(".rkm").exists()
            and kept.exists()
            and self.register.entries.count(name) == 1
        )


def another_holds(path: Path) -> int:
    """Lock a file as another process would; close the descriptor to let go."""
    descriptor = os.open(path, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return descriptor
