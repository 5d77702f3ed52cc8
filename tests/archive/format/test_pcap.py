"""pcap records, read back by a parser of the test's own and by tcpdump."""

import shutil
import struct
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, strategies as st

from archive.format import pcap
from archive.format.packets import Source

V4 = Source(pcap.V4_MAPPED + bytes((10, 1, 2, 3)), 40_000)
V6 = Source(bytes.fromhex("20010db8000000000000000000000099"), 40_000)


def datagrams(source: Source, *payloads: bytes) -> pcap.Datagrams:
    lengths = np.array([len(p) for p in payloads], dtype=np.int64)
    return pcap.Datagrams(
        source=source,
        local_port=10_002,
        arrivals_us=1_795_000_000_123_456 + np.arange(len(payloads)) * 20_000,
        starts=np.cumsum(lengths) - lengths,
        lengths=lengths,
        data=np.frombuffer(b"".join(payloads), np.uint8),
    )


def internet_sum(octets: bytes) -> int:
    """RFC 1071 as its text says it: 0xFFFF where the checksum is right."""
    octets += bytes(len(octets) % 2)
    total: int = sum(struct.unpack(f">{len(octets) // 2}H", octets))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total


@given(st.sampled_from([V4, V6]), st.lists(st.binary(max_size=300), min_size=1, max_size=5))
def test_every_record_carries_its_datagram_with_true_checksums(
    source: Source, payloads: list[bytes]
) -> None:
    """An export that an analyser calls corrupt is no evidence."""
    for record, payload in zip(pcap.records(datagrams(source, *payloads)), payloads, strict=True):
        kept, size = struct.unpack_from(">II", record, 8)
        ip = record[16:]
        head = 20 if source is V4 else 40
        addresses = ip[12:20] if source is V4 else ip[8:40]
        udp = ip[head:]
        assert kept == size == len(ip)
        assert udp[8:] == payload
        assert struct.unpack_from(">HHH", udp) == (40_000, 10_002, len(udp))
        assert internet_sum(addresses + struct.pack(">HH", 17, len(udp)) + udp) == 0xFFFF
        if source is V4:
            assert internet_sum(ip[:20]) == 0xFFFF
            assert struct.unpack_from(">H", ip, 2) == (len(ip),)


@pytest.mark.parametrize("source", [V4, V6])
def test_a_checksum_of_zero_is_written_as_its_complement(source: Source) -> None:
    """RFC 768: zero on the wire says that there is no checksum."""
    (first,) = pcap.records(datagrams(source, b"\0\0"))
    (second,) = pcap.records(datagrams(source, first[-4:-2]))

    assert second[-4:-2] == b"\xff\xff"


def test_arrival_is_kept_to_the_microsecond() -> None:
    """Jitter is judged from these times."""
    (record,) = pcap.records(datagrams(V4, b"x"))

    assert struct.unpack_from(">II", record) == (1_795_000_000, 123_456)


@pytest.mark.skipif(shutil.which("tcpdump") is None, reason="tcpdump is not installed")
@pytest.mark.parametrize("source", [V4, V6])
def test_tcpdump_reads_it_and_finds_the_checksums_right(tmp_path: Path, source: Source) -> None:
    """An outside reader judges the whole file."""
    path = tmp_path / "call.pcap"
    path.write_bytes(
        pcap.file_header() + b"".join(pcap.records(datagrams(source, b"odd", b"even")))
    )

    shown = subprocess.run(
        ["tcpdump", "-nvvr", str(path)], capture_output=True, text=True, check=True
    ).stdout

    assert shown.count("UDP") + shown.count("udp") >= 2
    assert shown.count("udp sum ok") == 2
    assert "bad" not in shown
