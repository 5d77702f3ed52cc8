"""Values as people read them: each value of a kind has words, in English here, translated later.

Pure. A test holds these tables to the values that there are.
"""

from collections.abc import Mapping
from typing import Final

from api.texts import said

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "direction": {
        "inbound": said("incoming"),
        "outbound": said("outgoing"),
        "internal": said("within the house"),
        "unknown": said("direction not known"),
    },
    "side": {
        "customer": said("customer"),
        "agent": said("agent"),
        "unknown": said("side not known"),
        "node": said("played by Rokuon"),
    },
    "state": {
        "complete": said("complete"),
        "partial": said("incomplete"),
        "live": said("still running"),
    },
    "live_state": {
        "live": said("being recorded"),
        "on_hold": said("on hold"),
        "paused": said("recording paused"),
        "unrecorded": said("not recorded"),
    },
    "phase": {
        "": "",
        "finding": said("looking for the called party"),
        "dialling": said("dialling"),
        "ringing": said("ringing"),
        "notice": said("recording notice is playing"),
        "joined": said("connected"),
        "ending": said("ending"),
    },
    "range": {
        "today": said("today"),
        "yesterday": said("yesterday"),
        "7days": said("last 7 days"),
        "30days": said("last 30 days"),
        "month": said("this month"),
        "last-month": said("last month"),
        "dates": said("dates that you type"),
    },
    "wish": {
        "start": said("Start recording"),
        "pause": said("Pause recording"),
        "resume": said("Resume recording"),
        "stop": said("Stop recording"),
    },
    "trouble": {
        "no_rtp": said("no audio arrives"),
        "one_way": said("audio from one side only"),
        "lossy": said("packets are lost"),
        "mixed": said("both sides in one stream"),
        "wrong_codec": said("a codec that nobody agreed on"),
    },
    "notice": {
        "complete": said("played in full, and it arrived"),
        "cut_short": said("cut short"),
        "failed": said("not played"),
        "unheard": said("sent, but nothing arrived"),
        "unproved": said("sent in full; whether it arrived is not known"),
        "none": said("no notice"),
    },
    "fate": {
        "recorded": said("recorded"),
        "without audio": said("without audio"),
        "connected unrecorded": said("connected without recording"),
        "refused": said("refused"),
    },
    "reason": {
        "password": said("wrong user or password"),
        "unreadable": said("the request could not be read"),
        "no recording session": said("no recording session, and no route for calls"),
        "no route": said("no route fits the call"),
        "forwarded too often": said("forwarded too often"),
        "loop": said("it came back to us: a loop"),
        "replaces no call that is up": said("it replaces a call that is not there"),
        "the notice cannot be played": said("the notice cannot be played"),
        "not by the RFC": said("not by the standard, and the source is strict"),
        "unknown body": said("its body is of no kind that we know"),
        "media not acceptable": said("no codec or transport in common"),
        "full": said("as many calls as may were up"),
        "draining": said("no new calls were taken"),
        "challenged": said("asked for a password, and it did not come"),
        "refused by SIP": said("refused by SIP"),
        "not connected": said("the called party did not answer"),
        "not recorded": said("its route does not record"),
        "not relayed": said("the audio did not go through this node"),
        "the target is not recorded": said("its target is not recorded"),
        "notice not played": said("the notice was not played, so it was not recorded"),
        "refused": said("a party refused the recording"),
        "stopped by hand": said("stopped by hand"),
        "spool bytes": said("the disk was full"),
        "spool inodes": said("the disk had no room for files"),
        "workers": said("no worker was free"),
        "no packet came": said("no packet came"),
    },
    "role": {
        "disclosure": said("disclosure"),
        "reviewer": said("reviewer"),
        "approver": said("approver"),
        "legal": said("legal"),
        "retention_owner": said("retention owner"),
        "supervisor": said("supervisor"),
        "administrator": said("administrator"),
        "auditor": said("auditor"),
    },
    "purpose": {
        "quality": said("quality"),
        "dispute": said("dispute"),
        "training": said("training"),
        "legal_duty": said("legal duty"),
        "technical": said("technical"),
    },
}


def words_of(kind: str, value: str) -> str:
    """The English words of a value, to be translated; the value itself where it has none."""
    return WORDS[kind].get(value, value)
