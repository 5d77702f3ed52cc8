"""Keys of SRTP as the compiled loop has them."""

import pytest

from capture.media.relay.compiled_keys import CompiledKeys, NoKeys, keys_of
from capture.media.relay.srtp import MAX_KEYS, SrtpSealer
from capture.native.choice import choose_loop
from capture.native.layout import LoopEnd
from tests.capture.media.relay_scene import Stage, call
from tests.capture.media.scene import rtp
from tests.support.media.relay_secrecy import line, opening, seal, session

library = choose_loop("native").library


@pytest.fixture
def keys() -> CompiledKeys:
    """Those of the compiled loop, where it finds libcrypto."""
    made = NoKeys() if library is None else keys_of(library)
    if isinstance(made, NoKeys):
        pytest.skip("no compiled loop, or no libcrypto")
    assert isinstance(made, CompiledKeys)
    return made


def test_a_key_is_made_once_and_forgotten_with_the_call(keys: CompiledKeys) -> None:
    """Signalling says the same again with each change of a call."""
    loop_end, sealing = LoopEnd(owner=3), SrtpSealer(line(), 0)
    keys.seal(loop_end, sealing)
    made = loop_end.sealer
    keys.seal(loop_end, sealing)

    assert made is not None
    assert loop_end.sealer == made
    keys.seal(loop_end, SrtpSealer(line(fill=8), 0))
    assert loop_end.sealer is not None
    keys.forget(loop_end)
    assert loop_end.sealer is None


def test_nothing_is_opened_before_a_key_has_fitted(keys: CompiledKeys) -> None:
    """Of several keys that a party has named, its packets say which it is."""
    loop_end, known = LoopEnd(owner=3), opening(line(fill=1), line(fill=2))
    keys.open(loop_end, known)
    assert loop_end.opener is None
    known.open(seal(SrtpSealer(line(fill=1), 0), 9))
    loop_end.turn = known.turn
    keys.open(loop_end, known)

    assert loop_end.opener is not None
    assert loop_end.opener_key == known.turn.key != 0
    keys.forget(loop_end)
    assert (loop_end.opener, loop_end.opener_key) == (None, 0)


def test_a_library_without_libcrypto_has_no_keys() -> None:
    """SRTP is Python's then."""

    class Found:
        """`rokuon_crypto` of a machine that has none."""

        restype = argtypes = None

        def __call__(self) -> bool:
            return False

    class Without:
        rokuon_crypto = Found()

    assert isinstance(keys_of(Without()), NoKeys)  # type: ignore[arg-type]


def test_a_key_that_is_known_no_more_opens_nothing(stage: Stage) -> None:
    """Of a party that names keys without end, its oldest one is let go."""
    former = session(fill=1)
    stage.tell(call(stage, {"keys": (line(fill=1),)}))
    stage.send(stage.caller, *[former.protect(rtp(n)) for n in (1, 2)], to=0)
    stage.send(stage.caller, former.protect(rtp(3)), to=0)
    for _ in range(3):
        stage.callee.hears()
    stage.tell(call(stage, {"keys": tuple(line(fill=2 + n) for n in range(MAX_KEYS))}))
    stage.send(stage.caller, former.protect(rtp(4)), to=0)

    assert stage.callee.hears_nothing()


def test_a_party_that_takes_another_key_is_followed(stage: Stage) -> None:
    """A re-INVITE keys anew; packets of the former key that are under way are heard as well."""
    former, latter = session(fill=1), session(fill=2)
    stage.tell(call(stage, {"keys": (line(fill=1),)}))
    stage.send(stage.caller, *[former.protect(rtp(n)) for n in (1, 2)], to=0)
    stage.tell(call(stage, {"keys": (line(fill=2),)}))
    stage.send(stage.caller, former.protect(rtp(3)), latter.protect(rtp(4)), to=0)
    stage.send(stage.caller, latter.protect(rtp(5)), latter.protect(rtp(6)), to=0)
    end = stage.relay.roster.by_pair[0]

    assert [stage.callee.hears()[2:4] for _ in range(6)] == [
        (1_000 + number).to_bytes(2, "big") for number in range(6)
    ]
    assert end.turn.highest == 6
