"""Where the API of a configuration is asked, for commands that need nothing else of it.

Reads two settings and leaves all others, right or wrong, to who reads the whole: that takes a
command longer than asking. Knows the places of both settings alone.
"""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Final

DEFAULT_DATA: Final = "var"
# Below the data folder, unless `http.socket` is given.
API_SOCKET: Final = "run/api.sock"


def api_socket(file: Path | None, as_loaded: Callable[[Path], Path]) -> Path:
    """The socket that a node with this configuration file answers at; without one the defaults.

    What cannot be read so is for the whole to judge, which says what is wrong with it: `as_loaded`.
    Raises `OSError` where the file cannot be read, and what `as_loaded` does.
    """
    if file is None:
        return data_folder({}, Path.cwd()) / API_SOCKET
    try:
        document = tomllib.loads(file.read_bytes().decode("utf-8", "replace"))
    except tomllib.TOMLDecodeError:
        return as_loaded(file)
    base = file.absolute().parent
    given = _section(document, "http").get("socket")
    if given is None:
        return data_folder(document, base) / API_SOCKET
    if not isinstance(given, str) or not given:
        return as_loaded(file)
    return base / Path(given).expanduser()


def data_folder(document: dict[str, object], base: Path) -> Path:
    """The data folder that a document gives; relative paths start from `base`."""
    data = _section(document, "node").get("data")
    is_given = isinstance(data, str) and data != ""
    return base / Path(str(data) if is_given else DEFAULT_DATA).expanduser()


def _section(document: dict[str, object], name: str) -> dict[str, object]:
    section = document.get(name)
    return section if isinstance(section, dict) else {}
