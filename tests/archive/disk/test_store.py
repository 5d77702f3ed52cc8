"""Objects in local files: put once, read by range, deleted for good."""

import hashlib
from pathlib import Path

import pytest

from archive.disk.files import LocalDisk, draft_of
from archive.disk.store import (
    CHUNK_BYTES,
    LocalStore,
    NameRefused,
    ObjectDiffers,
    ObjectMissing,
    StoredObject,
    chunks_from,
)

NAME = "tenant/2026/11/25/part.rkn"


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path, LocalDisk())


def test_an_object_is_described_as_it_was_put(store: LocalStore) -> None:
    """Size and digest come from the bytes that went to the disk."""
    put = store.put(NAME, lambda: (b"sealed", b" part"))

    assert put == StoredObject(
        name=NAME, size_bytes=11, sha256=hashlib.sha256(b"sealed part").digest()
    )
    assert store.describe(NAME) == put


def test_putting_the_same_again_changes_nothing(store: LocalStore) -> None:
    """The second run of a keeper; not even the file is another one."""
    first = store.put(NAME, lambda: (b"sealed",))
    inode = store.path(NAME).stat().st_ino

    assert store.put(NAME, lambda: (b"sea", b"led")) == first
    assert store.path(NAME).stat().st_ino == inode


def test_other_bytes_under_the_same_name_are_refused(store: LocalStore) -> None:
    """An archived object is evidence: nothing replaces it."""
    store.put(NAME, lambda: (b"sealed",))

    with pytest.raises(ObjectDiffers):
        store.put(NAME, lambda: (b"forged",))
    assert store.read(NAME, 0, 100) == b"sealed"


@pytest.mark.parametrize(
    "name",
    ["", "/etc/passwd", "..", "../x", "a/../../x", "a/.hidden", "a/b/c/d/e/f", "//a"],
)
def test_a_name_that_leads_elsewhere_is_refused(store: LocalStore, name: str) -> None:
    """Names come from header blocks and from the catalog; neither decides about paths."""
    with pytest.raises(NameRefused):
        store.path(name)


@pytest.mark.parametrize(
    ("offset", "length", "read"),
    [(0, 3, b"sea"), (3, 3, b"led"), (3, 99, b"led"), (6, 1, b""), (99, 1, b"")],
)
def test_a_range_ends_where_the_object_ends(
    store: LocalStore, offset: int, length: int, read: bytes
) -> None:
    """As a file does: fewer bytes, no error."""
    store.put(NAME, lambda: (b"sealed",))

    assert store.read(NAME, offset, length) == read


def test_a_deleted_object_is_gone_and_may_be_deleted_again(store: LocalStore) -> None:
    """Destruction is repeated until it is seen to be done."""
    store.put(NAME, lambda: (b"sealed",))
    for _ in range(2):
        store.delete(NAME)

    assert not store.exists(NAME)
    for attempt in (store.describe, store.source):
        with pytest.raises(ObjectMissing):
            attempt(NAME)


def test_a_draft_is_no_object_until_it_is_settled(store: LocalStore) -> None:
    """Many are written, then synced together: none may be read before it will stay."""
    drafts = [store.draft(f"t/2026/11/25/{n}.rkn", lambda: (b"sealed",)) for n in range(3)]
    assert list(store.names(".rkn")) == []

    store.settle(drafts)
    assert [store.read(name, 0, 9) for name in store.names(".rkn")] == [b"sealed"] * 3


def test_what_is_there_is_kept_as_it_is(store: LocalStore) -> None:
    """A map that opens keeps its bytes, and is made to stay."""
    stored = store.put(NAME, lambda: (b"sealed",))
    kept = store.keep(NAME)
    store.settle([kept, store.draft(NAME, lambda: (b"sealed",))])

    assert (kept.stored, kept.is_there) == (stored, True)
    with pytest.raises(ObjectMissing):
        store.keep("t/2026/11/25/none.rkn")


def test_objects_are_listed_in_order_and_drafts_are_not(store: LocalStore) -> None:
    """What rebuilds the index must see whole objects only."""
    for name in ("t/2026/11/25/b.rkn", "t/2026/11/24/c.rkn", "t/2026/11/25/b.rkm"):
        store.put(name, lambda: (b"x",))
    draft_of(store.path("t/2026/11/25/a.rkn")).write_bytes(b"half")

    assert list(store.names(".rkn")) == ["t/2026/11/24/c.rkn", "t/2026/11/25/b.rkn"]


def test_a_large_object_is_copied_in_chunks(store: LocalStore) -> None:
    """256 MiB are never held in memory."""
    content = bytes(CHUNK_BYTES) + b"tail"
    store.put(NAME, lambda: (content,))
    with store.source(NAME) as source:
        assert [len(chunk) for chunk in chunks_from(source)] == [CHUNK_BYTES, 4]


def test_an_object_is_for_owner_and_group(store: LocalStore) -> None:
    """The API reads as a member of the group; nobody else does."""
    store.put(NAME, lambda: (b"sealed",))

    assert store.path(NAME).stat().st_mode & 0o137 == 0


def test_a_folder_that_a_disk_lost_is_made_again(store: LocalStore) -> None:
    """Mounted anew after a failure, it may lack the day's; a keeper remembers that it made it."""
    first = store.put(NAME, lambda: (b"one",))
    store.delete(NAME)
    store.path(NAME).parent.rmdir()

    assert store.put(NAME, lambda: (b"one",)) == first
