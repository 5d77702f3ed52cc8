"""Commands find the API where the node that reads the whole configuration serves it."""

from pathlib import Path

import pytest

from rokuon.config.api_socket import api_socket
from rokuon.config.config_problems import ConfigRefused
from rokuon.config.load import load


def as_loaded(file: Path) -> Path:
    """As every command has it."""
    return load(file).http.socket


@pytest.mark.parametrize(
    "text",
    [
        "",
        '[node]\ndata = "elsewhere"\n',
        '[node]\ndata = "~/elsewhere"\n',
        '[http]\nsocket = "here.sock"\n',
        '[node]\ndata = "/data"\n[http]\nport = 8081\n',
        '[node]\ndata = "/data"\n[http]\nsocket = "/run/rokuon.sock"\n',
    ],
)
def test_it_is_the_socket_that_the_node_has(tmp_path: Path, text: str) -> None:
    """Two ways to read one file must not part."""
    file = tmp_path / "rokuon.toml"
    file.write_text(text)

    assert api_socket(file, as_loaded) == load(file).http.socket


def test_without_a_file_it_is_below_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for `make run`."""
    monkeypatch.chdir(tmp_path)

    assert api_socket(None, as_loaded) == load(None).http.socket == tmp_path / "var/run/api.sock"


def test_a_fault_elsewhere_does_not_keep_anybody_from_asking(tmp_path: Path) -> None:
    """The node runs with what it read before; a source is being added to the file."""
    file = tmp_path / "rokuon.toml"
    file.write_text("[[source]]\nname = 7\n")

    assert api_socket(file, as_loaded) == tmp_path / "var/run/api.sock"


@pytest.mark.parametrize("text", ["[http", "[http]\nsocket = 7\n", '[http]\nsocket = ""\n'])
def test_what_cannot_be_read_is_refused_with_its_place(tmp_path: Path, text: str) -> None:
    """In the words of `config check`."""
    file = tmp_path / "rokuon.toml"
    file.write_text(text)

    with pytest.raises(ConfigRefused) as refused:
        api_socket(file, as_loaded)
    assert refused.value.findings.problems
