"""Every setting there is: its section, type, default and bounds.

Pure values. Knows nothing of TOML, files or who uses a setting.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

# The metadata keys of a setting, read by `rokuon.config.bind`.
BOUNDS: Final = "bounds"
BELOW: Final = "below"

MAX_PORT: Final = 65_535
# A day: every timeout of a call is shorter, so a larger one is a slip of the unit.
MAX_SECONDS: Final = 86_400
MAX_BYTES: Final = 1 << 62

SyncMode = Literal["auto", "syncfs", "fdatasync"]
IntakeSuite = Literal["hybrid", "p256"]
ClientCertificates = Literal["none", "optional", "required"]
SourceMode = Literal["siprec", "network-based"]


def whole(default: int, *, low: int, high: int) -> int:
    """Declare a whole number between `low` and `high`, both allowed."""
    return field(default=default, metadata={BOUNDS: (low, high)})


def below(name: str) -> Path:
    """Declare a path that lies in the data folder unless it is given."""
    return field(default=Path(), metadata={BELOW: name})


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeSettings:
    """This machine: where its data lies and what it is called in logs."""

    data: Path = Path("var")
    name: str = "rokuon"


@dataclass(frozen=True, slots=True, kw_only=True)
class SipSettings:
    """Where SIP is answered; over TLS where a certificate is given."""

    bind: str = "127.0.0.1"
    port: int = whole(5060, low=1, high=MAX_PORT)
    advertise: str = ""
    tls_port: int = whole(5061, low=1, high=MAX_PORT)
    certificate: Path | None = None
    key: Path | None = None
    client_authorities: Path | None = None
    client_certificates: ClientCertificates = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class RtpSettings:
    """Where media is received: pairs of ports, RTP on the even one."""

    bind: str = "127.0.0.1"
    advertise: str = ""
    first_port: int = whole(10_000, low=1024, high=MAX_PORT)
    last_port: int = whole(29_998, low=1024, high=MAX_PORT)
    quarantine_s: int = whole(30, low=0, high=600)


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaSettings:
    """How media is swept and when a call or a part ends by itself."""

    sweep_ms: int = whole(640, low=50, high=800)
    workers: int = whole(0, low=0, high=256)
    media_timeout_s: int = whole(300, low=1, high=MAX_SECONDS)
    hold_timeout_s: int = whole(7_200, low=1, high=MAX_SECONDS)
    max_call_s: int = whole(43_200, low=1, high=MAX_SECONDS)
    part_max_s: int = whole(3_600, low=1, high=MAX_SECONDS)
    part_max_bytes: int = whole(268_435_456, low=1 << 20, high=1 << 34)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpoolSettings:
    """Where capture writes, and what must stay free there."""

    path: Path = below("spool")
    second: Path | None = None
    sync: SyncMode = "auto"
    min_free_bytes: int = whole(2_147_483_648, low=0, high=MAX_BYTES)
    min_free_inodes: int = whole(10_000, low=0, high=MAX_BYTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveSettings:
    """Where adopted recordings lie."""

    path: Path = below("archive")


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogSettings:
    """The database that finds recordings; empty means SQLite in the data folder."""

    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysSettings:
    """The key daemon's folder and what its keys are made of."""

    path: Path = below("keys")
    passphrase_file: Path = below("keys/passphrase")
    intake_suite: IntakeSuite = "hybrid"
    keeper_group: str = ""
    api_group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PagesSettings:
    """Where intake pages are kept after adoption."""

    path: Path = below("pages")


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSettings:
    """Where the API is served."""

    bind: str = "127.0.0.1"
    port: int = whole(8080, low=1, high=MAX_PORT)


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsSettings:
    """Where capture serves `/metrics` to Prometheus; port 0: nowhere."""

    bind: str = "127.0.0.1"
    port: int = whole(0, low=0, high=MAX_PORT)


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitSettings:
    """How much is admitted before new calls are refused."""

    max_calls: int = whole(4_500, low=1, high=100_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSettings:
    """A peer that may send us calls; numbers are text and may end in `*`."""

    name: str
    address: tuple[str, ...]
    certificate: str = ""
    user: str = ""
    password_file: Path | None = None
    tenant: str = "default"
    mode: SourceMode = "siprec"
    zone: str = "Asia/Tokyo"
    country: str = "JP"
    internal_domains: tuple[str, ...] = ()
    internal_numbers: tuple[str, ...] = ()
    allow_telephone_event: bool = False
    sip_advertise: str = ""
    rtp_advertise: str = ""
    keep_anything: bool = False
    strict: bool = False
    alarm_after_s: int = whole(86_400, low=0, high=31_536_000)
    srtp: Literal["accept", "require"] = "accept"
    keys_in_clear: Literal["flag", "refuse"] = "flag"


# Without any [[source]] only this machine itself may send calls: enough to try it, safe to leave.
# The domain is that of the self-test's agents.
LOOPBACK: Final = SourceSettings(
    name="loopback", address=("127.0.0.0/8", "::1/128"), internal_domains=("pbx.example",)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The whole configuration of a node; each field but `source` is a table of that name."""

    node: NodeSettings = NodeSettings()
    sip: SipSettings = SipSettings()
    rtp: RtpSettings = RtpSettings()
    media: MediaSettings = MediaSettings()
    spool: SpoolSettings = SpoolSettings()
    archive: ArchiveSettings = ArchiveSettings()
    catalog: CatalogSettings = CatalogSettings()
    keys: KeysSettings = KeysSettings()
    pages: PagesSettings = PagesSettings()
    http: HttpSettings = HttpSettings()
    metrics: MetricsSettings = MetricsSettings()
    limits: LimitSettings = LimitSettings()
    source: tuple[SourceSettings, ...] = (LOOPBACK,)

    @property
    def capture_path(self) -> Path:
        """The folder of capture: the node's key, the list of intake keys."""
        return self.node.data / "capture"

    @property
    def run_path(self) -> Path:
        """The folder of the sockets between the parts of capture."""
        return self.node.data / "run"

    @property
    def catalog_path(self) -> Path:
        """The folder of the embedded catalog."""
        return self.node.data / "catalog"
