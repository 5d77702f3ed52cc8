"""Whoever changes the archive behind our back is found out: an example of each way to do it.

`docs/tampering.md` has the same table for people.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from typing import Final

import msgspec
import pytest

from archive.format.floe import zero
from rokuon.compose.archive.key_daemon import open_keys
from rokuon.compose.archive.restore import rebuild_index
from rokuon.machine import clock
from tests import ROOT
from tests.archive.keys.entries import entry_text
from tests.archive.verification.evidence import Evidence, make
from tests.archive.verification.index_tampering import INDEX_WAYS
from tests.rokuon.installation import installation

Act = Callable[[Evidence], None]
DOCUMENT: Final = ROOT / "docs/tampering.md"


@pytest.fixture(scope="module")
def archive() -> Iterator[Evidence]:
    """Made once; each example puts back what it changed."""
    with installation() as made:
        yield make(made)


@pytest.fixture
def evidence(archive: Evidence) -> Iterator[Evidence]:
    with archive.untouched_afterwards():
        yield archive


def swap_rows(evidence: Evidence) -> None:
    """Each recording has the other's file."""
    columns = ("key_id", "path", "map_path", "size_bytes", "sha256", "first_us", "last_us")
    both = [evidence.row(part, *columns) for part in ("one", "other")]
    for part, values in zip(("other", "one"), both, strict=True):
        for column, value in zip(columns, values, strict=True):
            told = f"X'{value.hex()}'" if isinstance(value, bytes) else repr(value)
            evidence.falsify(column, told, part)


def swap_files(evidence: Evidence) -> None:
    one, other = evidence.file("one"), evidence.file("other")
    aside = one.with_suffix(".aside")
    one.rename(aside)
    other.rename(one)
    aside.rename(other)


def falsify(column: str, value: str) -> Act:
    return lambda evidence: evidence.falsify(column, value)


def remove(part: str) -> Act:
    """Its files, its row, and what the journal says of it."""

    def act(evidence: Evidence) -> None:
        evidence.map_of(part).unlink()
        evidence.file(part).unlink()
        evidence.forget(part)

    return act


def remove_row(evidence: Evidence) -> None:
    """The row alone; the journal tells of its adoption."""
    evidence.told("DELETE FROM part WHERE path = ?", str(evidence.row("long 2", "path")[0]))


def remove_recording(evidence: Evidence) -> None:
    """Every row and file of it."""
    own = evidence.parts["one"].header.recording
    evidence.map_of("one").unlink()
    evidence.file("one").unlink()
    evidence.told("DELETE FROM part WHERE path LIKE ?", f"%{own}%")
    evidence.told("DELETE FROM recording WHERE id = ?", own.raw)


def remove_file(evidence: Evidence) -> None:
    evidence.file("one").unlink()


def rebuilt_after(act: Act) -> Act:
    """A rebuild launders nothing."""

    def rebuilt(evidence: Evidence) -> None:
        act(evidence)
        assert rebuild_index(evidence.site.config, lambda *_: None).lost

    return rebuilt


def forge_further(evidence: Evidence) -> None:
    """A part behind the last one, under a key that is there, with the signature of another."""
    header = replace(evidence.parts["one"].header, part=1)
    content, own = evidence.file("one").read_bytes(), evidence.file("one")
    evidence.rewrite("one", evidence.frames("one"), evidence.end("one"), header)
    assert own.read_bytes() == content
    forged = evidence.archive / header.relative_name()
    sealed = evidence.map_of("one")
    sealed.with_name(forged.with_suffix(".rkm").name).write_bytes(sealed.read_bytes())
    evidence.told(
        "INSERT INTO part (tenant, recording, part, generation, node, key_id, path, map_path,"
        " size_bytes, sha256, segments, created_us, first_us, last_us, packets, lost_ranges,"
        " open_ends, sequences, gaps, end_reason, is_last) SELECT tenant, recording, 1, generation,"
        " node, key_id, ?, ?, size_bytes, sha256, segments, created_us, first_us, last_us,"
        " packets, lost_ranges, open_ends, sequences, gaps, end_reason, is_last"
        " FROM part WHERE path = ?",
        header.relative_name(),
        header.relative_name().replace(".rkn", ".rkm"),
        evidence.parts["one"].header.relative_name(),
    )


def cut(evidence: Evidence) -> None:
    """Rewritten without its second half, as if its writer had been killed."""
    half = evidence.frames("one")
    end = msgspec.structs.replace(
        evidence.end("one"), reason="recovered", signature=b"", last=False
    )
    evidence.rewrite("one", half[: len(half) // 2], end)


def cut_and_admit(evidence: Evidence) -> None:
    """The same, and rows and journal say so."""
    cut(evidence)
    evidence.admit("one")
    evidence.falsify("end_reason", "'recovered'")
    evidence.falsify("is_last", "0")


def cut_the_killed(evidence: Evidence) -> None:
    """One that the keeper closed, with the signature that it got."""
    half = evidence.frames("killed")
    evidence.rewrite("killed", half[: len(half) // 2], evidence.end("killed"))


def fill_up(evidence: Evidence) -> None:
    """More frames with what was signed: the row follows, the journal does not."""
    evidence.rewrite("one", evidence.frames("one"), evidence.end("one"))
    evidence.admit("one", journal=False)


def cut_and_keep_signature(evidence: Evidence) -> None:
    """Rewritten without its second half, with the signature that it had."""
    half = evidence.frames("one")
    evidence.rewrite("one", half[: len(half) // 2], evidence.end("one"))
    evidence.admit("one")


def node_key(content: str | None) -> Act:
    def act(evidence: Evidence) -> None:
        node = evidence.parts["one"].header.node
        file = evidence.site.config.keys.path / "nodes" / f"{node}.pub"
        kept = file.read_bytes()
        evidence.undo.append(lambda: (file.unlink(missing_ok=True), file.write_bytes(kept)))
        file.unlink()
        if content is not None:
            file.write_text(content)

    return act


def without(name: str) -> Act:
    """A public file of the key daemon's is gone."""

    def act(evidence: Evidence) -> None:
        file = evidence.site.config.keys.path / name
        kept = file.read_bytes()
        evidence.undo.append(lambda: file.write_bytes(kept))
        file.unlink()

    return act


def false_map(**changes: object) -> Act:
    """A map that opens and says something else."""

    def act(evidence: Evidence) -> None:
        made = evidence.read_map("one")
        evidence.write_map("one", msgspec.structs.replace(made, **changes))

    return act


def false_counts(evidence: Evidence) -> None:
    made = evidence.read_map("one")
    stream = made.streams[0]
    counts = msgspec.structs.replace(stream.counts, packets=stream.counts.packets - 1)
    evidence.write_map(
        "one",
        msgspec.structs.replace(made, streams=(msgspec.structs.replace(stream, counts=counts),)),
    )


def false_offsets(evidence: Evidence) -> None:
    made = evidence.read_map("one")
    moved = msgspec.structs.replace(made.seconds, first=(4096, *made.seconds.first[1:]))
    evidence.write_map("one", msgspec.structs.replace(made, seconds=moved))


def false_peaks(evidence: Evidence) -> None:
    made = evidence.read_map("one")
    stream = made.streams[0]
    flat = msgspec.structs.replace(
        stream.peaks, low=bytes(len(stream.peaks.low)), high=bytes(len(stream.peaks.high))
    )
    evidence.write_map(
        "one",
        msgspec.structs.replace(made, streams=(msgspec.structs.replace(stream, peaks=flat),)),
    )


def map_without_gaps(evidence: Evidence) -> None:
    """As its row is, too."""
    made = evidence.read_map("one")
    told = [msgspec.structs.replace(each, gaps=(), spans=()) for each in made.streams]
    evidence.write_map("one", msgspec.structs.replace(made, streams=tuple(told)))
    evidence.falsify("gaps", "'[]'")


def another_map(evidence: Evidence) -> None:
    evidence.map_of("one").write_bytes(evidence.map_of("other").read_bytes())


def no_map(evidence: Evidence) -> None:
    evidence.map_of("one").unlink()


def unreadable_map(evidence: Evidence) -> None:
    evidence.map_of("one").unlink()
    (evidence.file("one").with_suffix(".rkm")).mkdir()


def unreadable_file(evidence: Evidence) -> None:
    """A folder in its place: it opens, and reading it is an error of the disk's."""
    evidence.file("one").unlink()
    evidence.file("one").mkdir()


def stray_file(evidence: Evidence) -> None:
    """A part of which no row tells."""
    header = replace(
        evidence.parts["one"].header, recording=evidence.parts["page"].header.recording
    )
    header = replace(header, part=7)
    (evidence.archive / header.relative_name()).write_bytes(evidence.file("one").read_bytes())


def flip(evidence: Evidence) -> None:
    file = evidence.file("one")
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def after_a_look(act: Act) -> Act:
    """With keys that were opened before."""

    def looked(evidence: Evidence) -> None:
        evidence.verify()
        act(evidence)

    return looked


def change_the_journal(statement: str) -> Act:
    return after_a_look(lambda evidence: evidence.told(statement))


def take_out_openings(evidence: Evidence) -> None:
    """From the keystore's own file."""
    with closing(evidence.keystore()) as keystore, keystore:
        keystore.execute("DELETE FROM opening WHERE entry = 1")
        keystore.execute("DELETE FROM opening_entry WHERE number = 1")


def open_without_an_entry(evidence: Evidence) -> None:
    """As an API does that was taken over."""
    own = evidence.parts["one"].header
    with closing(open_keys(evidence.site.config, "api")) as keys:
        zero(keys.open(own.key, entry_text(own.recording, at_us=clock.now_us())))


WAYS: dict[str, tuple[Act, str]] = {
    "a byte of a part": (flip, "part_damaged"),
    "the rows of two recordings swapped": (swap_rows, "another_part"),
    "the files of two recordings swapped": (swap_files, "another_part"),
    "`path`": (falsify("path", "replace(path, 'p00', 'p07')"), "file_missing"),
    "`map_path`": (falsify("map_path", "replace(map_path, 'p00', 'p07')"), "row_differs"),
    "`size_bytes`": (falsify("size_bytes", "size_bytes + 1"), "row_differs"),
    "`sha256`": (falsify("sha256", "zeroblob(32)"), "row_differs"),
    "`segments`": (falsify("segments", "segments + 1"), "row_differs"),
    "`packets`": (falsify("packets", "packets + 1"), "row_differs"),
    "`part`": (falsify("part", "1"), "another_part"),
    "`generation`": (falsify("generation", "1"), "another_part"),
    "`node`": (falsify("node", "zeroblob(16)"), "row_differs"),
    "`key_id`": (falsify("key_id", "zeroblob(16)"), "row_differs"),
    "`first_us`": (falsify("first_us", "first_us - 1"), "row_differs"),
    "`end_reason`": (falsify("end_reason", "'length'"), "row_differs"),
    "`is_last`": (falsify("is_last", "0"), "row_differs"),
    "`lost`": (falsify("lost", "'missing'"), "row_differs"),
    "`gaps`": (falsify("gaps", "'[[0,1,2,3,4,\"lost\"]]'"), "row_differs"),
    "`replays`": (falsify("replays", "'[[0,1,2,3]]'"), "row_differs"),
    "`sounds`": (falsify("sounds", "'[]'"), "row_differs"),
    "`sounds` taken out": (falsify("sounds", "NULL"), "row_differs"),
    "the first part removed": (remove("long 0"), "part_missing"),
    "a middle part removed": (remove("long 1"), "part_missing"),
    "the last part removed": (remove("long 2"), "last_part_missing"),
    "a part's row removed": (remove_row, "row_missing"),
    "a recording removed, rows and files": (remove_recording, "row_missing"),
    "a recording removed, rows and files, and the index rebuilt": (
        rebuilt_after(remove_recording),
        "row_missing",
    ),
    "a part's file removed, and the index rebuilt": (rebuilt_after(remove_file), "file_missing"),
    "a part behind the last one": (forge_further, "part_after_last"),
    "a file of which no row tells": (stray_file, "row_missing"),
    "a part without its second half, END unsigned": (cut, "row_differs"),
    "the same, rows and journal falsified too": (cut_and_admit, "signature_missing"),
    "a part that the keeper closed without its second half": (cut_the_killed, "signature_wrong"),
    "a part sealed anew, and its row falsified": (fill_up, "journal_differs"),
    "the key daemon's public key removed": (
        without("signing.pub"),
        "signature_unchecked",
    ),
    "a part without its second half, END signed before": (
        cut_and_keep_signature,
        "signature_wrong",
    ),
    "the node's key removed": (node_key(None), "signature_unchecked"),
    "the node's key damaged": (node_key("no key"), "signature_unchecked"),
    "the node's key replaced": (node_key("11" * 32), "signature_wrong"),
    "a map removed": (no_map, "map_missing"),
    "a map of another part": (another_map, "map_damaged"),
    "a map with another Merkle root": (false_map(root=bytes(32)), "map_differs"),
    "a map without its events": (false_map(events=()), "map_differs"),
    "a map with other counts": (false_counts, "map_differs"),
    "a map with other offsets": (false_offsets, "map_differs"),
    "a map with other peaks": (false_peaks, "peaks_differ"),
    "a map that tells of no gaps, and its row with it": (map_without_gaps, "map_differs"),
    "a map that cannot be read": (unreadable_map, "map_unreadable"),
    "a part that cannot be read": (unreadable_file, "file_unreadable"),
    "a key opened under an entry that was never committed": (
        open_without_an_entry,
        "opening_without_entry",
    ),
    "an entry removed under which keys were opened": (
        change_the_journal("DELETE FROM journal WHERE action = 'verified'"),
        "opening_without_entry",
    ),
    "an entry changed under which keys were opened": (
        change_the_journal("UPDATE journal SET actor = 'nobody' WHERE action = 'verified'"),
        "entry_changed",
    ),
    "an opening removed from the keystore": (after_a_look(take_out_openings), "opening_missing"),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_was_tampered_with_is_found_and_named(evidence: Evidence, way: str) -> None:
    """Exit 3, with a line that says what; everything else is read on."""
    act, fault = WAYS[way]
    act(evidence)

    code, said = evidence.verify()

    assert fault in {row["fault"] for row in said["findings"]}
    assert code == 3
    assert said["parts"] >= len(evidence.parts) - 1


def test_the_archive_as_the_keeper_made_it_is_whole_and_its_signatures_are_counted(
    evidence: Evidence,
) -> None:
    """Nothing is told of what nobody changed."""
    code, said = evidence.verify()

    assert (code, said["findings"], said["parts"]) == (0, [], len(evidence.parts))
    assert said["signatures"] == {"node": len(evidence.parts) - 1, "keeper": 1}


def test_each_row_of_the_document_has_its_example() -> None:
    """And each example its row; what nothing finds yet stands apart."""
    table = DOCUMENT.read_text("utf-8").partition("## What is found")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (.+?) \| `rokuon verify` \| `(\w+)` ", table, re.MULTILINE)

    ways = [(way, fault) for way, (_, fault) in WAYS.items()]
    assert sorted(rows) == sorted(ways + [(way, each.fault) for way, each in INDEX_WAYS.items()])
