"""A certificate of destruction as a letter, in one language and one zone.

Pure. Tells what was signed in words, and has it verbatim below: what is signed stays the text.
Knows nothing of how a letter is set, nor of whether a signature is right.
"""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from api.destruction.certificates import ShownCertificate
from api.letters.typesetter import Letter, Section
from api.words.certificate_words import certificate_lines
from api.words.texts import Words, said
from api.words.time_words import moment_told, zone_told
from archive.certificates.folder import CERTIFICATE

_TITLE: Final = said("Certificate of destruction of recordings")
_AS_SIGNED: Final = said("The certificate as it was signed")
_NOTE: Final = said(
    "This page tells in words what the text below says, with times of the zone {zone}. Signed is"
    " the text, in the file {file}, whose times are UTC."
)
_DIGEST: Final = said("SHA-256 of {file}: {digest}")
_FOOTER: Final = said("Certificate of plan {number}")


def certificate_letter(
    found: ShownCertificate, words: Words, language: str, zone: ZoneInfo
) -> Letter:
    """What stands in it."""

    def say(text: str, **values: str) -> str:
        return words(language, text).format(**values)

    above = dict(line.partition(": ")[::2] for line in found.text.splitlines())

    def told(name: str) -> str:
        at = datetime.fromisoformat(above[name])
        return f"{moment_told(at, zone, language)} {zone_told(at, zone)}"

    number, file = str(found.stored.content.number), CERTIFICATE
    return Letter(
        title=say(_TITLE),
        author="Rokuon",
        language=language,
        at_us=found.stored.content.signed_us,
        facts=(
            (say(said("Plan")), number),
            (say(said("Recordings destroyed")), above["recordings"]),
            (say(said("The first on")), told("first")),
            (say(said("The last on")), told("last")),
            (say(said("Signed on")), told("signed")),
        ),
        lines=certificate_lines(found.certificate, words, language, zone)[1:],
        sections=(
            Section(
                title=say(_AS_SIGNED),
                lines=(
                    say(_NOTE, zone=zone.key, file=file),
                    say(_DIGEST, file=file, digest=found.stored.content.sha256.hex()),
                ),
                verbatim=found.text,
            ),
        ),
        footer=say(_FOOTER, number=number),
    )
