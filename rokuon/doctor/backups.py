"""Checks of epochs and backups: what a restore would need, and what an erasure waits for.

Pure functions of `HostFacts`. Knows nothing of how facts are gathered.
"""

from collections.abc import Callable, Mapping
from typing import Final

from api.health.judge import is_backup_old
from api.health.seen import KEYSTORE
from archive.keys.gate.rollback import Shut
from rokuon.doctor.facts import HostFacts
from rokuon.messages.check_result import Check, CheckResult
from rokuon.messages.i18n import tr

HOUR_US: Final = 3_600_000_000
# A turn that is a day late; where epochs turn on command alone, a quarter.
LATE_TURNS: Final = 2
LONGEST_H: Final = 90 * 24
# The keeper goes through its pages once an hour, and a set is made once a day.
MANY_PAGES: Final = 10_000
OLDEST_SET_H: Final = 48
_SHUT: Final[Mapping[Shut, tuple[Callable[[], str], Callable[[], str]]]] = {
    Shut.COUNT: (
        lambda: tr("it opens nothing: it is older than the count beside the epoch keys"),
        lambda: tr("restore newer sets of keystore and catalog, or free it: rokuon keys free"),
    ),
    Shut.KEYSTORE: (
        lambda: tr("it opens nothing: it is older than the catalog"),
        lambda: tr("put back keys/ as it was last, or free it: rokuon keys free"),
    ),
    Shut.CATALOG: (
        lambda: tr("it opens nothing: the catalog is older than it"),
        lambda: tr("restore a newer set of the catalog, or go on with it: rokuon keys free"),
    ),
}


def epoch(facts: HostFacts) -> CheckResult:
    """Whether epochs turn, and end when they should: erasure in backups waits for it."""
    check = Check("KEY-004", tr("epoch of the keys"))
    told = facts.backups.epoch
    every_h = facts.config.keys.turn_every_h
    longest_h = LATE_TURNS * every_h if every_h else LONGEST_H
    threshold = tr("at most {hours} h, none held back").format(hours=longest_h)
    if told is None:
        return check.passed(tr("not asked: the key daemon does not answer here"), threshold)
    measured = tr("{hours} h").format(hours=told.age_us // HOUR_US)
    if told.fault:
        return check.error(told.fault, threshold, tr("mend it; the turn goes on by itself"))
    if told.held_back:
        held = ", ".join(map(str, told.held_back))
        return check.warning(held, threshold, tr("rokuon keys status says what holds it back"))
    if told.age_us > longest_h * HOUR_US:
        return check.warning(measured, threshold, tr("rokuon keys rotate, or set turn_every_h"))
    return check.passed(measured, threshold)


def gate(facts: HostFacts) -> CheckResult:
    """Whether the keystore opens anything, and why not."""
    check = Check("KEY-006", tr("the keystore and the catalog know the same destructions"))
    threshold = tr("the keystore opens")
    if facts.seen.keys is None:
        return check.passed(tr("not asked: the key daemon does not answer here"), threshold)
    shut = facts.seen.keys.shut
    if not shut:
        return check.passed(tr("it opens"), threshold)
    measured, remedy = _SHUT[Shut(shut)]
    return check.error(measured(), threshold, remedy())


def pages(facts: HostFacts) -> CheckResult:
    """Whether kept intake pages go once they are needed no more."""
    check = Check("KEY-005", tr("kept intake pages"))
    left, unbacked = facts.backups.pages, facts.backups.unbacked
    threshold = tr("hardly more than keys that no set has ({count})").format(count=unbacked)
    if left <= unbacked + MANY_PAGES:
        return check.passed(str(left), threshold)
    return check.warning(str(left), threshold, tr("see whether the keeper runs: it removes them"))


def sets(facts: HostFacts) -> CheckResult:
    """Whether there is something to restore, and the keys do not lie beside it."""
    check = Check("BAK-001", tr("backup sets"))
    told = facts.backups
    threshold = tr("a keystore set of {hours} h, apart from the key service").format(
        hours=OLDEST_SET_H
    )
    if told.is_with_keys:
        return check.error(
            str(facts.config.backup.path),
            threshold,
            tr("set backup.path to another folder than that of the epoch keys"),
        )
    if told.epoch is None:
        return check.passed(tr("not asked: the key daemon does not answer here"), threshold)
    if told.set_age_us is None and not is_backup_old(facts.seen, KEYSTORE):
        return check.passed(tr("none yet"), threshold)
    if told.set_age_us is None:
        return check.warning(tr("none"), threshold, tr("run rokuon backup create"))
    measured = tr("{hours} h").format(hours=told.set_age_us // HOUR_US)
    if told.set_age_us > OLDEST_SET_H * HOUR_US:
        return check.warning(measured, threshold, tr("run rokuon backup create"))
    return check.passed(measured, threshold)


def key_copies(facts: HostFacts) -> CheckResult:
    """Whether the sets that there are can be opened when the key service's folder is lost."""
    check = Check("BAK-002", tr("keys of backup sets"))
    threshold = tr("the epoch key of each set lies where copies go (keys.epoch_copies)")
    if facts.backups.keyless:
        epochs = ", ".join(map(str, facts.backups.keyless))
        return check.error(
            tr("none of epoch {epochs}").format(epochs=epochs),
            threshold,
            tr("put the key service's files back, or copy them there: without them no set opens"),
        )
    return check.passed(tr("none is missing"), threshold)


def catalog_sets(facts: HostFacts) -> CheckResult:
    """Whether there is a catalog to restore; the keystore's sets are another check's."""
    check = Check("BAK-003", tr("backup sets of the catalog"))
    threshold = tr("one of the last {hours} h").format(hours=OLDEST_SET_H)
    seen = facts.seen
    if not seen.upkeep.backups.is_ours or seen.keys is None:
        return check.passed(tr("not seen from here, or its server has its own"), threshold)
    made_us, is_old = seen.upkeep.backups.catalog_us, is_backup_old(seen, "catalog")
    measured = tr("{hours} h").format(hours=(seen.at_us - made_us) // HOUR_US)
    if not made_us:
        measured = tr("none") if is_old else tr("none yet")
    if is_old:
        return check.warning(measured, threshold, tr("run rokuon backup create, every day"))
    return check.passed(measured, threshold)
