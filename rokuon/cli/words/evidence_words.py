"""What sides and directions were decided from: in words.

Knows the codes, nothing of how anything is decided. A sentence, for people; codes are in JSON.
"""

from collections.abc import Mapping
from typing import Any

from rokuon.messages.i18n import tr

Row = Mapping[str, Any]


def evidence_words() -> dict[str, str]:
    """By the codes of `docs/siprec.md`, Sides and direction."""
    return {
        "client_said": tr("what the client says of its dialog"),
        "recorded_party": tr("the recorded party in the metadata"),
        "call_type": tr("the call type in the metadata"),
        "counterpart": tr("whom one of ours talks to"),
        "internal_domain": tr("the domains of the source"),
        "internal_number": tr("the numbers of the source"),
        "agent_table": tr("the table of agents"),
        "correction": tr("somebody's correction"),
        "number_shape": tr("the length of the numbers (a guess)"),
        "first_stream": tr("the order of streams (a guess)"),
        "route": tr("the route"),
        "place": tr("whose place was taken (a guess)"),
        "forwarded": tr("a forwarded call"),
        "metadata": tr("the metadata"),
        "dialect": tr("the client's order of participants"),
        "invite": tr("the INVITE"),
    }


def stray_words(codec: str) -> str:
    """What a codec that nobody agreed on means for whoever wants to hear the call."""
    said = tr(
        "{codec}, sent although nobody agreed on it: all its packets are kept;"
        " what cannot be heard is in calls export --format pcap"
    )
    return said.format(codec=codec)


def undecoded_words(stretch: Row) -> str:
    """Who is not heard in a recording, from when to when, and why."""
    said = tr("{who} from {from} to {until}: {why}")
    who = stretch["who"] or tr("stream {number}").format(number=stretch["stream"])
    return said.format_map({**stretch, "who": who, "why": _why_undecoded(stretch)})


def silent_words(silence: Row) -> str:
    """Which channels of a file are silent from one second to another, and why."""
    said = tr("channel {channels} is silent from {from_s} s to {until_s} s: {why}")
    channels = ", ".join(map(str, silence["channels"]))
    return said.format_map({**silence, "channels": channels, "why": _why_undecoded(silence)})


def _why_undecoded(told: Row) -> str:
    said = tr("{codec} cannot be decoded here; calls export --format pcap has its packets")
    if told["extra"]:
        said = tr(
            "{codec} is decoded by the extra {extra!r}, which is not installed where Rokuon runs;"
            " calls export --format pcap has its packets"
        )
    return said.format_map(told)
