"""What stands above the rules of a retention policy over recordings: legal holds.

The one way to it: `explain`, a simulation and the sweep ask here alike. Knows nothing of rules, nor
of what time it is.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from api.retention.history import moment
from archive.catalog.legal_holds import Over, holds_over
from archive.ids import RecordingId
from retention.decision import Hold, Standing


def standing_of(
    connection: Connection, tenant: int, recordings: Sequence[RecordingId]
) -> Mapping[RecordingId, Standing]:
    """What stands over each; over those that are missing, nothing."""
    held: defaultdict[RecordingId, list[Hold]] = defaultdict(list)
    for each in holds_over(connection, tenant, recordings):
        held[each.recording].append(_hold(each))
    return {own: Standing(holds=tuple(holds)) for own, holds in held.items()}


def _hold(over: Over) -> Hold:
    until = None if over.until_us is None else moment(over.until_us)
    return Hold(str(over.number), over.matter, until)
