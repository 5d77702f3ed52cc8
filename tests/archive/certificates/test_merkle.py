"""The Merkle tree: the standard's, with its proofs."""

import hashlib

import pytest
from hypothesis import given, strategies as st

from archive.certificates.merkle import GrowingTree, leaf_hash, path_to, root, root_by
from archive.errors import ProofWrong

# The leaves and roots that implementations of Certificate Transparency test with.
LEAVES = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    bytes(range(96, 112)).hex(),
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def sha(*pieces: bytes) -> bytes:
    return hashlib.sha256(b"".join(pieces)).digest()


def by_definition(leaves: list[bytes]) -> bytes:
    """RFC 9162 section 2.1.1, word for word."""
    if not leaves:
        return sha()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha(b"\x01", by_definition(leaves[:split]), by_definition(leaves[split:]))


def grown(leaves: list[bytes]) -> bytes:
    tree = GrowingTree()
    for leaf in leaves:
        tree.add(leaf)
    assert tree.size == len(leaves)
    return tree.root()


@pytest.mark.parametrize("count", range(len(ROOTS)))
def test_the_roots_are_those_that_others_have(count: int) -> None:
    """Proofs are checked by others, who know the standard's tree."""
    leaves = [leaf_hash(bytes.fromhex(each)) for each in LEAVES[:count]]

    assert root(leaves).hex() == grown(leaves).hex() == ROOTS[count]


@pytest.mark.parametrize("count", range(20))
def test_the_root_is_that_of_the_standard_whichever_way_it_is_made(count: int) -> None:
    """The key daemon never holds all leaves; who checks a list does."""
    leaves = [sha(bytes([n])) for n in range(count)]

    assert root(leaves) == grown(leaves) == by_definition(leaves)


@given(st.integers(1, 70).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size - 1))))
def test_every_leaf_has_a_proof_and_no_other_leaf_or_place_passes_with_it(
    drawn: tuple[int, int],
) -> None:
    """A proof of one recording says nothing of another."""
    size, place = drawn
    leaves = [sha(bytes([n])) for n in range(size)]
    path, whole = path_to(leaves, place), root(leaves)

    assert root_by(path, leaves[place], place, size) == whole
    for other in range(size):
        if other != place:
            assert root_by(path, leaves[other], place, size) != whole
            assert _led(path, leaves[place], other, size) != whole


def _led(path: tuple[bytes, ...], leaf: bytes, place: int, size: int) -> bytes | None:
    try:
        return root_by(path, leaf, place, size)
    except ProofWrong:
        return None


@given(st.integers(2, 40), st.data())
def test_a_changed_hash_on_the_way_leads_elsewhere(size: int, data: st.DataObject) -> None:
    """Whatever byte it is."""
    leaves = [sha(bytes([n])) for n in range(size)]
    place = data.draw(st.integers(0, size - 1))
    path = [bytearray(each) for each in path_to(leaves, place)]
    path[data.draw(st.integers(0, len(path) - 1))][data.draw(st.integers(0, 31))] ^= 1

    assert root_by([bytes(each) for each in path], leaves[place], place, size) != root(leaves)


@pytest.mark.parametrize(
    ("path", "place", "size"),
    [((), 1, 1), ((), -1, 1), ((), 0, 2), ((sha(),), 0, 1), ((sha(), sha()), 0, 2)],
)
def test_a_path_that_fits_no_such_tree_is_refused(
    path: tuple[bytes, ...], place: int, size: int
) -> None:
    """A path too short could name a node as a leaf."""
    with pytest.raises(ProofWrong):
        root_by(path, sha(b"leaf"), place, size)
