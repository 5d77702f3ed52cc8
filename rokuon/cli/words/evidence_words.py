"""What sides and directions were decided from: in words.

Knows the codes, nothing of how anything is decided. A sentence, for people; codes are in JSON.
"""

from rokuon.messages.i18n import tr


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
