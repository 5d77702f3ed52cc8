"""One archived part held against its row: all of the file read, its END, its map.

Opens files and asks for keys. Knows nothing of the parts beside it.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Final

import msgspec

from archive.call.adoption import Adoption
from archive.call.events import Event
from archive.catalog.index.filed import FiledPart
from archive.catalog.index.part_values import part_values
from archive.disk.store import LocalStore, NameRefused, ObjectMissing
from archive.errors import KeyRefused, RecordingDamaged, SignatureWrong
from archive.format.floe import zero
from archive.format.header import MAP_MAGIC, HeaderBlock
from archive.format.part_reader import PartReader
from archive.format.segments import FileSource, read_block
from archive.ids import KeyId
from archive.keeper.account import PartAccount, read_account
from archive.keys.errors import NodeKeyDamaged, NodeUnknown, Refusal
from archive.reading.mapfile import derive_map_key, leaf_salt_of
from archive.reading.timemap import TimeMap
from archive.reading.unproved import Prover
from archive.verification.faults import Fault, Finding
from archive.verification.maps import MapFault, map_differences, peaks_differ, stored_map
from archive.verification.signatures import SignatureMissing, Signed, Signers

# Why a key cannot be had, ever; any other word of the daemon ends the verification.
KEYS_GONE: Final = (
    *(Refusal.KEY_UNKNOWN, Refusal.KEY_DESTROYED),
    Refusal.ENTRY_OF_OTHER_RECORDING,  # the file names the key of another one
)


@dataclass(slots=True)
class CheckedPart:
    """What there is to say of a part; `signed` and `events` are None where it was not read."""

    findings: list[Finding] = field(default_factory=list)
    signed: Signed | None = None
    events: tuple[tuple[int, Event], ...] | None = None
    prover: Prover = field(default_factory=Prover)


@dataclass(frozen=True, slots=True)
class PartVerifier:
    """Checks parts of one recording, whose keys `ask_key` opens."""

    store: LocalStore
    signers: Signers
    ask_key: Callable[[KeyId], bytearray]

    def check(self, filed: FiledPart) -> CheckedPart:
        """Everything about one part. Raises `KeyUnavailable` where no key can be had now."""
        checked = CheckedPart()
        try:
            with closing(self.store.source(str(filed.values["path"]))) as source:
                self._check_file(filed, source, checked)
        except (ObjectMissing, NameRefused) as missing:
            checked.findings.append(_finding(filed, Fault.FILE_MISSING, missing))
        except RecordingDamaged as damage:
            checked.findings.append(_finding(filed, Fault.PART_DAMAGED, damage))
        except OSError as failed:
            checked.findings.append(_finding(filed, Fault.FILE_UNREADABLE, failed))
        return checked

    def _check_file(self, filed: FiledPart, source: FileSource, checked: CheckedPart) -> None:
        block = read_block(source)
        header = HeaderBlock.decode(block)
        if header.part_name != filed.name:
            other = Finding(str(filed.name), Fault.ANOTHER_PART, str(header.part_name))
            checked.findings.append(other)
            return
        try:
            key = self.ask_key(header.key)
        except KeyRefused as refused:
            if str(refused) not in KEYS_GONE:
                raise
            checked.findings.append(_finding(filed, Fault.KEY_GONE, refused))
            return
        try:
            self._read(filed, source, (key, derive_map_key(key, block)), checked)
        finally:
            zero(key)

    def _read(
        self,
        filed: FiledPart,
        source: FileSource,
        keys: tuple[bytearray, bytearray],
        checked: CheckedPart,
    ) -> None:
        data_key, map_key = keys
        with PartReader(source, data_key) as reader:
            reader.verify(hear=checked.prover.hear)
            account, made = read_account(reader, leaf_salt_of(map_key))
            checked.findings += self._signature(filed, reader, account, checked)
            adoption = self._adoption(filed, reader.header, account)
            checked.events = adoption.events
        map_tells_sounds = False
        try:
            stored = stored_map(self.store, adoption.map_path, map_key, reader.header)
        except MapFault as fault:
            checked.findings.append(_finding(filed, fault.fault, fault.cause))
        else:
            checked.findings += _map_findings(filed, stored, made)
            map_tells_sounds = stored.sounds is not msgspec.UNSET
        checked.findings += _row_findings(filed, adoption, map_tells_sounds=map_tells_sounds)
        zero(map_key)

    def _signature(
        self, filed: FiledPart, reader: PartReader, account: PartAccount, checked: CheckedPart
    ) -> Iterator[Finding]:
        try:
            checked.signed = self.signers.check(reader.header, reader.header_tag, account.check())
        except SignatureMissing as missing:
            yield _finding(filed, Fault.SIGNATURE_MISSING, missing)
        except SignatureWrong as wrong:
            yield _finding(filed, Fault.SIGNATURE_WRONG, wrong)
        except (NodeUnknown, NodeKeyDamaged, OSError, ValueError) as unchecked:
            yield _finding(filed, Fault.SIGNATURE_UNCHECKED, unchecked)

    def _adoption(self, filed: FiledPart, header: HeaderBlock, account: PartAccount) -> Adoption:
        stored = self.store.describe(str(filed.values["path"]))
        named = replace(stored, name=header.relative_name())
        map_name = replace(header, magic=MAP_MAGIC).relative_name()
        return account.adoption(account.check(), named, map_name)


def _row_findings(filed: FiledPart, told: Adoption, *, map_tells_sounds: bool) -> Iterator[Finding]:
    """Where a part's map does not say where its streams sound, its row need not either."""
    expected = {**part_values(told)}
    if not map_tells_sounds and filed.values.get("sounds", "") is None:
        expected["sounds"] = None
    differs = [name for name, value in filed.values.items() if value != expected[name]]
    if differs:
        yield Finding(str(filed.name), Fault.ROW_DIFFERS, ", ".join(differs))


def _map_findings(filed: FiledPart, stored: TimeMap, made: TimeMap) -> Iterator[Finding]:
    differs = ", ".join(map_differences(stored, made))
    if differs:
        yield Finding(str(filed.name), Fault.MAP_DIFFERS, differs)
    if peaks_differ(stored, made):
        yield Finding(str(filed.name), Fault.PEAKS_DIFFER)


def _finding(filed: FiledPart, fault: Fault, error: Exception) -> Finding:
    return Finding(str(filed.name), fault, str(error), error)
