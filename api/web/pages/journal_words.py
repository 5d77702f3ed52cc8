"""The journal in words: what each action is, what each detail of an entry means.

Pure. A test holds the tables to the actions that there are.
"""

from collections.abc import Mapping
from typing import Final

from api.texts import said

# What somebody did, as it stands behind its name.
ACTIONS: Final[Mapping[str, str]] = {
    "adopted": said("took a recording into the archive"),
    "searched": said("searched for calls"),
    "found": said("was shown calls"),
    "read": said("read what is known of a call"),
    "listened": said("listened"),
    "played": said("played it, as its browser says"),
    "exported": said("took a copy away"),
    "verified": said("checked a recording"),
    "ledger_seen": said("saw the ledger of calls"),
    "traced": said("saw SIP messages"),
    "journal_seen": said("read the journal"),
    "refused": said("was refused"),
    "broke_glass": said("broke the glass"),
    "corrected": said("corrected a recording"),
    "live_seen": said("followed live calls"),
    "live_paused": said("paused a recording"),
    "live_resumed": said("resumed a recording"),
    "live_started": said("started a recording"),
    "live_stopped": said("stopped a recording"),
    "live_told": said("told who is in a live call"),
    "agents_imported": said("replaced the table of agents"),
    "people_seen": said("saw people or tokens"),
    "user_added": said("added a person"),
    "user_disabled": said("disabled a person"),
    "role_given": said("gave a role"),
    "role_taken": said("took a role away"),
    "os_name_given": said("gave a login of the operating system"),
    "os_name_taken": said("took a login of the operating system away"),
    "service_added": said("added a service"),
    "token_created": said("made a token"),
    "token_revoked": said("revoked a token"),
    "proposed": said("proposed"),
    "approved": said("approved"),
    "approval_withdrawn": said("took an approval back"),
    "proposal_withdrawn": said("took a proposal back"),
    "proposal_expired": said("let a proposal end unused"),
    "carried_out": said("carried out what was approved"),
    "one_person_declared": said("declared one person's word enough"),
    "one_person_ended": said("let it take two persons again"),
    "signed_in": said("signed in"),
    "sign_in_failed": said("counted failed attempts to sign in"),
    "signed_out": said("signed out"),
    "credential_set": said("set a password or an app"),
    "sign_in_code_made": said("made a sign-in code"),
    "policy_taken_over": said("took over a retention policy"),
}

# What a detail of an entry is called.
DETAILS: Final[Mapping[str, str]] = {
    "act": said("what for"),
    "why": said("why"),
    "reason": said("why"),
    "what": said("what"),
    "actor": said("account"),
    "id": said("id"),
    "from": said("from"),
    "to": said("to"),
    "zone": said("time zone"),
    "clues": said("looked for"),
    "source": said("source"),
    "search": said("of the search at place"),
    "count": said("how many"),
    "range": said("bytes"),
    "ms": said("stretches in ms"),
    "channels": said("channels"),
    "method": said("method"),
    "of": said("of"),
    "kind": said("kind"),
    "values": said("value"),
    "agent_id": said("agent"),
    "last4": said("last digits"),
    "chars": said("characters"),
    "gift": said("gift"),
    "role": said("role"),
    "reach": said("reach"),
    "os_name": said("login"),
    "purpose": said("purpose"),
    "token": said("token"),
    "scopes": said("scopes"),
    "until_us": said("until"),
    "in_force_us": said("in force from"),
    "retroactive": said("also for what was there before"),
    "digest": said("digest"),
    "proposal": said("proposal"),
    "one_person": said("on one person's word"),
    "session": said("session"),
    "with": said("signed in with"),
    "reset": said("ended what was there"),
    "sha256": said("digest"),
    "added": said("rows added"),
    "ended": said("rows ended"),
    "unchanged": said("rows unchanged"),
    "legs": said("legs taken"),
    "part": said("part"),
    "generation": said("generation"),
    "bytes": said("bytes"),
    "report": said("report of the source"),
}

_YES: Final = {"1": said("yes")}
# Details whose values have words of their own kind (`words.py`).
KINDS: Final[Mapping[str, str]] = {
    "act": "verb",
    "scopes": "verb",
    "role": "role",
    "purpose": "purpose",
}
# Other details whose values are of few kinds: the words of each.
VALUES: Final[Mapping[str, Mapping[str, str]]] = {
    "what": {
        "tail": said("its entries"),
        "who heard": said("who heard a call"),
        "reach": said("the reach of an account"),
        "days": said("how many by day"),
        "users": said("all people"),
        "user": said("one person"),
        "services": said("services"),
        "tokens": said("everybody's tokens"),
        "selftest": said("a test of the installation"),
    },
    "kind": {
        "password": said("password"),
        "app": said("app for one-time passwords"),
        "declare_one_person": said("let one person's word be enough"),
        "give_service_scopes": said("a token for a service"),
        "take_over_policy": said("a retention policy"),
        "agent": said("agent"),
        "side": said("side"),
        "number": said("number"),
        "queue": said("queue"),
        "controller": said("controller"),
        "purpose": said("purpose"),
        "tag_added": said("tag added"),
        "tag_removed": said("tag removed"),
        "note": said("note"),
    },
    "with": {
        "code": said("sign-in code"),
        "password": said("password"),
        "password and app": said("password and one-time password"),
    },
    "of": {"recording": said("this recording alone")},
    "reach": {"whole": said("everything")},
    "one_person": _YES,
    "retroactive": _YES,
    "reset": _YES,
}
# Why somebody was refused.
REFUSALS: Final[Mapping[str, str]] = {
    "not_permitted": said("no role has it"),
    "purpose_missing": said("nobody said for which purpose"),
    "purpose_unknown": said("no such purpose, or not for these roles"),
    "purpose_not_covered": said("the recording was made for other purposes"),
    "another_person_needed": said("it takes another person"),
    "person_needed": said("only a person may"),
}
# The first word of what was looked for, or of a part of a reach.
LEADING: Final[Mapping[str, str]] = {
    "agent": said("agent"),
    "customer": said("customer"),
    "number": said("number"),
    "numbers": said("numbers"),
    "direction": said("direction"),
    "queue": said("queue"),
    "team": said("team"),
    "controller": said("controller"),
    "tag": said("tag"),
    "notice": said("recording notice"),
    "id": said("id"),
    "duration": said("length"),
}
# What an entry is about, where that is neither an id nor a name.
TARGETS: Final[Mapping[str, str]] = {
    "agents": said("table of agents"),
    "installation": said("this installation"),
    "first administrator": said("the first administrator"),
}
