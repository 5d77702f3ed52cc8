"""The processes of a supervisor that a test has. Knows nothing of what they do."""

from rokuon.compose.processes.supervisor import Supervisor


def process_id(supervisor: Supervisor, name: str) -> int | None:
    """The process of a part now, None while there is none."""
    process = supervisor._parts[name].process
    return process.pid if process is not None and process.returncode is None else None
