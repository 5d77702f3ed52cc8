"""What has gone wrong, as the person at the terminal reads it: in words, without names of classes.

Knows the errors of the folders, nothing of commands. What the archive adds (ids, positions, paths)
stands behind the sentence as it is.
"""

import grp
import os
import stat
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Final

from api.words.request_flaw_words import text_of
from archive.backup.errors import NothingOpened, SetMissing
from archive.disk.archive_place import MARK_NAME, ArchiveAway
from archive.errors import (
    KeyRefused,
    KeyUnavailable,
    RecordingDamaged,
    RecordingLost,
    RecordingUnreadable,
)
from archive.flaws import PartRefused
from archive.keys.errors import KeystoreTooOld, Refusal
from archive.keys.gate.former_keystore import KeystoreMissing
from capture.errors import CertificatesUnusable
from rokuon.machine.api_client import ApiAway, ApiClosed, ApiRefused
from rokuon.machine.logins import name_of
from rokuon.messages.errors import SeveralFound
from rokuon.messages.i18n import language, tr, words_in
from rokuon.messages.system_errors import in_words

_SENTENCES: Final[tuple[tuple[type[Exception], Callable[[], str]], ...]] = (
    (
        CertificatesUnusable,
        lambda: tr("TLS cannot be used: {detail}; rokuon config check says more"),
    ),
    (RecordingDamaged, lambda: tr("the recording is damaged: {detail}")),
    (RecordingUnreadable, lambda: tr("a file of the recording cannot be read: {detail}")),
    (RecordingLost, lambda: tr("the archive has nothing of the recording any more")),
    (KeyUnavailable, lambda: tr("the keys cannot be had: {detail}")),
    (SetMissing, lambda: tr("{detail}: there is no backup set")),
    (NothingOpened, lambda: tr("no recording that both sets have can be opened")),
    (
        KeystoreTooOld,
        lambda: tr(
            "the keystore was made before the first release, and no step leads from there to this "
            "version: leave it and its catalog to the version that made them, and begin with "
            "folders of their own (docs/how-to/operate/upgrade.md)"
        ),
    ),
)

_REFUSALS: Final[dict[str, Callable[[], str]]] = {
    Refusal.KEY_UNKNOWN: lambda: tr("the key daemon does not know this key"),
    Refusal.KEY_DESTROYED: lambda: tr("its key is destroyed"),
    Refusal.PART_HAS_OTHER_KEY: lambda: tr("the part is known with another key"),
    Refusal.ALREADY_ARCHIVED: lambda: tr("the part is archived already"),
    Refusal.NOT_CONFIRMED: lambda: tr("the part is not confirmed yet"),
    Refusal.PAGE_DAMAGED: lambda: tr("the intake page is damaged"),
    Refusal.SIGNATURE_WRONG: lambda: tr("the signature of the node is wrong"),
    Refusal.NODE_UNKNOWN: lambda: tr("the key daemon does not know this node"),
    Refusal.INTAKE_KEY_UNKNOWN: lambda: tr("the key daemon does not know this intake key"),
    Refusal.ENTRY_MALFORMED: lambda: tr("the key daemon cannot read the entry of the journal"),
    Refusal.ENTRY_OF_OTHER_ACT: lambda: tr("under this entry of the journal no key is opened"),
    Refusal.ENTRY_OF_OTHER_RECORDING: lambda: tr(
        "the entry of the journal is about another recording"
    ),
    Refusal.ENTRY_DIFFERS: lambda: tr(
        "the key daemon was told this entry of the journal otherwise"
    ),
    Refusal.ENTRY_STALE: lambda: tr("the entry of the journal is too old: ask again"),
    Refusal.JOURNAL_ID_MISSING: lambda: tr("the entry in the journal is missing"),
    Refusal.NOT_PERMITTED: lambda: tr("the key daemon does not let this user ask that"),
    Refusal.SET_OUTDATED: lambda: tr("the epoch of this backup set opens nothing here"),
    Refusal.ROLLED_BACK: lambda: tr(
        "the keystore was put back and does not know all that was destroyed: rokuon keys status"
    ),
    Refusal.CATALOG_OLDER: lambda: tr(
        "the catalog was put back and does not know all that was destroyed: rokuon keys status"
    ),
    Refusal.NOT_PROVED: lambda: tr("the key daemon has not signed this certificate"),
    Refusal.CLOCK_UNSURE: lambda: tr(
        "nobody knows whether date and time of the machine are right: rokuon retention clock"
    ),
    Refusal.MALFORMED: lambda: tr("the key daemon does not understand the question"),
    Refusal.HOLD_UNKNOWN: lambda: tr("the key daemon does not know this hold"),
    Refusal.HOLD_PLACING: lambda: tr("the hold is still being placed"),
    Refusal.HOLD_ACTIVE: lambda: tr("the hold is in force already"),
    Refusal.HOLD_ENDING: lambda: tr("the hold is being ended"),
    Refusal.PLAN_UNKNOWN: lambda: tr("the key daemon does not know this plan"),
    Refusal.PLAN_DIFFERS: lambda: tr("the key daemon knows this plan with other terms"),
    Refusal.PLAN_ALTERED: lambda: tr("the text of the plan is not the one that was approved"),
    Refusal.PLAN_GOES_ON: lambda: tr("the plan has not ended yet"),
    Refusal.NOT_DESTROYED: lambda: tr("the key daemon has not destroyed all of these"),
    Refusal.NOT_ALL_CERTIFIED: lambda: tr("the key daemon has destroyed more, or nothing"),
    Refusal.OUT_OF_ORDER: lambda: tr("the certificate was begun anew by somebody else"),
    Refusal.GATE_DIFFERS: lambda: tr("the keystore is not as it was when that was approved"),
    Refusal.PLAN_CLOSED: lambda: tr("nothing can be added to this plan any more"),
}


def words_of(error: Exception) -> str:
    """The error as a sentence."""
    match error:
        case ApiAway():
            return _of_the_way(error)
        case ApiRefused():
            return _of_the_api(error)
        case SeveralFound():
            return tr("{id} is an id of several calls: {calls}").format(
                id=error.given, calls=", ".join(error.calls)
            )
        case OSError():
            return in_words(error)
        case KeyRefused():
            return _word(_REFUSALS, str(error))
    return _of_a_folder(error)


def _of_the_way(away: ApiAway) -> str:
    if isinstance(away, ApiClosed):
        return closed_words(Path(str(away)))
    return tr("Rokuon does not answer at {path}; start it with: rokuon serve").format(path=away)


def _of_the_api(refused: ApiRefused) -> str:
    """What it says, of each thing that is wrong with a question what that is, and when to ask."""
    told = [str(refused) or tr("no reason is given"), *refused.faults]
    if refused.status == HTTPStatus.SERVICE_UNAVAILABLE and refused.retry_after.isdecimal():
        told.append(tr("try again in {seconds} s").format(seconds=refused.retry_after))
    return "\n".join(told)


def _of_a_folder(error: Exception) -> str:
    """What another folder says, behind our sentence for errors of its kind."""
    # Looked at when there is an error: commands start faster without a database.
    from rokuon.messages.database_words import catalog_words

    if said := catalog_words(error):
        return said
    if isinstance(error, ArchiveAway | KeystoreMissing):
        return _of_a_disk(error)
    if isinstance(error, PartRefused):
        return text_of(error).told(words_in, language())
    for kind, sentence in _SENTENCES:
        if isinstance(error, kind):
            return sentence().format(detail=error)
    return str(error) or tr("no reason is given")


def _of_a_disk(away: ArchiveAway | KeystoreMissing) -> str:
    """What is not there, what shows that it was, and what to do."""
    if isinstance(away, KeystoreMissing):
        return tr(
            "there is no keystore at {keystore}, but there was one, as {witnesses} shows: is its"
            " disk mounted? If it is lost, put a backup back (rokuon backup restore). A new one"
            " opens nothing of what is archived; to make one all the same, remove {witnesses}"
        ).format(keystore=away.keystore, witnesses=", ".join(map(str, away.witnesses)))
    return tr(
        "the archive at {folder} has neither its mark ({mark}) nor any of {count} file(s) that the"
        " catalog expects there: is its disk mounted? If the archive is lost for good, go on with"
        " --archive-lost"
    ).format(folder=away.root, mark=MARK_NAME, count=away.looked_for)


def _word(sentences: dict[str, Callable[[], str]], word: str) -> str:
    return sentences[word]() if word in sentences else word


def closed_words(socket: Path) -> str:
    """What a user of the operating system reads whom the kernel does not let through to it."""
    closed = _closed(socket)
    found = closed.stat()
    group = _group_of(found.st_gid)
    said = tr("{path} is closed to the user {user}: it belongs to {owner}, group {group} ({mode})")
    told = said.format(
        path=closed,
        user=name_of(os.geteuid()),
        owner=name_of(found.st_uid),
        group=group,
        mode=stat.filemode(found.st_mode),
    )
    if found.st_mode & (stat.S_IXGRP if stat.S_ISDIR(found.st_mode) else stat.S_IWGRP):
        fix = tr("have root add you to the group ({command}), then log in anew")
        return f"{told}; " + fix.format(command=f"usermod -aG {group} {name_of(os.geteuid())}")
    return f"{told}; " + tr("its group is not let in either: see http.socket in the configuration")


def _closed(socket: Path) -> Path:
    """The first on the way that does not let us through; the socket where every folder does."""
    folders = reversed(socket.absolute().parents)
    return next((each for each in folders if not os.access(each, os.X_OK)), socket)


def _group_of(gid: int) -> str:
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)
