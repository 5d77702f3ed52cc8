"""Roles and verbs in words: what each role is called, what its duty is, what each verb lets one do.

Pure. Knows nothing of who has a role, nor of where the words are shown.
"""

from collections.abc import Mapping
from typing import Final

from api.permissions.roles import Role
from api.permissions.verbs import Verb
from api.words.texts import said

NAMES: Final[Mapping[Role, str]] = {
    Role.DISCLOSURE: said("disclosure"),
    Role.REVIEWER: said("reviewer"),
    Role.APPROVER: said("approver"),
    Role.LEGAL: said("legal"),
    Role.RETENTION_OWNER: said("retention owner"),
    Role.SUPERVISOR: said("supervisor"),
    Role.ADMINISTRATOR: said("administrator"),
    Role.AUDITOR: said("auditor"),
    Role.BACKUP: said("backup"),
}
DUTIES: Final[Mapping[Role, str]] = {
    Role.DISCLOSURE: said("answers requests: finds, hears, exports, corrects"),
    Role.REVIEWER: said("finds and hears"),
    Role.APPROVER: said("finds, reads and approves; does not listen"),
    Role.LEGAL: said("finds, hears, exports for matters; proposes and approves"),
    Role.RETENTION_OWNER: said("manages retention; does not listen"),
    Role.SUPERVISOR: said("hears, corrects, follows and controls live calls"),
    Role.ADMINISTRATOR: said("manages people, agents and the node; neither searches nor listens"),
    Role.AUDITOR: said("reads the journal and the retention policy alone"),
    Role.BACKUP: said("makes backup sets and nothing else; for what runs every night"),
}
# What each verb lets one do.
ACTS: Final[Mapping[Verb, str]] = {
    Verb.SEARCH: said("search calls"),
    Verb.READ: said("see what is known of a call or recording"),
    Verb.CORRECT: said("correct, tag and note recordings"),
    Verb.LISTEN: said("hear, see waveforms"),
    Verb.EXPORT: said("take a copy away"),
    Verb.LEDGER: said("see which calls there were, with their fates"),
    Verb.TRACE: said("see the SIP messages of a call"),
    Verb.LIVE: said("see which calls are up"),
    Verb.CONTROL: said("pause, resume, start and stop the recording of a live call"),
    Verb.HEALTH: said("see how well the installation is, and what to do about what is wrong"),
    Verb.AGENTS_READ: said("see the table of agents"),
    Verb.AGENTS_WRITE: said("replace the table of agents"),
    Verb.PEOPLE_READ: said("see users, services, and everybody's tokens"),
    Verb.PEOPLE_MANAGE: said("make users and services, give and take roles, names and tokens"),
    Verb.OWN_TOKENS: said("issue, see and revoke tokens of one's own"),
    Verb.JOURNAL: said("read the journal"),
    Verb.PROPOSE: said("propose what two persons must want"),
    Verb.APPROVE: said("approve what another person proposes"),
    Verb.POLICY_READ: said("see and check retention policies"),
    Verb.POLICY_MANAGE: said("take over retention policies; what shortens takes two persons"),
    Verb.JOB_READ: said("see which jobs there are and how far they are"),
    Verb.JOB_CANCEL: said("cancel jobs"),
    Verb.KEYS_READ: said("see epochs of keys and backup sets"),
    Verb.KEYS_MANAGE: said("turn epochs, free a keystore that is shut"),
    Verb.BACK_UP: said("make backup sets"),
    Verb.FREEZE: said("freeze recordings for a case"),
    Verb.MEASURE: said("suspend and erase recordings for a case, and lift its measures"),
    Verb.SEE_LIMITED: said("see what is known of restricted and suspended recordings"),
    Verb.EVENTS_READ: said("see which events were told that begin periods of retention"),
    Verb.EVENTS_TELL: said("tell that contracts ended, cases were closed, agents left"),
    Verb.DESTRUCTION_READ: said("see plans of destruction, runs, what is overdue and what is left"),
    Verb.DESTRUCTION_MANAGE: said("plan destructions, have approved ones carried out, stop them"),
    Verb.HOLD_READ: said("see legal holds and what they hold"),
    Verb.HOLD_PLACE: said("place legal holds; releasing one takes two persons"),
    Verb.CASE: said("state a case or a matter as the purpose"),
    Verb.BREAK_GLASS: said("pass by the purposes of a recording, with a reason and an alarm"),
}
