"""Sources that live and send nothing are told; what is known survives a restart."""

from dataclasses import replace
from pathlib import Path

from capture.peers.source_watch import ALIVE_US, SeenFile, SourceWatch, read_seen
from capture.peers.sources import Source

NOW_US = 1_795_000_000_000_000
HOUR_US = 3_600_000_000
PBX = Source(name="pbx", tenant=b"t" * 16, networks=(), alarm_after_s=3600)


def watch(source: Source = PBX, before: bytes = b"") -> SourceWatch:
    return SourceWatch((source,), NOW_US, before)


def test_a_source_that_pings_and_sends_no_call_is_silent() -> None:
    """For as long as it is told, counted from the last call or from when we began to look."""
    seen = watch()
    seen.pinged("pbx", NOW_US + HOUR_US)
    assert list(seen.silent(NOW_US + HOUR_US)) == []
    assert list(seen.silent(NOW_US + HOUR_US + 1)) == ["pbx"]

    seen.called("pbx", NOW_US + HOUR_US)
    assert list(seen.silent(NOW_US + HOUR_US + 1)) == []
    assert seen.calls == {"pbx": 1}


def test_a_source_that_does_not_live_is_not_silent() -> None:
    """A PBX that is switched off is another alarm's."""
    seen = watch()
    assert list(seen.silent(NOW_US + 9 * HOUR_US)) == []

    seen.pinged("pbx", NOW_US)
    assert list(seen.silent(NOW_US + ALIVE_US)) == []


def test_a_source_may_be_silent_where_that_is_its_way() -> None:
    """0: never an alarm."""
    seen = watch(replace(PBX, alarm_after_s=0))
    seen.pinged("pbx", NOW_US + 9 * HOUR_US)

    assert list(seen.silent(NOW_US + 9 * HOUR_US)) == []


def test_what_is_known_survives_a_restart_and_a_reload(tmp_path: Path) -> None:
    """A restart is no call."""
    seen = watch()
    seen.called("pbx", NOW_US)
    SeenFile(tmp_path).show(seen.as_bytes())
    after = watch(before=SeenFile(tmp_path).read())
    after.configure((PBX, replace(PBX, name="other")), NOW_US + 5)
    pbx, other = read_seen(after.as_bytes())

    assert (pbx.call_us, pbx.since_us) == (NOW_US, NOW_US)
    assert (other.name, other.since_us, other.call_us) == ("other", NOW_US + 5, 0)


def test_strangers_and_a_broken_file_say_nothing(tmp_path: Path) -> None:
    """Neither is a reason not to start."""
    seen = watch(before=b"{not json")
    seen.called("nobody", NOW_US)

    assert [each.name for each in read_seen(seen.as_bytes())] == ["pbx"]
    assert SeenFile(tmp_path).read() == b""


def test_the_file_is_written_only_where_it_changes(tmp_path: Path) -> None:
    """Twice a second would wear a disk for nothing."""
    file = SeenFile(tmp_path)
    file.show(b"[]")
    (path,) = tmp_path.iterdir()
    path.write_bytes(b"[1]")
    file.show(b"[]")
    assert path.read_bytes() == b"[1]"
    file.show(b"[2]")
    assert path.read_bytes() == b"[2]"


def test_who_spoke_in_another_tenants_call_is_told_for_a_day() -> None:
    """Somebody looks the next morning; a reload or a restart forgets nothing."""
    seen = watch()
    seen.intruded("pbx", NOW_US)
    seen.intruded("nobody", NOW_US)
    (told,) = read_seen(seen.as_bytes())

    assert told.is_intruder(NOW_US + 23 * HOUR_US)
    assert not told.is_intruder(NOW_US + 25 * HOUR_US)
    assert not read_seen(watch().as_bytes())[0].is_intruder(NOW_US)
