"""What the operating system refuses, as people read it."""

import errno
import os
import socket
from pathlib import Path

import pytest

from rokuon.messages.system_errors import in_words


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """The path is what has to be corrected."""
    with pytest.raises(OSError) as refused:  # noqa: PT011  # which one is what is tested
        (tmp_path / "a").read_bytes()

    assert in_words(refused.value) == f"{tmp_path}/a: there is no such file or folder"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EACCES, "/x: not permitted:"),
        (errno.EPERM, "/x: not permitted:"),
        (errno.ENOSPC, "/x: the disk is full"),
        (errno.EROFS, "/x: the disk is mounted for reading alone"),
        (errno.EISDIR, "/x: it is a folder"),
        (errno.EMFILE, "/x: too many files are open"),
    ],
)
def test_what_is_wrong_is_a_sentence_behind_the_path(number: int, words: str) -> None:
    """No number of an error, no name of a class."""
    said = in_words(OSError(number, os.strerror(number), "/x"))

    assert said.startswith(words)
    assert "Errno" not in said


def test_an_address_in_use_is_named_however_python_says_it() -> None:
    """Two ways of listening, one sentence."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError) as refused:  # noqa: PT011  # which one is what is tested
            socket.create_server(("127.0.0.1", port))
    by_loop = OSError(
        errno.EADDRINUSE,
        f"error while attempting to bind on address ('127.0.0.1', {port}): address already in use",
    )

    words = f"127.0.0.1:{port}: another program has this address"
    assert (in_words(refused.value), in_words(by_loop)) == (words, words)


def test_an_error_that_we_have_no_words_for_keeps_those_of_the_system() -> None:
    """Better than none."""
    assert in_words(OSError(errno.EXDEV, "Invalid cross-device link", "/x", None, "/y")) == (
        "/x, /y: Invalid cross-device link"
    )
    assert in_words(OSError("as it is")) == "as it is"
    assert in_words(TimeoutError()) == "nobody answers there"
