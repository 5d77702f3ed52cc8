"""Runs of benchmarks that were never made, with the figures that a test asks for."""

from bench import footprint
from bench.call_load import SetupReport
from bench.floor import FloorRun
from bench.footprint import Footprint
from bench.generator import Generated
from bench.held import Held
from bench.inline_setups import InlineRate, RateFigures
from bench.ours import OursRun
from bench.probe import Delays
from bench.relay_run import RelayRun
from bench.rtpengine import PeerRun
from bench.setups import Rate
from bench.soak import SoakFigures


def sent(*, failed: int = 0, missed_slots: int = 0) -> Generated:
    """What a generator did in ten seconds."""
    return Generated(
        packets=10_000, failed=failed, seconds=10.0, cpu_s=2.0, us_per_packet=1.4,
        missed_slots=missed_slots, p99_late_ms=1, worst_late_ms=3,
    )  # fmt: skip


def setup(
    answered: int = 1, failures: dict[str, int] | None = None, p99_ms: float = 5.0
) -> SetupReport:
    """How set-ups went, in ten seconds."""
    failed = failures or {}
    return SetupReport(
        tried=answered + sum(failed.values()), answered=answered, failures=failed, seconds=10.0,
        p50_ms=1.0, p99_ms=p99_ms, worst_ms=2 * p99_ms,
    )  # fmt: skip


def floor(us: float, *, stamps: bool = True) -> FloorRun:
    """A floor of that cost."""
    return FloorRun(
        stamps=stamps, packets=10_000, seconds=10.0, cpu_user_s=0.0, cpu_system_s=us,
        us_per_packet=us, drops=0, calls=1, generator=sent(),
    )  # fmt: skip


def ours(
    us: float,
    dropped: int = 0,
    *,
    began: SetupReport | None = None,
    load: Generated | None = None,
    machine_cpu_s: float = 10.0,
) -> OursRun:
    """A run of ours of that cost, ten seconds long."""
    return OursRun(
        streams=2, packets=10_000, seconds=10.0, cpu_s=us, us_per_packet=us, cpu_by_process={},
        machine_cpu_s=machine_cpu_s, dropped=dropped, setup=began or setup(),
        generator=load or sent(),
    )  # fmt: skip


def peer(us: float, *, recording: bool = False) -> PeerRun:
    """A run of the peer of that cost."""
    return PeerRun(
        recording=recording, streams=2, packets=10_000, seconds=10.0, cpu_s=us, us_per_packet=us,
        recorded_bytes=0, generator=sent(),
    )  # fmt: skip


def held(calls: int, run: OursRun | None = None, refusals: tuple[str, ...] = ()) -> Held:
    """That many calls, held on two cores; all answered where no run is given."""
    return Held(
        calls=calls, run=run or ours(1.5, began=setup(calls)), cpus=2, refusals=refusals
    )  # fmt: skip


def rate(per_s: float, failures: dict[str, int] | None = None, p99_ms: float = 5.0) -> Rate:
    """A rate and how it went."""
    return Rate(
        asked_per_s=per_s, setup=setup(int(10 * per_s), failures, p99_ms), busy_cores=0.5, cpus=2
    )  # fmt: skip


def relayed(us_per_packet: float, *, p99_ms: float = 2.0, lost: int = 0) -> RelayRun:
    """500 relayed calls for ten seconds; five eighths of a hundredth of a second is a relay's."""
    return RelayRun(
        server="ours", secure=True, recording=True, calls=500, failures={}, packets=10_000,
        seconds=10.0, cpu_s=us_per_packet / 100, us_per_packet=us_per_packet,
        cpu_by_process={"7 relay --number 0": 0.0625, "8 ingest --number 0": 0.0175},
        machine_cpu_s=1.0, stolen_cpu_s=0.0, generator=sent(), dropped=lost,
        delays=Delays(
            sent=100, heard=100, right=100, p50_ms=1.0, p99_ms=p99_ms, worst_ms=3.0, resealed=True
        ),
    )  # fmt: skip


def inline_rate(per_s: float, *, failed: int = 0, p99_ms: float = 10.0) -> RateFigures:
    """One run of a rate."""
    run = inline_run(per_s, failed=failed, p99_ms=p99_ms)
    return RateFigures(asked_per_s=per_s, runs=[run])


def inline_run(per_s: float, *, failed: int = 0, p99_ms: float = 10.0) -> InlineRate:
    """Ten seconds of inline set-ups at a rate; half of them are answered."""
    return InlineRate(
        asked_per_s=per_s, tried=round(10 * per_s), answered=round(5 * per_s),
        failures={"503": failed} if failed else {}, seconds=10.0, p50_ms=5.0, p99_ms=p99_ms,
        worst_ms=20.0, server_p99_ms=9.0, busy_cores=1.0, cpus=2,
    )  # fmt: skip


def soaked(machine: dict[str, object]) -> SoakFigures:
    """Half an hour of one process that took nothing more."""
    same = footprint.Held(descriptors=12, rss_kib=61_440, pss_kib=40_960)
    keys = Footprint(
        name="serve keys", start=same, readings=[(0.0, same), (1_800.0, same)], end=same
    )
    return SoakFigures(
        command=["bench", "-x"], machine=machine, calls=200, minutes=30.0, settled_s=300.0,
        secure=False, placed=6_000, failures={}, footprints=[keys],
    )  # fmt: skip
