"""What sides and directions were decided from, who told a hold, why a recording ended: in words.

Knows the codes, nothing of how anything is decided. A sentence, for people; codes are in JSON.
"""

from rokuon.i18n import tr


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
        "first_stream": tr("the order of streams (a guess)"),
        "route": tr("the route"),
        "metadata": tr("the metadata"),
        "dialect": tr("the client's order of participants"),
        "invite": tr("the INVITE"),
        "order": tr("who is named first"),
        "sdp": tr("SDP alone"),
    }


def stray_words(codec: str) -> str:
    """What a codec that nobody agreed on means for whoever wants to hear the call."""
    said = tr(
        "{codec}, sent although nobody agreed on it: all its packets are kept;"
        " what cannot be heard is in calls export --format pcap"
    )
    return said.format(codec=codec)


def end_words() -> dict[str, str]:
    """By the reason of the event `call_ended`."""
    return {
        "bye": tr("somebody hung up"),
        "cancel": tr("the caller gave up before it was answered"),
        "media_timeout": tr("no audio came any more, and nobody hung up"),
        "hold_timeout": tr("it was on hold for longer than it may be"),
        "max_length": tr("it was as long as a call may be"),
        "probe_failed": tr("a side did not answer any more"),
        "session_ended": tr("the client ended this call, its session went on"),
        "stopped": tr("somebody stopped the recording by hand"),
        "node_stopped": tr("the node was stopped"),
        "node_failed": tr("a part of Rokuon failed, and no call could go on"),
        "recovered": tr("its writer was killed; what had arrived is kept"),
    }


def limit_words(limit: str) -> str:
    """Why a recording is not heard for the purpose that was stated."""
    words = {
        "restricted": tr("restricted: kept for few purposes alone, and not for this one"),
        "suspended": tr("suspended: a case has stopped its use"),
    }
    return words.get(limit, limit)
