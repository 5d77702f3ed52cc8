"""What tests of destruction share."""

from sqlalchemy import Engine

from archive.access.reach import ReachFacts
from archive.catalog.database.engine import writing
from archive.catalog.destruction.tombstones import place_tombstone
from archive.catalog.index.removal import remove_recording
from archive.catalog.retention.revisions import NewRevision, append_revision
from archive.ids import RecordingId
from archive.lifecycle.tombstone import Remains, Tombstone
from retention.policies.policy_text import policy_text
from tests.api.examples import CALL
from tests.archive.catalog.examples import MINUTE_US, NOW_US, STARTED_US, author
from tests.retention.examples import policy, rule

HOUR_US = 60 * MINUTE_US


AT_HOUR_US = STARTED_US - STARTED_US % HOUR_US


def take_over(engine: Engine) -> None:
    """Whatever is a week old must go."""
    text = policy_text(policy(rule("week", after="P7D")))
    with writing(engine) as connection:
        new = NewRevision(text=text, in_force_us=NOW_US, is_retroactive=True)
        append_revision(connection, author(), new)


def destroyed(engine: Engine, *queues: str) -> None:
    """The call of the scene is gone."""
    own = RecordingId.parse(CALL)
    remains = Remains(
        hour_us=AT_HOUR_US, facts=ReachFacts(queues=queues), revision=1, rules=("week",), plan=7
    )
    with writing(engine) as connection:
        placed = Tombstone(recording=own, destroyed_us=NOW_US, journal=1, remains=remains)
        place_tombstone(connection, 1, placed)
        remove_recording(connection, 1, 1)
