"""What is said of a source in the configuration and used as it is.

Pure values, for who reads a configuration too: knows nothing of SIP, nor of how a source is found.
"""

from dataclasses import dataclass
from typing import Final, Literal

from archive.call.event_values import LatchRule
from capture.links.relay_messages import Latch
from capture.settings import MAX_SECONDS, whole

SourceMode = Literal["siprec", "network-based"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTerms:
    """How the calls of a peer are understood: what is configured and used as it is.

    `keep_anything`: also what nobody here can decode; `srtp`: whether media may be plain;
    `keys_in_clear`: what of SRTP keys without TLS around them. Of its inline calls: `latch`, whose
    packets are its media; `trusted`: it is told who calls; `pass_headers` cross to it besides.
    Of its recording sessions `siprec_latch` says whose packets are heard. So many calls may be
    answered and `unacknowledged_calls`, or 2 s of what it is answered a minute, where that is more.
    A pause lasts `pause_max_s` at most; with `pause_by_header` it may ask for one itself.
    `call_id_headers` hold ids by which its calls are known elsewhere.
    `sip_advertise` and `rtp_advertise` are the addresses that it reaches us at, "" = the node's.
    Sources of one `peer_group` stand in for each other in calls that are up.
    With a `certificate`'s name it is only who proves that name, from whatever of its networks. With
    a `user` each of its calls must know the password.
    """

    name: str
    certificate: str = ""
    user: str = ""
    peer_group: str = ""
    mode: SourceMode = "siprec"
    zone: str = "UTC"
    country: str = ""
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
    latch: Latch = Latch.SIGNALLED
    unacknowledged_calls: int = whole(64, low=1, high=100_000)
    siprec_latch: LatchRule | Literal["any"] = "first"
    trusted: bool = True
    pass_headers: tuple[str, ...] = ()
    pause_max_s: int = whole(600, low=1, high=MAX_SECONDS)
    pause_by_header: bool = False
    call_id_headers: tuple[str, ...] = ()


# Settings that count at one front door alone; all others count at both.
RECORDING_SESSIONS_ALONE: Final = frozenset(
    {"keep_anything", "strict", "pause_max_s", "siprec_latch"}
)
INLINE_CALLS_ALONE: Final = frozenset({"latch", "trusted", "pass_headers"})
