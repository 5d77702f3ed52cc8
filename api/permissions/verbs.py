"""The verbs: everything that can be asked or done, each with the word that tokens and pages use.

Pure. Knows nothing of who may do what.
"""

from enum import StrEnum


class Verb(StrEnum):
    """What an act needs; nothing is allowed that no verb names."""

    SEARCH = "calls:search"
    READ = "calls:read"
    CORRECT = "calls:correct"
    LISTEN = "audio:listen"
    EXPORT = "audio:export"
    LEDGER = "ledger:read"
    TRACE = "trace:read"
    LIVE = "live:read"
    CONTROL = "live:control"
    HEALTH = "health:read"
    AGENTS_READ = "agents:read"
    AGENTS_WRITE = "agents:write"
    PEOPLE_READ = "people:read"
    PEOPLE_MANAGE = "people:manage"
    OWN_TOKENS = "tokens:own"
    JOURNAL = "journal:read"
    PROPOSE = "approval:propose"
    APPROVE = "approval:give"
    POLICY_READ = "policy:read"
    POLICY_MANAGE = "policy:manage"
    JOB_READ = "job:read"
    JOB_CANCEL = "job:cancel"
    KEYS_READ = "keys:read"
    KEYS_MANAGE = "keys:manage"
    BACK_UP = "keys:back_up"
    FREEZE = "measures:freeze"
    MEASURE = "measures:take"
    SEE_LIMITED = "limits:see"
    EVENTS_READ = "events:read"
    EVENTS_TELL = "events:tell"
    DESTRUCTION_READ = "destruction:read"
    DESTRUCTION_MANAGE = "destruction:manage"
    HOLD_READ = "hold:read"
    HOLD_PLACE = "hold:place"
    CASE = "purpose:case"
    BREAK_GLASS = "access:break_glass"
