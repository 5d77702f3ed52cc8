"""All SQL of the guard: what SQLite runs, PostgreSQL runs too.

Knows nothing of what is done between two statements. Of the two databases' locks each has its own:
SQLite locks the whole file by BEGIN IMMEDIATE. PostgreSQL needs `FOR SHARE` behind `LOCK_FENCE` and
`FOR KEY SHARE` before `UNLESS_HELD`; its tests say so.
"""

from typing import Final

_TENANT_OF_KEY: Final = "(SELECT tenant FROM shard WHERE shard.id = data_key.shard LIMIT 1)"

# --- fence and holds

RAISE_FENCE: Final = (
    "INSERT INTO fence (tenant, generation, placings) VALUES (:tenant, 1, 1)"
    " ON CONFLICT (tenant) DO UPDATE"
    " SET generation = fence.generation + 1, placings = fence.placings + 1"
    " RETURNING generation"
)
# A row that is not there cannot be locked: it is made with a tenant's first plan.
ADD_FENCE: Final = (
    "INSERT INTO fence (tenant, generation, placings) VALUES (:tenant, 0, 0)"
    " ON CONFLICT (tenant) DO NOTHING"
)
LOWER_FENCE: Final = "UPDATE fence SET placings = placings - 1 WHERE tenant = :tenant"
READ_FENCE: Final = "SELECT generation, placings FROM fence WHERE tenant = :tenant"
# The same under a lock that placing waits for, until the transaction ends.
LOCK_FENCE: Final = READ_FENCE
TENANTS_WITH_KEYS: Final = "SELECT DISTINCT tenant FROM shard ORDER BY tenant"
OPEN_PLACINGS: Final = "SELECT coalesce(sum(placings), 0) FROM fence"

FIND_HOLD: Final = "SELECT tenant, generation, state FROM hold WHERE id = :hold"
ADD_HOLD: Final = (
    "INSERT INTO hold (id, tenant, generation, state)"
    " VALUES (:hold, :tenant, :generation, 'placing')"
)
SET_HOLD_STATE: Final = "UPDATE hold SET state = :state WHERE id = :hold"
DELETE_HOLD: Final = "DELETE FROM hold WHERE id = :hold"

# Of `:count` keys at once, which are one value, `:keys`: with a name for each, finding the names
# would be most of the work.
_ONE_OF_KEYS: Final = (
    "IN (WITH RECURSIVE place (n) AS"
    " (SELECT 0 UNION ALL SELECT n + 1 FROM place WHERE n + 1 < :count)"
    " SELECT substr(:keys, 16 * n + 1, 16) FROM place)"
)
HOLD_KEYS: Final = (
    "INSERT INTO hold_key (key_id, hold)"  # noqa: S608 - constants
    " SELECT data_key.key_id, :hold FROM data_key"
    f" WHERE {_TENANT_OF_KEY} = :tenant AND data_key.key_id {_ONE_OF_KEYS}"
)
HELD_OF: Final = f"SELECT key_id FROM hold_key WHERE hold = :hold AND key_id {_ONE_OF_KEYS}"  # noqa: S608 - constants
DESTROYED_OF: Final = f"SELECT key_id FROM destroyed WHERE key_id {_ONE_OF_KEYS}"  # noqa: S608 - a constant
UNLESS_HELD: Final = " ON CONFLICT (key_id, hold) DO NOTHING"
WAS_DESTROYED: Final = "SELECT 1 FROM destroyed WHERE key_id = :key"
LET_GO: Final = (
    "DELETE FROM hold_key WHERE hold = :hold AND key_id IN"
    " (SELECT key_id FROM hold_key WHERE hold = :hold LIMIT :step)"
)
COUNT_HELD: Final = "UPDATE hold SET keys = keys + :added WHERE id = :hold"
KEYS_OF_HOLD: Final = "SELECT keys FROM hold WHERE id = :hold"
HOLDS_OF: Final = (
    "SELECT id, state, keys FROM hold WHERE tenant = :tenant AND id > :behind"
    " ORDER BY id LIMIT :most"
)

# --- plans

FIND_PLAN: Final = (
    "SELECT tenant, digest, share_ppm, asked_us, due_us, state FROM plan WHERE id = :plan"
)
ADD_PLAN: Final = (
    "INSERT INTO plan (id, tenant, digest, share_ppm, asked_us, due_us, state)"
    " VALUES (:plan, :tenant, :digest, :share_ppm, :due_us, :due_us, 'open')"
)
APPROVE_PLAN: Final = "UPDATE plan SET state = 'approved', due_us = :due_us WHERE id = :plan"
CLOSE_PLAN: Final = "UPDATE plan SET state = 'ended' WHERE id = :plan"
PLAN_RECORDING: Final = (
    "INSERT INTO planned (plan, recording, keys) VALUES (:plan, :recording, :keys)"
    " ON CONFLICT (plan, recording) DO UPDATE SET keys = excluded.keys"
)
PLANNED_KEYS: Final = "SELECT keys FROM planned WHERE plan = :plan AND recording = :recording"
FORGET_PLANNED: Final = (
    "DELETE FROM planned WHERE plan = :plan AND recording IN"
    " (SELECT recording FROM planned WHERE plan = :plan LIMIT :step)"
)

# --- destroying

KEYS_OF_RECORDING: Final = (
    f"SELECT key_id, archived_us, {_TENANT_OF_KEY}"  # noqa: S608 - a constant
    " FROM data_key WHERE recording = :recording"
)
WHEN_DESTROYED: Final = "SELECT max(at_us) FROM destroyed WHERE recording_digest = :digest"
DELETE_KEYS: Final = "DELETE FROM data_key WHERE recording = :recording"
NOTE_DESTROYED: Final = (
    "INSERT INTO destroyed (key_id, recording_digest, at_us, run)"
    " VALUES (:key, :digest, :at_us, :run)"
)

# --- clock, brake and census

SEE_TIME: Final = "UPDATE clock SET highest_us = :now_us WHERE highest_us < :now_us"
HIGHEST_TIME: Final = "SELECT highest_us FROM clock"
# Who destroys for the same tenant waits for whoever does already, and then sees what was spent.
LOCK_BRAKE: Final = "UPDATE census SET recordings = recordings WHERE tenant = :tenant"
SPENT: Final = (
    "SELECT coalesce(sum(recordings), 0) FROM spent WHERE tenant = :tenant AND hour > :hour"
)
SPEND: Final = (
    "INSERT INTO spent (tenant, hour, recordings) VALUES (:tenant, :hour, :recordings)"
    " ON CONFLICT (tenant, hour) DO UPDATE"
    " SET recordings = spent.recordings + excluded.recordings"
)
FORGET_SPENT: Final = "DELETE FROM spent WHERE tenant = :tenant AND hour <= :hour"
RECORDINGS_THERE: Final = "SELECT recordings FROM census WHERE tenant = :tenant"
COUNT_ADOPTED: Final = (
    "INSERT INTO census (tenant, recordings, keys, destroyed_recordings, destroyed_keys)"
    " VALUES (:tenant, :recordings, 1, 0, 0) ON CONFLICT (tenant) DO UPDATE"
    " SET recordings = census.recordings + excluded.recordings, keys = census.keys + 1"
)
COUNT_DESTROYED: Final = (
    "UPDATE census SET recordings = recordings - :recordings, keys = keys - :keys,"
    " destroyed_recordings = destroyed_recordings + :recordings,"
    " destroyed_keys = destroyed_keys + :keys WHERE tenant = :tenant"
)
COUNTED: Final = "SELECT coalesce(sum(keys), 0), coalesce(sum(destroyed_keys), 0) FROM census"

# --- certificates

# In the order of digests, so that each recording of a run comes once however many keys it had.
DESTROYED_NEXT: Final = (
    "SELECT recording_digest, max(at_us) FROM destroyed"
    " WHERE run = :run AND recording_digest > :behind"
    " GROUP BY recording_digest ORDER BY recording_digest LIMIT :step"
)
