"""Alarms in words: what is wrong, what that means for calls, what to do, and who can.

One table for the page of health and `docs/health.md`; a test holds it to the checks of the
doctor. Knows nothing of what rings.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from api.health.board import Health
from api.health.judge import Alarm, AlarmCode
from api.words.node_words import DISKS
from api.words.texts import said

_SERVER: Final = said("who administers the server, as root")
_STORAGE: Final = said("who looks after the disks of the server")
_RECORDED: Final = said("Calls are recorded, and wait in the spool until it is mended.")


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmWords:
    """What a person is told of an alarm; `checks` are those of `rokuon doctor`.

    While one that is `urgent` rings calls are lost.
    """

    wrong: str
    calls: str
    mend: str
    who: str
    checks: tuple[str, ...] = ()
    urgent: bool = False


ALARMS: Final[Mapping[AlarmCode, AlarmWords]] = {
    AlarmCode.KEEPER_SILENT: AlarmWords(
        wrong=said("The keeper, which archives recordings, has told nothing for a minute."),
        calls=_RECORDED,
        mend=said(
            "See whether it runs: systemctl status rokuon-keeper. Its log says why it ended."
        ),
        who=_SERVER,
        checks=("KEEP-002",),
    ),
    AlarmCode.KEEPER_WAITS: AlarmWords(
        wrong=said("The keeper has got no answer for a minute from what it needs."),
        calls=_RECORDED,
        mend=said("Mend the key daemon or the catalog, whichever it waits for; it then goes on."),
        who=_SERVER,
        checks=("KEEP-002",),
    ),
    AlarmCode.BACKLOG_OLD: AlarmWords(
        wrong=said("A recording has waited for more than ten minutes to be archived."),
        calls=said("Calls are recorded, but the latest ones cannot be found or heard yet."),
        mend=said("Look at the keeper first, then at the catalog and the key daemon."),
        who=_SERVER,
        checks=("KEEP-003",),
    ),
    AlarmCode.PARTS_STUCK: AlarmWords(
        wrong=said("There are parts of recordings that cannot be archived."),
        calls=said("Those calls cannot be heard. They stay in the spool; others are archived."),
        mend=said("Run rokuon doctor, which says why. It is tried again every 30 seconds."),
        who=_SERVER,
        checks=("KEEP-001",),
    ),
    AlarmCode.DISK_REFUSES: AlarmWords(
        wrong=said("A disk takes no file, or the disk of the archive is not mounted."),
        calls=said("Of the spool: calls are refused. Of another: they are recorded, and wait."),
        mend=said("Make room, or mend the disk and mount it again; all goes on by itself then."),
        who=_STORAGE,
        checks=("STOR-006", "ARCH-001"),
    ),
    AlarmCode.DISK_FILLS: AlarmWords(
        wrong=said("A disk is nearly full, or will be within 14 days."),
        calls=said("Calls are recorded. When the spool is full they are refused."),
        mend=said(
            "Enlarge the disk, or let retention destroy what may go. Delete nothing by hand."
        ),
        who=_STORAGE,
        checks=("STOR-007", "STOR-003"),
    ),
    AlarmCode.CATALOG_SILENT: AlarmWords(
        wrong=said("The database of the catalog does not answer."),
        calls=said("Calls are recorded, and wait. Nothing can be found or heard meanwhile."),
        mend=said("See whether its server runs, or whether its disk is full."),
        who=_SERVER,
        checks=("CAT-001", "CAT-002"),
    ),
    AlarmCode.CATALOG_UNGUARDED: AlarmWords(
        wrong=said("What keeps the journal from being rewritten is gone, or was changed."),
        calls=said("Calls are recorded. What the journal says may have been altered since."),
        mend=said("Find out who changed it, then run rokuon verify, which says what was altered."),
        who=said("who administers the server, with the auditor"),
        checks=("CAT-003",),
    ),
    AlarmCode.KEYS_SILENT: AlarmWords(
        wrong=said("The key daemon does not answer: it does not run, or it hangs."),
        calls=said("Calls are recorded, and wait. None can be heard, nothing is destroyed."),
        mend=said("Start it anew: systemctl restart rokuon-keys. Its log says why it ended."),
        who=_SERVER,
        checks=("KEY-002",),
    ),
    AlarmCode.KEYSTORE_SHUT: AlarmWords(
        wrong=said("The keystore opens nothing: it or the catalog is older than the other."),
        calls=said("Calls are recorded, and wait. None can be heard."),
        mend=said("Restore a newer backup set; else two administrators free it: rokuon keys free."),
        who=said("who administers the server, with two administrators"),
        checks=("KEY-006",),
    ),
    AlarmCode.CAPTURE_SILENT: AlarmWords(
        wrong=said("Capture, which takes the calls, does not answer."),
        calls=said("New calls are not recorded."),
        mend=said("Start it: systemctl restart rokuon-capture. Its log says why it ended."),
        who=_SERVER,
        checks=("CALL-001",),
        urgent=True,
    ),
    AlarmCode.CALLS_REFUSED: AlarmWords(
        wrong=said("New calls are refused."),
        calls=said("New calls are not recorded; inline they may not come about at all."),
        mend=said("Run rokuon doctor: its check CALL-001 names what has run out and what helps."),
        who=_SERVER,
        checks=("CALL-001",),
        urgent=True,
    ),
    AlarmCode.CERTIFICATE_ENDS: AlarmWords(
        wrong=said("A certificate ends within 14 days, or cannot be read."),
        calls=said("Calls are recorded. When it has ended nobody connects by TLS any more."),
        mend=said("Have it renewed, put it in its place, and reload Rokuon."),
        who=_SERVER,
        checks=("CERT-001", "CERT-002"),
    ),
    AlarmCode.BACKUP_OLD: AlarmWords(
        wrong=said("There is no backup set of the last 48 hours."),
        calls=said("Calls are recorded. If the disk failed now, keys made since would be lost."),
        mend=said("Make one: rokuon backup create. See whether its timer runs every night."),
        who=_SERVER,
        checks=("BAK-001", "BAK-003"),
    ),
    AlarmCode.VERIFY_FAILED: AlarmWords(
        wrong=said("The last verification of the archive found something."),
        calls=said("Calls are recorded. Some that are archived may be damaged or altered."),
        mend=said("Run rokuon verify again, keep what it says, and touch no file."),
        who=said("who administers the server, with the auditor"),
        checks=("VER-001",),
    ),
    AlarmCode.PLAN_ALTERED: AlarmWords(
        wrong=said("A plan of destruction is not the one that was approved."),
        calls=said("Calls are recorded. Nothing is destroyed by that plan."),
        mend=said("Find out who may write to the catalog. Make the plan anew; do not approve it."),
        who=said("the retention owner, with who administers the server"),
        checks=("RET-002",),
    ),
    AlarmCode.ROWS_ALTERED: AlarmWords(
        wrong=said("Rows that decide who may do what are not as they were written."),
        calls=said(
            "Calls are recorded. What those rows say is not believed: roles may be missing."
        ),
        mend=said("Run rokuon user seals, which names them, and find out who changed them."),
        who=_SERVER,
        checks=("REG-001",),
    ),
    AlarmCode.LOOK_HANGS: AlarmWords(
        wrong=said("Looking after the parts of Rokuon takes too long: a disk or a database hangs."),
        calls=said("Not known. What else is said here is as of the last look that ended."),
        mend=said("See which disk hangs: rokuon doctor, and the log of the kernel."),
        who=_STORAGE,
        checks=("STOR-006",),
    ),
}
# Which of several it is about.
ABOUT: Final[Mapping[str, str]] = {
    **DISKS,
    "keys": said("key daemon"),
    "count": said("count beside the epoch keys"),
    "sip": said("certificate of SIP"),
    "http": said("certificate of the pages"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldAlarm:
    """An alarm that rings, in words; `about` is "" where there is only one."""

    alarm: Alarm
    words: AlarmWords
    about: str
    since_us: int


def told_alarms(health: Health) -> tuple[ToldAlarm, ...]:
    """Those that ring: first what loses calls, then the others, each in their order."""
    told = [
        ToldAlarm(
            alarm=each,
            words=ALARMS[each.code],
            about=ABOUT.get(each.about, each.about),
            since_us=health.since_us.get(each, 0),
        )
        for each in health.alarms
    ]
    return tuple(sorted(told, key=lambda each: not each.words.urgent))
