"""A certificate of destruction in sentences that people read.

Knows nothing of whether its signature is right, nor of who asks.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from api.words.texts import Words, said
from api.words.time_words import moment_told, zone_told
from archive.certificates.statement import Backups
from retention.certificates.certificate import Certificate, NamedRevision, RuleCount, Word
from retention.certificates.certificate_scopes import Scopes
from retention.certificates.destroyed_list import CASE

_MINUTE_DIGITS: Final = 16
_SECOND_DIGITS: Final = 19
_APPROVALS: Final = {
    Word.TWO_PERSONS: said("Two persons wanted it."),
    Word.ONE_PERSON: said("One person wanted it: in this installation one is enough."),
    Word.STANDING: said("Its rules had been approved before, and have not changed since."),
}
_REVISIONS: Final = {
    Word.REGULAR: said(
        "Revision {number} of the policy was made by two persons, or could only lengthen."
    ),
    Word.ONE_PERSON: said("Revision {number} of the policy was made by one person alone."),
    Word.AS_SHIPPED: said("Revision {number} is the policy as shipped."),
}
_BACKUPS: Final = {
    "known_copies": said(
        "All copies of keys that Rokuon has made are deleted, in every backup, from {time} on."
    ),
    "one_place": said(
        "All copies of keys, also those in the one place where the site keeps copies, are deleted,"
        " in every backup, from {time} on."
    ),
}
_BACKUPS_WITHOUT_DATE: Final = said("It is not stated from when on no backup opens them.")


@dataclass(frozen=True, slots=True)
class _Speaker:
    words: Words
    language: str
    zone: tzinfo | None = None

    def at(self, text: str, *, seconds: bool = True) -> str:
        """A moment of a certificate for eyes, without its microseconds: in the zone, else UTC."""
        if self.zone is None:
            digits = _SECOND_DIGITS if seconds else _MINUTE_DIGITS
            return f"{text[:digits].replace('T', ' ')} UTC"
        at = datetime.fromisoformat(text)
        told = moment_told(at, self.zone, self.language, seconds=seconds)
        return f"{told} {zone_told(at, self.zone)}"

    def say(self, text: str, **values: str) -> str:
        return self.words(self.language, text).format(**values)


def certificate_lines(
    certificate: Certificate, words: Words, language: str, zone: tzinfo | None = None
) -> tuple[str, ...]:
    """Tell of a certificate; each line is a sentence, with times of a zone (None: UTC)."""
    return tuple(_lines(certificate, _Speaker(words, language, zone)))


def _lines(certificate: Certificate, speaker: _Speaker) -> Iterator[str]:
    statement, below = certificate.signed.statement, certificate.below
    above = dict(line.partition(": ")[::2] for line in statement.text().splitlines())
    yield speaker.say(said("Certificate of destruction, run {run}"), run=above["run"])
    yield speaker.say(
        said("{count} recording(s) were destroyed between {first} and {last}."),
        count=above["recordings"],
        first=speaker.at(above["first"]),
        last=speaker.at(above["last"]),
    )
    yield speaker.say(
        said("The keys that open them were deleted; their files were removed and seen to be gone.")
    )
    yield from (_rule(speaker, each) for each in below.rules)
    if below.unnamed.rules:
        yield speaker.say(
            said("By {rules} further rules: {count}."),
            rules=str(below.unnamed.rules),
            count=str(below.unnamed.recordings),
        )
    yield from _scopes(speaker, below.scopes)
    yield speaker.say(_APPROVALS[below.approval])
    yield from (_revision(speaker, each) for each in below.revisions)
    yield _backups(speaker, statement.backups)
    yield speaker.say(
        said("Signed on {time} by the key {fingerprint}."),
        time=speaker.at(above["signed"]),
        fingerprint=statement.key.fingerprint,
    )


def _rule(speaker: _Speaker, rule: RuleCount) -> str:
    count, revision = str(rule.recordings), str(rule.revision)
    if rule.rule == CASE:
        return speaker.say(said("Because of a case: {count}."), count=count)
    return speaker.say(
        said("By {rule} of revision {revision}: {count}."),
        rule=rule.rule.replace(",", ", "),
        revision=revision,
        count=count,
    )


def _scopes(speaker: _Speaker, scopes: Scopes) -> Iterator[str]:
    """Of how many not all went at once."""
    if scopes.audio and scopes.until:
        yield speaker.say(
            said("Of {count} the audio alone; what is told of them is kept, at most until {time}."),
            count=str(scopes.audio),
            time=speaker.at(scopes.until, seconds=False),
        )
    elif scopes.audio:
        yield speaker.say(
            said("Of {count} the audio alone; what is told of them is kept, of some without end."),
            count=str(scopes.audio),
        )
    if scopes.facts:
        yield speaker.say(
            said("Of {count} what was told of them; their audio had been destroyed before."),
            count=str(scopes.facts),
        )
    if scopes.pages:
        yield speaker.say(
            said("{count} of these are pages of the ledger: calls that have no recording."),
            count=str(scopes.pages),
        )


def _revision(speaker: _Speaker, revision: NamedRevision) -> str:
    return speaker.say(_REVISIONS[revision.word], number=str(revision.number))


def _backups(speaker: _Speaker, backups: Backups) -> str:
    if backups.from_us is None or backups.kind not in _BACKUPS:
        return speaker.say(_BACKUPS_WITHOUT_DATE)
    time = str(backups).rpartition(" ")[2]
    return speaker.say(_BACKUPS[backups.kind], time=speaker.at(time, seconds=False))
