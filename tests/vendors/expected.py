"""What must become of each session of the corpus: sides, flags, tolerances, ids, participants.

Knows nothing of how it is played.
"""

from dataclasses import dataclass
from typing import Final, Literal

from tests.vendors.script import Script

# Numbers and domain of the agents, as the pages of docs/how-to have a source say it.
INTERNAL_DOMAINS: Final = ("pbx.example",)
INTERNAL_NUMBERS: Final = ("2*",)
CUSTOMER: Final = "customer"
EARLY: Final = "2026-11-25T10:00:00+00:00"
UNTOLD: Final = (("joined", CUSTOMER, ""), ("joined", "2001", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """`customer` and `agent` are m-lines, None where there is none; `lines` is how many. `mixed` is
    the one on which all of them speak.

    They speak after the message of the place `spoken_after`. `ids` are kinds, and the value of the
    script that they are made of. `participants` are what happened, in that order, the user part
    of an address, `CUSTOMER` for the number of the customer, and the second that the client told,
    "" where it told none. `sides` are those of the legs in their order, each with what it was
    decided from, `names` are found, `holds` say who told of whom, `transfers` who came for whom.
    """

    customer: int | None = 0
    agent: int | None = 1
    mixed: int | None = None
    lines: int = 2
    spoken_after: int = 0
    codec: Literal["pcmu", "pcma"] = "pcmu"
    mode: Literal["siprec", "network-based"] = "siprec"
    flags: frozenset[str] = frozenset()
    tolerances: frozenset[str] = frozenset()
    ids: tuple[tuple[str, str], ...] = ()
    direction: str = "unknown"
    direction_because: str = ""
    sides: str = "customer internal_domain, agent internal_domain"
    names: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    transfers: tuple[str, ...] = ()
    ended: str = "bye"
    participants: tuple[tuple[str, str, str], ...] = (
        ("joined", CUSTOMER, EARLY), ("joined", "2001", EARLY),
    )  # fmt: skip

    def ids_of(self, script: Script) -> set[tuple[str, str]]:
        """The ids by which the call must be found."""
        return {(kind, _as_id(kind, script.value(key))) for kind, key in self.ids}


def _as_id(kind: str, value: str) -> str:
    """How the index holds what the client wrote."""
    match kind:
        case "ucid":
            node, sequence, time = (int(value[a:b], 16) for a, b in ((0, 4), (4, 8), (8, 16)))
            return f"{node:05}{sequence:05}{time:010}"
        case "cisco_guid" if "-" in value:
            return "".join(f"{int(word):08x}" for word in value.split("-"))
        case "broadworks_tracking":
            return f"{value}:1"
        case "call_id" if len(value) == 32:
            return f"{value}@carrier.example"
        case "call_id":
            return f"callhalf-{value}:0"
        case _:
            return value


def _codes(*numbers: int) -> frozenset[str]:
    return frozenset(f"TOL-{number:03}" for number in numbers)


EXPECTED: Final = {
    "audiocodes": Expected(
        codec="pcma", tolerances=_codes(2), ids=(("ucid", "ucid:call"),),
    ),
    "audiocodes_legacy": Expected(codec="pcma", tolerances=_codes(2, 4, 10, 11)),
    "avaya_sbce": Expected(
        sides="customer first_stream, agent first_stream",
        flags=frozenset({"side_guessed"}),
        tolerances=_codes(10, 11),
        ids=(("ucid", "ucid:call"),),
        participants=(("joined", CUSTOMER, EARLY), ("joined", "ASBCE", EARLY)),
    ),
    "broadworks": Expected(
        direction="inbound", direction_because="call_type",
        sides="customer counterpart, agent recorded_party",
        holds=("sdp customer", "sdp 2001"),
        tolerances=_codes(1, 2, 4, 8, 10),
        ids=(("broadworks_tracking", "digits:tracking"), ("call_id", "digits:half")),
        participants=UNTOLD,
    ),
    "avaya_mixed": Expected(
        direction="inbound", direction_because="invite", names=("Tanaka", "中田"),
        sides="customer internal_domain, agent internal_domain, agent internal_domain",
        customer=None, agent=None, mixed=0, lines=1,
        flags=frozenset({"mixed"}), tolerances=_codes(10, 11, 12),
        ids=(("ucid", "ucid:call"),),
        participants=(
            ("joined", CUSTOMER, EARLY), ("joined", "2001", EARLY), ("joined", "2002", EARLY),
        ),
    ),
    "broadworks_mixed": Expected(
        direction="outbound", direction_because="call_type",
        sides="agent recorded_party, customer counterpart",
        customer=None, agent=None, mixed=0, lines=1,
        flags=frozenset({"mixed"}), tolerances=_codes(1, 2, 4, 10, 12),
        ids=(("broadworks_tracking", "digits:tracking"), ("call_id", "digits:half")),
        participants=(("joined", "0355502001", ""), ("joined", CUSTOMER, "")),
    ),
    "cisco_cube": Expected(
        holds=("metadata customer",), names=("Desk",),
        ids=(
            ("session_id", "hex32:session"), ("session_id", "hex32:remote"),
            ("cisco_guid", "guid:call"),
        ),
        participants=(
            ("joined", CUSTOMER, EARLY),
            ("joined", "2001", EARLY), ("held", CUSTOMER, ""),
        ),
    ),
    "cisco_cucm": Expected(
        transfers=("2002 for customer",),
        sides="agent client_said, customer client_said, customer client_said",
        customer=None, agent=0, lines=1, mode="network-based",
        flags=frozenset({"metadata_missing"}),
        ids=(
            ("cisco_reference", "digits:reference"), ("cisco_reference", "digits:far"),
            ("cisco_guid", "hex32:guid"), ("session_id", "hex32:session"),
        ),
        participants=(
            ("joined", "2001", ""), ("joined", CUSTOMER, ""), ("left", CUSTOMER, ""),
            ("transferred", "2002", ""),
        ),
    ),
    "cisco_nbr": Expected(
        sides="customer internal_number, agent internal_number",
        mode="network-based",
        flags=frozenset({"metadata_missing"}),
        ids=(("cisco_guid", "guid:call"),),
        participants=UNTOLD,
    ),
    "freeswitch": Expected(
        customer=None, agent=None, mixed=0, lines=1,
        flags=frozenset({"metadata_missing", "mixed"}),
        tolerances=_codes(3, 6, 10, 12),
        participants=UNTOLD,
    ),
    "metaswitch": Expected(
        agent=2, lines=3, codec="pcma", ids=(("icid", "hex32:icid"),), participants=UNTOLD,
    ),
    "opensips_callee_first": Expected(
        direction="inbound", direction_because="dialect",
        sides="customer internal_number, agent internal_number",
        customer=1, agent=0, ids=(("call_id", "hex32:callid"),),
    ),
    "opensips": Expected(
        direction="inbound", direction_because="dialect",
        ids=(("call_id", "hex32:callid"),)),
    "oracle": Expected(
        direction="inbound", direction_because="metadata", holds=("sdp ",),
        spoken_after=1, tolerances=_codes(4, 11),
        ids=(("ucid", "ucid:call"), ("call_id", "hex32:callid")),
        participants=(
            ("joined", CUSTOMER, EARLY), ("joined", "2001", "2026-11-25T10:00:05+00:00"),
        ),
    ),
    "persistent": Expected(
        sides="agent internal_domain, customer internal_domain",
        customer=1, agent=0, codec="pcma", spoken_after=1,
        participants=(("joined", "2001", ""), ("joined", CUSTOMER, "")),
    ),
    "rfc7865": Expected(
        holds=("metadata customer",), transfers=("2002 for 2001",), names=("Desk 1", "山田 太郎"),
        sides="customer internal_domain, agent internal_domain, agent internal_domain",
        ids=(("session_id", "hex32:session_a"), ("session_id", "hex32:session_b")),
        participants=(
            ("joined", CUSTOMER, EARLY), ("joined", "2001", EARLY), ("held", CUSTOMER, ""),
            ("left", "2001", "2026-11-25T10:01:00+00:00"),
            ("transferred", "2002", "2026-11-25T10:01:00+00:00"),
        ),
    ),
    "sbc_callee_first": Expected(
        sides="agent internal_number, customer internal_number",
        customer=1, agent=0, ids=(("call_id", "hex32:callid"),),
        participants=(("joined", "2001", EARLY), ("joined", CUSTOMER, EARLY)),
    ),
    "ribbon": Expected(
        direction="inbound", direction_because="metadata",
        customer=1, agent=0, tolerances=_codes(4, 10, 11),
        ids=(("gcid", "digits:gcid"), ("call_id", "hex32:callid")),
        participants=UNTOLD,
    ),
}  # fmt: skip
