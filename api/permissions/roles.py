"""The one table of roles: which role has which verbs. `docs/roles.md` is made from it.

Pure. Knows nothing of who has a role.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from api.permissions.verbs import Verb


class Role(StrEnum):
    """Duties that are kept apart."""

    DISCLOSURE = "disclosure"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    LEGAL = "legal"
    RETENTION_OWNER = "retention_owner"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    BACKUP = "backup"


_LOOK: Final = frozenset({Verb.SEARCH, Verb.READ, Verb.AGENTS_READ, Verb.OWN_TOKENS})
_HEAR: Final = _LOOK | {Verb.LISTEN}
_LIMIT: Final = frozenset({Verb.FREEZE, Verb.MEASURE, Verb.SEE_LIMITED})

VERBS: Final[Mapping[Role, frozenset[Verb]]] = {
    Role.DISCLOSURE: _HEAR
    | {Verb.EXPORT, Verb.LEDGER, Verb.CORRECT, Verb.CASE, Verb.PROPOSE, Verb.FREEZE},
    Role.REVIEWER: _HEAR | {Verb.CASE},
    # Who may approve a policy, a plan, or that a hold is let go of, may read what is there.
    Role.APPROVER: _LOOK
    | {
        Verb.CASE,
        Verb.APPROVE,
        Verb.POLICY_READ,
        Verb.JOB_READ,
        Verb.DESTRUCTION_READ,
        Verb.HOLD_READ,
    },
    Role.LEGAL: _HEAR
    | {
        Verb.EXPORT,
        Verb.LEDGER,
        Verb.CASE,
        Verb.PROPOSE,
        Verb.APPROVE,
        Verb.POLICY_READ,
        Verb.JOB_READ,
        Verb.EVENTS_READ,
        Verb.DESTRUCTION_READ,
        Verb.HOLD_READ,
        Verb.HOLD_PLACE,
        Verb.BREAK_GLASS,
    }
    | _LIMIT,
    # Neither of the two may listen.
    Role.RETENTION_OWNER: _LOOK
    | {
        Verb.LEDGER,
        Verb.PROPOSE,
        Verb.APPROVE,
        Verb.POLICY_READ,
        Verb.POLICY_MANAGE,
        Verb.JOB_READ,
        Verb.JOB_CANCEL,
        Verb.EVENTS_READ,
        Verb.EVENTS_TELL,
        Verb.DESTRUCTION_READ,
        Verb.DESTRUCTION_MANAGE,
        Verb.HOLD_READ,
        Verb.HOLD_PLACE,
    }
    | _LIMIT,
    Role.ADMINISTRATOR: frozenset(
        {
            Verb.LEDGER,
            Verb.TRACE,
            Verb.LIVE,
            Verb.HEALTH,
            Verb.AGENTS_READ,
            Verb.AGENTS_WRITE,
            Verb.PEOPLE_READ,
            Verb.PEOPLE_MANAGE,
            Verb.OWN_TOKENS,
            Verb.PROPOSE,
            Verb.APPROVE,
            Verb.POLICY_READ,
            Verb.JOB_READ,
            Verb.JOB_CANCEL,
            Verb.KEYS_READ,
            Verb.KEYS_MANAGE,
            Verb.BACK_UP,
            Verb.DESTRUCTION_READ,
            Verb.HOLD_READ,
        }
    ),
    Role.SUPERVISOR: _HEAR | {Verb.LIVE, Verb.HEALTH, Verb.CONTROL, Verb.CORRECT, Verb.BREAK_GLASS},
    Role.AUDITOR: frozenset(
        {
            Verb.JOURNAL,
            Verb.OWN_TOKENS,
            Verb.POLICY_READ,
            Verb.JOB_READ,
            Verb.DESTRUCTION_READ,
            Verb.HOLD_READ,
        }
    ),
    # Makes sets and sees that they are there: what runs every night, without a person.
    Role.BACKUP: frozenset({Verb.KEYS_READ, Verb.BACK_UP}),
}


def roles_with(verb: Verb) -> tuple[Role, ...]:
    """The roles that have a verb."""
    return tuple(role for role in Role if verb in VERBS[role])


# Neither shows a recording nor tells of a person: what root may do that nobody has mapped.
UNMAPPED_ROOT: Final = frozenset({Verb.PEOPLE_MANAGE})
# Nobody needs a purpose to do these: they show no call.
WITHOUT_PURPOSE: Final = frozenset(
    {
        Verb.HEALTH,
        Verb.AGENTS_READ,
        Verb.AGENTS_WRITE,
        Verb.PEOPLE_READ,
        Verb.PEOPLE_MANAGE,
        Verb.OWN_TOKENS,
        Verb.JOURNAL,
        Verb.PROPOSE,
        Verb.APPROVE,
        Verb.POLICY_READ,
        Verb.POLICY_MANAGE,
        Verb.JOB_READ,
        Verb.JOB_CANCEL,
        Verb.KEYS_READ,
        Verb.KEYS_MANAGE,
        Verb.BACK_UP,
        Verb.FREEZE,
        Verb.MEASURE,
        Verb.EVENTS_READ,
        Verb.EVENTS_TELL,
        Verb.DESTRUCTION_READ,
        Verb.DESTRUCTION_MANAGE,
        Verb.HOLD_READ,
        Verb.HOLD_PLACE,
    }
)
