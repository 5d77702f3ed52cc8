"""Which settings are read again while a node runs, and which wait for a restart.

Pure. Knows nothing of who reads them.
"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Final

from rokuon.config.schema import Config

# Read again with the sources; but the first certificate needs a port, which is opened at the start.
_TLS: Final = frozenset({"certificate", "key", "client_authorities", "client_certificates"})

# Read again with routes, targets, hours and prompts; marks of packets are set on open sockets.
_INLINE: Final = frozenset({"emergency", "emergency_to", "session_expires_s"})


def waiting_for_restart(begun: Config, now: Config) -> tuple[str, ...]:
    """The settings that differ and are read at the start alone, by their names in the file."""
    at_once = {f"inline.{name}" for name in _INLINE}
    if begun.sip.certificate:
        at_once |= {f"sip.{name}" for name in _TLS}
    waiting = tuple(name for name in _differing(begun, now) if name not in at_once)
    # Relays are started with a node that has routes; without them nobody would hear anybody.
    return ("route", *waiting) if now.has_inline and not begun.has_inline else waiting


def _differing(one: Config, other: Config) -> Iterator[str]:
    for section in fields(Config):
        before, after = getattr(one, section.name), getattr(other, section.name)
        if is_dataclass(before):  # lists are none: all of them are read again
            for setting in fields(before):
                if getattr(before, setting.name) != getattr(after, setting.name):
                    yield f"{section.name}.{setting.name}"
