"""What all commands share: which configuration they run with.

Knows how it is found, nothing of what it says.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from rokuon.config.api_socket import api_socket
from rokuon.config.site_zone import site_country, site_zone

if TYPE_CHECKING:
    from rokuon.config.schema import Config


@dataclass(frozen=True, slots=True)
class Session:
    """The options before the noun; no file means the defaults, with `./var`."""

    config_file: Path | None
    language: str

    def config(self) -> "Config":
        """Read the configuration. Raises `ConfigRefused` or `OSError`."""
        from rokuon.config.load import load

        return load(self.config_file)

    def api_socket(self) -> Path:
        """Where the running node is asked. Raises `ConfigRefused` or `OSError`."""
        return api_socket(self.config_file, _socket_as_loaded)

    def site_zone(self) -> str:
        """The one zone that its sources state, "" where there is none."""
        return site_zone(self.config_file)

    def site_country(self) -> str:
        """The country of its first source, as the pages have it; "" where none is stated."""
        return site_country(self.config_file)

    def arguments(self) -> tuple[str, ...]:
        """The same options for a process of our own."""
        return ("--lang", self.language, *self.config_option())

    def config_option(self) -> tuple[str, ...]:
        """The option that a command of the same node needs; also where a variable gave the file."""
        return ("--config", str(self.config_file)) if self.config_file else ()


def _socket_as_loaded(file: Path) -> Path:
    from rokuon.config.load import load

    return load(file).http.socket


def session_of(context: typer.Context) -> Session:
    """The session that the root command made."""
    session = context.find_object(Session)
    assert session is not None
    return session


def config_of(context: typer.Context) -> "Config":
    """The configuration of a command. Raises `ConfigRefused` or `OSError`."""
    return session_of(context).config()
