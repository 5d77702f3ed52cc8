"""Checks of the catalog: whether it answers, is of this version, and can read what it keeps.

Pure functions of `HostFacts`. Knows nothing of how facts are gathered.
"""

from typing import Final

from archive.catalog.database.schema_revision import FIRST, HEAD
from rokuon.doctor.facts import HostFacts
from rokuon.messages.check_result import Check, CheckResult
from rokuon.messages.database_words import too_old_words
from rokuon.messages.i18n import tr

# So many ids fill a line; how many there are is said behind them.
NAMED: Final = 5


def answers(facts: HostFacts) -> CheckResult:
    """Whether the catalog's database answers."""
    check = Check("CAT-001", tr("the catalog's database"))
    threshold = tr("it answers")
    if not facts.calls.state.away:
        return check.passed(tr("it answers"), threshold)
    return check.error(
        facts.calls.state.away,
        threshold,
        tr(
            "calls are recorded all the same and wait in the spool; see that it runs and that "
            "catalog.url leads there"
        ),
    )


def revision(facts: HostFacts) -> CheckResult:
    """Whether the tables of the catalog are those of this version."""
    check = Check("CAT-002", tr("version of the catalog's tables"))
    present = facts.calls.state.revision
    if not present:
        return check.passed(tr("not known: there is none yet, or it does not answer"), HEAD)
    if present == HEAD:
        return check.passed(present, HEAD)
    if present < FIRST:
        return check.error(present, HEAD, too_old_words())
    return check.error(
        present,
        HEAD,
        tr("start its keeper, which brings them up to date, or go back to the later version"),
    )


def guards(facts: HostFacts) -> CheckResult:
    """Whether the triggers that keep the journal and the register are as they were made."""
    check = Check("CAT-003", tr("triggers that guard the journal and the register"))
    threshold = tr("all are as they were made")
    lacking = facts.calls.state.unguarded
    if not lacking:
        return check.passed(threshold, threshold)
    more = f" … ({len(lacking)})" if len(lacking) > NAMED else ""
    return check.error(
        ", ".join(lacking[:NAMED]) + more,
        threshold,
        tr(
            "somebody could rewrite what they guard: see who has had the catalog's file or server, "
            "run rokuon verify, and put a set of the catalog back (rokuon backup restore)"
        ),
    )


def index(facts: HostFacts) -> CheckResult:
    """Whether the rows of every recording can be made from what the index keeps of it."""
    check = Check("IDX-001", tr("stored events of the recordings"))
    threshold = tr("this version can read all of them")
    unread = facts.calls.unread
    if not unread:
        return check.passed(tr("all are read"), threshold)
    more = f" … ({len(unread)})" if len(unread) > NAMED else ""
    return check.warning(
        ", ".join(unread[:NAMED]) + more,
        threshold,
        tr(
            "they are searched by what was known before; after a return to an earlier version "
            "update again, else run rokuon index rebuild"
        ),
    )


def seals(facts: HostFacts) -> CheckResult:
    """Whether the rows that decide who may do what are as they were written."""
    check = Check("REG-001", tr("rows of persons, roles, tokens, approvals and policies"))
    threshold = tr("all as they were written")
    found = facts.seen.catalog.altered_rows
    if not found:
        return check.passed(tr("none altered"), threshold)
    return check.error(
        str(found),
        threshold,
        tr("they are not believed; rokuon user seals names them (docs/seals.md)"),
    )
