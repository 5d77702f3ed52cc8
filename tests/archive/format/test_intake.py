"""The intake page and the list of intake keys: who can make one, who can open one."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from archive.errors import HeaderDamaged, SignatureWrong
from archive.format.header import HeaderBlock, block_bytes
from archive.format.intake import (
    HYBRID_SUITE,
    P256_SUITE,
    IntakeKeyList,
    IntakeListDamaged,
    IntakePage,
    IntakePrivateKey,
    IntakePublicKey,
    ListedIntakeKey,
    generate_intake_key,
    open_page,
    seal_page,
    verify_page,
)
from archive.ids import DEFAULT_TENANT, IntakeKeyId, KeyId, NodeId, RecordingId

SUITES = [HYBRID_SUITE, P256_SUITE]
DATA_KEY = bytearray(range(32))
NODE = NodeId(b"n" * 16)
NODE_KEY = Ed25519PrivateKey.from_private_bytes(b"s" * 32)
HEADER = HeaderBlock(
    recording=RecordingId(bytes(16)),
    part=0,
    generation=0,
    key=KeyId(b"k" * 16),
    node=NODE,
    tenant=DEFAULT_TENANT,
    created_us=1,
    oldest_ms=900,
)
BLOCK = block_bytes(HEADER, b"f" * 74)
KEYS = {suite: generate_intake_key(IntakeKeyId(b"i" * 16), suite) for suite in SUITES}


def _page(suite: int) -> bytes:
    to = KEYS[suite].public_key()
    return seal_page(DATA_KEY, BLOCK, to=to, node=NODE, sign=NODE_KEY.sign)


@pytest.mark.parametrize("suite", SUITES)
def test_the_holder_of_the_intake_key_opens_the_page(suite: int) -> None:
    """Capture seals and cannot open; the key daemon opens."""
    page = _page(suite)

    verify_page(page, BLOCK, NODE_KEY.public_key())
    opened = open_page(page, BLOCK, KEYS[suite])

    assert len(page) == 4096
    assert isinstance(opened, bytearray)
    assert opened == DATA_KEY


@pytest.mark.parametrize("suite", SUITES)
def test_no_byte_of_the_page_can_be_changed_unseen(suite: int) -> None:
    """Who can write to the spool, but has no node key, cannot make an acceptable page."""
    page = _page(suite)
    for at in range(4096):
        changed = bytearray(page)
        changed[at] ^= 1
        with pytest.raises((SignatureWrong, HeaderDamaged)):
            verify_page(bytes(changed), BLOCK, NODE_KEY.public_key())


@pytest.mark.parametrize("suite", SUITES)
def test_a_page_belongs_to_one_header_block(suite: int) -> None:
    """A page moved in front of another part neither verifies nor opens."""
    page = _page(suite)
    other = block_bytes(replace(HEADER, part=1), b"f" * 74)

    with pytest.raises(SignatureWrong):
        verify_page(page, other, NODE_KEY.public_key())
    with pytest.raises(HeaderDamaged, match="does not open"):
        open_page(page, other, KEYS[suite])


def test_the_node_of_the_page_is_the_node_of_the_header() -> None:
    """Else one node could write parts in another's name."""
    to = KEYS[P256_SUITE].public_key()
    page = seal_page(DATA_KEY, BLOCK, to=to, node=NodeId(b"m" * 16), sign=NODE_KEY.sign)

    with pytest.raises(SignatureWrong, match="another node"):
        verify_page(page, BLOCK, NODE_KEY.public_key())


@pytest.mark.parametrize("suite", SUITES)
def test_another_intake_key_does_not_open(suite: int) -> None:
    """Neither one of another name, nor one of the same name and other secrets."""
    page = _page(suite)
    renamed = replace(KEYS[suite], id=IntakeKeyId(b"j" * 16))
    remade = generate_intake_key(KEYS[suite].id, suite)

    with pytest.raises(HeaderDamaged, match="another intake key"):
        open_page(page, BLOCK, renamed)
    with pytest.raises(HeaderDamaged, match="does not open"):
        open_page(page, BLOCK, remade)


@pytest.mark.parametrize(
    ("offset", "value"),
    [(0, b"X"), (8, b"\x00\x02"), (10, b"\x00\x03"), (12, b"\x00\x00\x0f\xff"), (4000, b"\x01")],
)
def test_what_version_1_does_not_write_is_no_page(offset: int, value: bytes) -> None:
    """Refused before a length is believed or a key is tried."""
    page = _page(HYBRID_SUITE)

    with pytest.raises(HeaderDamaged):
        IntakePage.decode(page[:offset] + value + page[offset + len(value) :])


@pytest.mark.parametrize("length", [0, 48, 4095, 4097])
def test_a_page_of_another_length_is_refused(length: int) -> None:
    """A torn first block is a named error."""
    with pytest.raises(HeaderDamaged):
        IntakePage.decode((_page(P256_SUITE) + b"\x00")[:length])


@pytest.mark.parametrize("suite", SUITES)
def test_a_private_key_survives_as_its_seeds_and_never_shows_them(suite: int) -> None:
    """The key daemon keeps the seeds wrapped; a trace or a log line must not hold them."""
    private = KEYS[suite]
    again = IntakePrivateKey(private.id, suite, bytes(private.seeds))

    assert again.public_key() == private.public_key()
    assert private.seeds.hex() not in repr(private)
    assert repr(private.seeds) not in repr(private)


@pytest.mark.parametrize("suite", [0, HYBRID_SUITE, P256_SUITE, 3])
def test_bytes_that_are_no_key_are_refused(suite: int) -> None:
    """A broken key is named when it is loaded, not when a call waits for it."""
    with pytest.raises(ValueError, match=r".*"):
        IntakePublicKey(IntakeKeyId(bytes(16)), suite, b"\x04" + bytes(64)).load()
    with pytest.raises(ValueError, match=r".*"):
        IntakePrivateKey(IntakeKeyId(bytes(16)), suite, bytes(31)).load()


LISTED = IntakeKeyList(
    tuple(ListedIntakeKey(KEYS[suite].public_key(), created_us=suite * 1000) for suite in SUITES)
).signed(NODE_KEY.sign)


def test_the_key_list_reads_back_and_verifies() -> None:
    """Capture takes its keys from a file that only the key daemon can write."""
    again = IntakeKeyList.decode(LISTED.encode())
    again.verify(NODE_KEY.public_key())

    assert again == LISTED
    assert again.newest() == KEYS[P256_SUITE].public_key()


def test_a_changed_key_list_does_not_verify() -> None:
    """Else whoever writes the file could have everything sealed to himself."""
    foreign = ListedIntakeKey(generate_intake_key(IntakeKeyId(bytes(16))).public_key(), 9999)
    changed = replace(LISTED, keys=(*LISTED.keys, foreign))

    with pytest.raises(SignatureWrong):
        IntakeKeyList.decode(changed.encode()).verify(NODE_KEY.public_key())


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{}",
        b'{"version": 2, "keys": [], "signature": ""}',
        b'{"version": 1, "keys": [], "signature": ""}',
        b'{"version": 1, "keys": [{"id": "00", "suite": 1, "public": "", "created_us": 0}]}',
        LISTED.encode().replace(b'"suite":1', b'"suite":3'),
        LISTED.encode().replace(b'"version"', b'"extra":1,"version"'),
    ],
)
def test_what_is_no_key_list_is_refused(text: bytes) -> None:
    """Capture refuses to start with it, instead of sealing to nothing."""
    with pytest.raises(IntakeListDamaged):
        IntakeKeyList.decode(text)
