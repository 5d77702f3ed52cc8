"""Which loop a relay runs."""

import pytest

from capture.native import choice
from capture.native.choice import Because, LoopChoice, LoopWord, RelayLoop, choose_loop
from capture.native.library import Unavailable, load_library


def test_who_wishes_python_s_loop_has_it() -> None:
    """Also where the compiled one is there: nothing is lacking."""
    chosen = choose_loop("python")

    assert chosen == LoopChoice(RelayLoop.PYTHON, Because.WISHED)
    assert not chosen.is_lacking


@pytest.mark.parametrize("wish", ["auto", "native"])
def test_without_the_compiled_loop_it_is_python_s(
    wish: LoopWord, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Calls go through all the same, and the reason is told."""
    monkeypatch.setattr(choice, "load_library", lambda: Unavailable.NOT_BUILT)
    chosen = choose_loop(wish)

    assert chosen == LoopChoice(RelayLoop.PYTHON, Unavailable.NOT_BUILT)
    assert chosen.is_lacking


@pytest.mark.skipif(isinstance(load_library(), Unavailable), reason="no compiled loop")
def test_another_layout_is_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would write where something else lies."""
    assert choose_loop("auto").loop is RelayLoop.NATIVE
    monkeypatch.setattr(choice, "described", lambda: [1, 2, 3])
    chosen = choose_loop("auto")

    assert chosen == LoopChoice(RelayLoop.PYTHON, Because.OTHER_LAYOUT)
    assert chosen.is_lacking


@pytest.mark.skipif(isinstance(load_library(), Unavailable), reason="no compiled loop")
def test_without_libcrypto_only_calls_in_clear_take_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """And it says so: with SRTP a call costs several times as much."""
    assert choose_loop("auto").loop is RelayLoop.NATIVE
    monkeypatch.setattr(choice, "finds_crypto", lambda _: False)
    chosen = choose_loop("auto")

    assert (chosen.loop, chosen.because) == (RelayLoop.NATIVE_CLEAR, Because.NO_CRYPTO)
    assert chosen.library is not None
    assert chosen.is_lacking
