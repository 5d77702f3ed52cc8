"""The words of the ledger: what became of a call, and why there is no recording of it.

Knows the codes of `archive.fates`, nothing of where they come from.
"""

from archive.fates import Fate, Reason
from rokuon.i18n import tr


def fate_words() -> dict[str, str]:
    """By code."""
    return {
        Fate.RECORDED: tr("recorded"),
        Fate.WITHOUT_AUDIO: tr("without audio"),
        Fate.CONNECTED_UNRECORDED: tr("connected unrecorded"),
        Fate.REFUSED: tr("refused"),
    }


def reason_words() -> dict[str, str]:
    """By code; what older versions wrote and none knows any more has no word."""
    return {**_refused(), **_unrecorded()}


def _refused() -> dict[str, str]:
    return {
        Reason.PASSWORD: tr("password"),
        Reason.UNREADABLE: tr("unreadable"),
        Reason.NO_RECORDING_SESSION: tr("no recording session"),
        Reason.NO_ROUTE: tr("no route"),
        Reason.TOO_FAR: tr("forwarded too often"),
        Reason.LOOP: tr("loop"),
        Reason.NO_DIALOG: tr("replaces no call that is up"),
        Reason.NO_NOTICE: tr("the notice cannot be played"),
        Reason.STRICT: tr("not by the RFC"),
        Reason.UNKNOWN_BODY: tr("unknown body"),
        Reason.MEDIA: tr("media not acceptable"),
        Reason.FULL: tr("full"),
        Reason.UNACKNOWLEDGED: tr("too many calls not acknowledged"),
        Reason.DRAINING: tr("draining"),
        Reason.CHALLENGED: tr("challenged"),
        Reason.SIP: tr("refused by SIP"),
        Reason.NOT_CONNECTED: tr("not connected"),
    }


def _unrecorded() -> dict[str, str]:
    return {
        Reason.NOT_RECORDED: tr("not recorded"),
        Reason.NOT_RELAYED: tr("not relayed"),
        Reason.TARGET_UNRECORDED: tr("the target is not recorded"),
        Reason.NOTICE_MISSING: tr("notice not played"),
        Reason.PARTY_REFUSED: tr("refused by a party"),
        Reason.STOPPED: tr("stopped by hand"),
        Reason.SPOOL_BYTES: tr("no room in the spool"),
        Reason.SPOOL_INODES: tr("no inodes left in the spool"),
        Reason.SPOOL_FAILING: tr("the spool could not be written"),
        Reason.WORKERS: tr("no worker"),
        Reason.NO_PACKET: tr("no packet came"),
        Reason.NO_ACK: tr("neither ACK nor packet came"),
    }
