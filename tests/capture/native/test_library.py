"""The compiled loop is loaded only if it is the one that belongs here."""

from ctypes import CDLL
from pathlib import Path

import pytest

from capture.native.library import Unavailable, load_library
from tests.capture.native.compiled import compiled, needs_compiler


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """As it is compiled here."""
    return compiled(tmp_path / "relay_loop.so")


@needs_compiler
def test_the_loop_that_was_compiled_here_is_loaded(built: Path) -> None:
    """It says of which version it is."""
    library = load_library(built)

    assert isinstance(library, CDLL)
    assert library.rokuon_abi() == CDLL(str(built)).rokuon_abi()


def test_without_a_compiled_loop_the_reason_is_that_there_is_none(tmp_path: Path) -> None:
    """As where there was no compiler."""
    assert load_library(tmp_path / "relay_loop.so") is Unavailable.NOT_BUILT


@needs_compiler
@pytest.mark.parametrize("opened", ["relay_loop.so", "."])
def test_what_everybody_may_write_is_not_loaded(built: Path, opened: str) -> None:
    """Everybody's code would run where calls are heard; the folder counts as the file does."""
    path = built.parent / opened
    path.chmod(path.stat().st_mode | 0o002)

    assert load_library(built) is Unavailable.WRITABLE


@pytest.mark.parametrize("torn", [b"", b"\x7fELF"])
def test_a_torn_file_is_a_reason_and_no_error(tmp_path: Path, torn: bytes) -> None:
    """A relay starts all the same."""
    path = tmp_path / "relay_loop.so"
    path.write_bytes(torn)

    assert load_library(path) is Unavailable.NOT_LOADABLE


@needs_compiler
def test_a_library_that_is_none_of_ours_is_a_reason_and_no_error(tmp_path: Path) -> None:
    """It has no version that it could say."""
    source = tmp_path / "other.c"
    source.write_text("int other(void);\nint other(void) { return 0; }\n")
    compiled(tmp_path / "relay_loop.so", source=source)

    assert load_library(tmp_path / "relay_loop.so") is Unavailable.NOT_LOADABLE


@needs_compiler
def test_a_loop_of_another_version_is_not_used(tmp_path: Path) -> None:
    """Python and C would mean different bytes by the same field."""
    source = tmp_path / "relay_loop.c"
    source.write_text("unsigned rokuon_abi(void);\nunsigned rokuon_abi(void) { return 4096; }\n")
    compiled(tmp_path / "relay_loop.so", source=source)

    assert load_library(tmp_path / "relay_loop.so") is Unavailable.OTHER_VERSION
