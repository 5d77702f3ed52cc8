"""What tests of strangers share."""

from archive.catalog.accounts.persons import users
from archive.catalog.database.engine import reading
from archive.catalog.journal.entries import Entry
from archive.ids import DEFAULT_TENANT
from rokuon.compose.archive.catalog import open_catalog
from tests.rokuon.installation import Installation
from tests.support.cli.calls import WINDOW
from tests.told import last_told

COMMANDS: dict[str, list[str]] = {
    "find": ["calls", "find", *WINDOW],
    "find by words": ["calls", "find", "Tanaka 7788", "--zone", "Asia/Tokyo"],
    "show": ["calls", "show", "CALL"],
    "show by Call-ID": ["calls", "show", "one@example"],
    "show what is not there": ["calls", "show", "0" * 32],
    "explain": ["retention", "explain", "CALL"],
    "export": ["calls", "export", "CALL", "-O", "FILE"],
    "trace": ["calls", "trace", "CALL"],
    "ledger": ["calls", "ledger", *WINDOW],
    "live": ["calls", "live"],
    "start": ["calls", "start", "CALL", "--reason", "x"],
    "pause": ["calls", "pause", "CALL", "--reason", "x"],
    "resume": ["calls", "resume", "CALL", "--reason", "x"],
    "stop": ["calls", "stop", "CALL", "--reason", "x"],
    "correct": ["calls", "correct", "CALL", "queue", "q", "--reason", "x"],
    "tag": ["calls", "tag", "CALL", "vip"],
    "note": ["calls", "note", "CALL", "x"],
    "agents": ["agents", "list"],
    "import": ["agents", "import", "TABLE"],
    "assign": ["agents", "assign", "a", "201", *WINDOW, "--reason", "x"],
    "audit": ["audit", "tail"],
    "who heard": ["audit", "who-heard", "CALL"],
    "reach": ["audit", "reach", "tanaka", *WINDOW],
    "broken glass": ["audit", "broken-glass"],
    "users": ["user", "list"],
    "user": ["user", "show", "PERSON"],
    "add": ["user", "add", "somebody"],
    "disable": ["user", "disable", "PERSON"],
    "confirm": ["user", "confirm", "PERSON"],
    "reset": ["user", "reset", "PERSON"],
    "role": ["user", "role", "PERSON", "reviewer"],
    "take a role": ["user", "role", "PERSON", "reviewer", "--remove"],
    "login": ["user", "os-name", "PERSON", "stranger"],
    "token": ["user", "token"],
    "token of a service": ["user", "token", "crm"],
    "tokens": ["token", "list"],
    "revoke": ["token", "revoke", "TOKEN"],
    "proposals": ["approval", "list"],
    "approve": ["approval", "give", "4711"],
    "withdraw": ["approval", "withdraw", "4711"],
    "one person": ["approval", "one-person"],
    "two persons": ["approval", "one-person", "--end"],
    "check a policy": ["retention", "policy", "check", "TABLE"],
    "simulate": ["retention", "simulate", "TABLE"],
    "changes": ["retention", "changes", "4711"],
    "take over a policy": ["retention", "policy", "import", "TABLE"],
    "policy": ["retention", "policy", "export"],
    "policies": ["retention", "policy", "list"],
    "tell an event": ["retention", "event", "add", "agent_left", "A17", "none"],
    "import events": ["retention", "event", "import", "TABLE"],
    "events": ["retention", "event", "list"],
    "packs": ["retention", "pack", "list"],
    "pack": ["retention", "pack", "show", "jp-appi"],
    "compare a pack": ["retention", "pack", "diff", "jp-appi"],
    "take a pack": ["retention", "pack", "take", "jp-appi"],
    "call a policy back": ["retention", "policy", "call-back", "0"],
    "epochs": ["keys", "epoch"],
    "state of the keys": ["keys", "status"],
    "turn the epoch": ["keys", "rotate"],
    "free the keystore": ["keys", "free"],
    "back up": ["backup", "create"],
    "backups": ["backup", "list"],
    "compare policies": ["retention", "policy", "diff", "0", "0"],
    "jobs": ["jobs", "list"],
    "job": ["jobs", "show", "4711"],
    "cancel a job": ["jobs", "cancel", "4711"],
    "place a hold": [
        "hold",
        "place",
        "CALL",
        "--matter",
        "M",
        "--reason",
        "r",
        "--review",
        "2027-04-01",
    ],
    "resume a hold": ["hold", "resume", "1"],
    "let go of a hold": ["hold", "release", "1"],
    "give up a hold": ["hold", "cancel", "1"],
    "holds": ["hold", "list"],
    "hold": ["hold", "show", "1"],
    "preview a hold": ["hold", "preview", "1"],
    "plan": ["retention", "plan"],
    "show a plan": ["retention", "plan", "1"],
    "approve a plan": ["retention", "approve", "1"],
    "what stands": ["retention", "approve"],
    "take an approval of a plan back": ["retention", "withdraw", "1"],
    "end standing approvals": ["retention", "approve", "--end-standing"],
    "apply a plan": ["retention", "apply", "1"],
    "stop a plan": ["retention", "stop", "1"],
    "runs": ["retention", "runs"],
    "plans": ["retention", "runs", "--all"],
    "clock": ["retention", "clock"],
    "confirm the clock": ["retention", "clock", "confirm", "--yes"],
    "overdue": ["retention", "overdue"],
    "tombstones": ["retention", "tombstones", "--from", "2026-04-01", "--to", "2026-04-02"],
    "measures": ["retention", "measures", "--case", "C-1"],
    "freeze": ["retention", "freeze", "CALL", "--case", "C-1"],
    "unfreeze": ["retention", "unfreeze", "CALL", "--case", "C-1"],
    "suspend": ["retention", "suspend", "CALL", "--case", "C-1"],
    "end a suspension": ["retention", "resume", "CALL", "--case", "C-1"],
    "erase": ["retention", "erase", "CALL", "--case", "C-1", "--granted"],
    "erase by a court": ["retention", "erase", "CALL", "--case", "C-1", "--court"],
    "erase no more": ["retention", "erase", "CALL", "--case", "C-1", "--court", "--withdraw"],
    "certificates": ["retention", "certificate", "list"],
    "certificate": ["retention", "certificate", "show", "1"],
    "export a certificate": ["retention", "certificate", "export", "1", "FILE"],
}


def first_person(site: Installation) -> str:
    """The name of who may do everything."""
    with reading(open_catalog(site.config)) as connection:
        return users(connection, DEFAULT_TENANT)[0].name


def last_entry(site: Installation) -> Entry:
    """The latest of the journal."""
    with reading(open_catalog(site.config)) as connection:
        return last_told(connection).entry
