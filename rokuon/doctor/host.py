"""Checks of what recordings rest on: the clock, the spool, the keys.

Pure functions of `HostFacts`. Knows nothing of how facts are gathered.
"""

from typing import Final

from rokuon.doctor import sizing_table
from rokuon.doctor.facts import HostFacts, ListState
from rokuon.messages.check_result import Check, CheckResult
from rokuon.messages.i18n import tr

# Two recorders that differ by more disagree about who spoke first.
MAX_CLOCK_ERROR_US: Final = 100_000
# A night without the keeper must not fill the spool.
MIN_HOURS: Final = 12.0
# A long fsync eats the time between two syncs (500 ms); ten of them fit into it.
MAX_FSYNC_MS: Final = 50.0
# Below about this many calls one sync per part is as good as one for the volume.
CALLS_WITHOUT_OWN_VOLUME: Final = 100
OWNER_ONLY: Final = 0o600


def clock(facts: HostFacts) -> CheckResult:
    """Whether the times in recordings can be relied upon."""
    check = Check("TIME-001", tr("clock"))
    threshold = tr("synchronised, error at most {limit} ms").format(
        limit=MAX_CLOCK_ERROR_US // 1000
    )
    error_ms = f"{facts.clock.error_us / 1000:.1f} ms"
    if not facts.clock.synchronised:
        return check.error(
            tr("not synchronised"), threshold, tr("install chrony and wait for chronyc waitsync")
        )
    if facts.clock.error_us > MAX_CLOCK_ERROR_US:
        return check.warning(error_ms, threshold, tr("use a nearer time server"))
    return check.passed(error_ms, threshold)


def clock_trusted(facts: HostFacts) -> CheckResult:
    """Whether the key daemon destroys by the clock of this machine."""
    check = Check("TIME-003", tr("destroying by the clock"))
    threshold = tr("what is due is destroyed")
    doubt = facts.seen.keys.clock if facts.seen.keys else ""
    if not doubt:
        return check.passed(threshold, threshold)
    return check.warning(
        doubt,
        threshold,
        tr(
            "it goes on by itself ten minutes after the kernel says that its clock is "
            "synchronised; else look at another clock and say so: rokuon retention clock confirm; "
            'of a guest, or without a time server, write clock = "host" under [node]'
        ),
    )


def zones(facts: HostFacts) -> CheckResult:
    """Whether the zones of the sources can be computed with."""
    check = Check("TIME-002", tr("time zone data"))
    missing = facts.clock.zones_missing
    threshold = tr("every source.zone has data")
    if missing:
        return check.error(", ".join(missing), threshold, "apt-get install tzdata")
    return check.passed(str(len({source.zone for source in facts.config.source})), threshold)


def spool_writable(facts: HostFacts) -> CheckResult:
    """Whether capture can write at all."""
    check = Check("STOR-001", tr("spool can be written"))
    path = str(facts.config.spool.path)
    if facts.spool.writable:
        return check.passed(path, tr("writable"))
    return check.error(
        path, tr("writable"), tr("create it and give it to the capture user (mode 0700)")
    )


def spool_volume(facts: HostFacts) -> CheckResult:
    """Whether the spool's syncs and its fullness are its own."""
    check = Check("STOR-002", tr("spool has a file system of its own"))
    threshold = tr("its own above {count} calls").format(count=CALLS_WITHOUT_OWN_VOLUME)
    if facts.spool.own_file_system:
        return check.passed(tr("its own"), threshold)
    if facts.config.limits.max_calls <= CALLS_WITHOUT_OWN_VOLUME:
        return check.passed(tr("shared"), threshold)
    return check.warning(
        tr("shared"),
        threshold,
        tr("mount a volume at spool.path, or lower limits.max_calls to {count}").format(
            count=CALLS_WITHOUT_OWN_VOLUME
        ),
    )


def spool_space(facts: HostFacts) -> CheckResult:
    """Whether the spool lasts through a night without the keeper."""
    check = Check("STOR-003", tr("spool space"))
    usable = facts.spool.free_bytes - facts.config.spool.min_free_bytes
    hours = sizing_table.hours_left(max(0, usable), facts.config.limits.max_calls)
    measured = tr("{hours} h at full load").format(hours=f"{hours:.1f}")
    threshold = f">= {MIN_HOURS:.0f} h"
    fix = tr("enlarge the volume of spool.path, or lower limits.max_calls or spool.min_free_bytes")
    if usable <= 0:
        return check.error(measured, threshold, fix)
    return (
        check.warning(measured, threshold, fix)
        if hours < MIN_HOURS
        else check.passed(measured, threshold)
    )


def spool_inodes(facts: HostFacts) -> CheckResult:
    """Whether the file system can hold as many files as there are calls."""
    check = Check("STOR-004", tr("spool inodes"))
    need = facts.config.spool.min_free_inodes + facts.config.limits.max_calls
    measured, threshold = str(facts.spool.free_inodes), f">= {need}"
    if facts.spool.free_inodes >= need:
        return check.passed(measured, threshold)
    return check.error(
        measured, threshold, tr("make the file system again with more inodes (mkfs.ext4 -N)")
    )


def spool_sync(facts: HostFacts) -> CheckResult:
    """Whether a sync is done long before the next one."""
    check = Check("STOR-005", tr("spool sync time"))
    measured, threshold = f"{facts.spool.fsync_ms:.1f} ms", f"<= {MAX_FSYNC_MS:.0f} ms"
    if facts.spool.fsync_ms <= MAX_FSYNC_MS:
        return check.passed(measured, threshold)
    return check.warning(
        measured, threshold, tr("put the spool on a local SSD with power-loss protection")
    )


def spool_place(facts: HostFacts) -> CheckResult:
    """Whether who is writing a part can be told from who has died."""
    check = Check("STOR-008", tr("spool on a local disk"))
    threshold = tr("a disk of this machine")
    if not facts.spool.network:
        return check.passed(tr("local"), threshold)
    return check.warning(
        facts.spool.network,
        threshold,
        tr("put the spool on a disk of this machine: elsewhere nobody sees which calls are up"),
    )


def passphrase(facts: HostFacts) -> CheckResult:
    """Whether only the key daemon can read what all keys hang on."""
    check = Check("KEY-001", tr("passphrase file"))
    mode = facts.keys.passphrase_mode
    if not mode:
        return check.warning(
            tr("absent"), "0600", tr("the first rokuon serve makes it; or keys.passphrase_file")
        )
    if mode & ~OWNER_ONLY:
        return check.error(f"{mode:04o}", "0600", f"chmod 600 {facts.config.keys.passphrase_file}")
    return check.passed(f"{mode:04o}", "0600")


def key_daemon(facts: HostFacts) -> CheckResult:
    """Whether the keeper and the API can get keys."""
    check = Check("KEY-002", tr("key daemon"))
    if facts.keys.daemon_answers:
        return check.passed(tr("answers"), tr("answers"))
    if facts.keys.daemon_hangs:
        return check.error(
            tr("runs, and does not answer"),
            tr("answers"),
            tr("start it anew: systemctl restart rokuon-keys; its log says what it waits for"),
        )
    return check.warning(
        tr("does not answer"), tr("answers"), tr("start it: rokuon serve, or rokuon serve keys")
    )


def intake_list(facts: HostFacts) -> CheckResult:
    """Whether capture knows whom to seal to."""
    check = Check("KEY-003", tr("list of intake keys"))
    state = facts.keys.intake_list
    match state:
        case ListState.SIGNED:
            return check.passed(state, ListState.SIGNED)
        case ListState.ABSENT:
            fix = tr("copy intake-keys.json from the key daemon's folder to capture's")
            return check.warning(state, ListState.SIGNED, fix)
        case ListState.BROKEN:
            fix = tr("copy intake-keys.json anew from the key daemon's folder to capture's")
            return check.error(state, ListState.SIGNED, fix)
