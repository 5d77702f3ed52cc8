"""Where the processes of one node meet: sockets, and prompts to be played, in its run folder.

Knows their paths, nothing of what is said over them.
"""

from pathlib import Path

from rokuon.config.schema import Config


def holder_socket(config: Config) -> Path:
    return config.run_path / "holder.sock"


def status_socket(config: Config) -> Path:
    """Where signalling answers questions about live calls."""
    return config.run_path / "status.sock"


def relay_socket(config: Config) -> Path:
    return config.run_path / "relay.sock"


def link_socket(config: Config) -> Path:
    """Where signalling meets the ingest workers."""
    return config.run_path / "recorder.sock"


def prompts_path(config: Config) -> Path:
    """Where a relay finds what it plays."""
    return config.run_path / "prompts"
