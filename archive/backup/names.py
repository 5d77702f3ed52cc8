"""The file names of backup sets: kind, moment, epoch.

Pure. Knows nothing of folders.
"""

from datetime import UTC, datetime

from archive.backup.sealed import SET_SUFFIX, SetLead


def set_name(lead: SetLead) -> str:
    """The name under which a set is kept."""
    at = datetime.fromtimestamp(lead.made_us // 1_000_000, UTC)
    return f"{lead.kind.name.lower()}-{at:%Y%m%dT%H%M%SZ}-e{lead.epoch:06d}{SET_SUFFIX}"
