"""Rules of measuring how many calls a host holds."""

from bench.capacity import dropped, read_drops
from rokuon.config.schema import Config, RtpSettings

HEADING = (
    "sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode ref pointer drops"
)


def row(port: int, drops: int) -> str:
    """A socket as proc(5) shows it."""
    return f" 1: 0100007F:{port:04X} 00000000:0000 07 0:0 0:0 0 0 0 1 2 0 {drops}"


TABLE = "\n".join([HEADING, row(10_000, 7), row(10_001, 0)])


def test_the_kernels_drops_are_read_by_port() -> None:
    """A lost packet is what ends the measurement: it must be seen on our ports alone."""
    assert read_drops(TABLE) == [(10_000, 7), (10_001, 0)]


def test_a_table_of_no_sockets_has_no_drops() -> None:
    """Before anything listens there is only a heading."""
    assert read_drops(TABLE.splitlines()[0]) == []


def test_ports_of_others_do_not_count() -> None:
    """Another program's full queue says nothing of this host's capacity for calls."""
    nobodys = Config(rtp=RtpSettings(first_port=1024, last_port=1024))

    assert dropped(nobodys) == 0
