"""Every setting there is: its section, type, default and bounds.

Pure values. Knows nothing of TOML, files or who uses a setting.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from archive.access.purposes import DEFAULT_CODES
from capture.inline.routing.route import Route, TargetTerms
from capture.media.relay.priority import PriorityWord
from capture.native.choice import LoopWord
from capture.peers.source_settings import SourceTerms
from capture.settings import MAX_SECONDS, one_or_more, whole
from rokuon.config.api_socket import API_SOCKET

# The metadata key of a path, read by `rokuon.config.bind`.
BELOW: Final = "below"

MAX_PORT: Final = 65_535
MAX_BYTES: Final = 1 << 62
# More than the API answers: as good as no limit.
MAX_PER_S: Final = 100_000

SyncMode = Literal["auto", "syncfs", "fdatasync"]
ClockWord = Literal["kernel", "host"]
IntakeSuite = Literal["hybrid", "p256"]
ClientCertificates = Literal["none", "optional", "required"]
RecordWord = Literal["force", "yes", "dont-care", "no", "never"]


def below(name: str) -> Path:
    """Declare a path that lies in the data folder unless it is given."""
    return field(default=Path(), metadata={BELOW: name})


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeSettings:
    """This machine: where its data lies and what it is called in logs."""

    data: Path = Path("var")
    name: str = "rokuon"
    clock: ClockWord = "kernel"


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

    @property
    def has_tls(self) -> bool:
        """Whether SIP is answered over TLS, too."""
        return self.certificate is not None and self.key is not None


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
    retention_group: str = ""
    turn_every_h: int = whole(24, low=0, high=8_760)
    keep_epochs: int = whole(30, low=2, high=365)
    epoch_copies: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupSettings:
    """Where backup sets of keystore and catalog go."""

    path: Path = below("backups")


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionSettings:
    """Who stamps certificates of destruction: addresses of servers of time stamps (RFC 3161); how
    fast what must go is destroyed (when and how much of it is in the policy).
    """

    per_second: int = whole(200, low=1, high=10_000)
    time_stamps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PagesSettings:
    """Where intake pages are kept after adoption."""

    path: Path = below("pages")


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSettings:
    """Where the API is served (TCP, over TLS where a certificate is given, and a Unix socket), how
    often one token may ask, which proxies are believed who asks, the names of hosts by which
    people reach the pages, and whether a browser on this machine needs no TLS.
    """

    bind: str = "127.0.0.1"
    port: int = whole(8080, low=1, high=MAX_PORT)
    socket: Path = below(API_SOCKET)
    # A player asks 20 ranges a second, a page some dozens at once, a script 10 commands a second.
    requests_per_s: int = whole(50, low=1, high=MAX_PER_S)
    burst: int = whole(250, low=1, high=MAX_PER_S)
    trusted_proxies: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    local_browser: bool = False
    certificate: Path | None = None
    key: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessSettings:
    """Who may see what: the codes of purposes that there are; how long sessions of pages live."""

    purposes: tuple[str, ...] = DEFAULT_CODES
    session_idle_min: int = whole(30, low=3, high=1_440)
    session_hours: int = whole(12, low=1, high=168)


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsSettings:
    """Where capture (`port`) and the API serve `/metrics` to Prometheus; port 0: nowhere."""

    bind: str = "127.0.0.1"
    port: int = whole(0, low=0, high=MAX_PORT)
    api_port: int = whole(0, low=0, high=MAX_PORT)


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitSettings:
    """How much is admitted before new calls are refused."""

    max_calls: int = whole(4_500, low=1, high=100_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSettings(SourceTerms):
    """A peer that may send us calls, with what must be read before it can be used."""

    address: tuple[str, ...]
    # Capture presumes no country; who configures nothing else is in Japan.
    zone: str = "Asia/Tokyo"
    country: str = "JP"
    password_file: Path | None = None
    tenant: str = "default"
    queue: str = ""
    purpose: tuple[str, ...] = one_or_more()
    controller: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineSettings:
    """What holds for all inline calls: emergency numbers, timers, marks of packets, relays."""

    emergency: tuple[str, ...] = ("110", "118", "119", "112", "911", "999")
    emergency_to: tuple[str, ...] = ()
    session_expires_s: int = whole(1_800, low=90, high=MAX_SECONDS)
    dscp_media: int = whole(46, low=0, high=63)
    dscp_sip: int = whole(24, low=0, high=63)
    relay_loop: LoopWord = "auto"
    relay_priority: PriorityWord = "realtime"


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetSettings(TargetTerms):
    """A peer that inline calls are sent to, with what must be read before it can be used."""

    password_file: Path | None = None
    record: Literal["", RecordWord] = ""
    address: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursSettings:
    """A table of opening hours that routes name."""

    name: str
    open: tuple[str, ...]
    zone: str = "Asia/Tokyo"
    holidays: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptSettings:
    """A recording that is played to parties: its file, its language, and its wording to read."""

    name: str
    file: Path
    language: str = "ja"
    text: str = ""


# Without any [[source]] only this machine itself may send calls: enough to try it, safe to leave.
# The domain is that of the self-test's agents.
LOOPBACK: Final = SourceSettings(
    name="loopback", address=("127.0.0.0/8", "::1/128"), internal_domains=("pbx.example",)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The whole configuration of a node: each field is a table of that name, or a list of them."""

    node: NodeSettings = NodeSettings()
    sip: SipSettings = SipSettings()
    rtp: RtpSettings = RtpSettings()
    media: MediaSettings = MediaSettings()
    spool: SpoolSettings = SpoolSettings()
    archive: ArchiveSettings = ArchiveSettings()
    catalog: CatalogSettings = CatalogSettings()
    keys: KeysSettings = KeysSettings()
    backup: BackupSettings = BackupSettings()
    pages: PagesSettings = PagesSettings()
    retention: RetentionSettings = RetentionSettings()
    http: HttpSettings = HttpSettings()
    access: AccessSettings = AccessSettings()
    metrics: MetricsSettings = MetricsSettings()
    limits: LimitSettings = LimitSettings()
    inline: InlineSettings = InlineSettings()
    source: tuple[SourceSettings, ...] = (LOOPBACK,)
    target: tuple[TargetSettings, ...] = ()
    route: tuple[Route, ...] = ()
    hours: tuple[HoursSettings, ...] = ()
    prompt: tuple[PromptSettings, ...] = ()

    @property
    def has_inline(self) -> bool:
        """Is there anything that an inline call could be sent to?"""
        return bool(self.route or self.inline.emergency_to)

    @property
    def capture_path(self) -> Path:
        """The folder of capture: the node's key, the list of intake keys."""
        return self.node.data / "capture"

    @property
    def sign_in_key(self) -> Path:
        """The key of signing in, in a folder of the part `api` alone."""
        return self.node.data / "api" / "sign-in.key"

    @property
    def seal_log(self) -> Path:
        """What the part `api` has sealed of the catalog, beside the key (`docs/seals.md`)."""
        return self.sign_in_key.with_name("seals.log")

    @property
    def run_path(self) -> Path:
        """The folder of the sockets between the parts of capture."""
        return self.node.data / "run"

    @property
    def catalog_path(self) -> Path:
        """The folder of the embedded catalog."""
        return self.node.data / "catalog"

    @property
    def keeper_file(self) -> Path:
        """Where the keeper tells how it is; the API reads it."""
        return self.catalog_path / "keeper.json"

    @property
    def verified_file(self) -> Path:
        """Where a verification of the whole archive says what it found; the API reads it."""
        return self.catalog_path / "verified.json"
