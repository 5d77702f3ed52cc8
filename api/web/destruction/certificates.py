"""Routes under `/certificates`: what was destroyed, as the key daemon signed it.

Each is three moves: read, ask, show. Knows nothing of how a certificate is made.
"""

import asyncio
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal, Self
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from api.destruction.certificate_letter import certificate_letter
from api.destruction.certificates import ShownCertificate
from api.letters.typesetter import set_letter
from api.permissions.verbs import Verb
from api.web.http.api_routes import IdText, needing
from api.web.http.language import Reader, reader_of
from api.web.http.problems import documented
from api.web.http.requester import CurrentActor, CurrentApplication
from api.web.http.times import shown
from api.words.certificate_words import certificate_lines
from archive.catalog.destruction.certificates import MAX_PAGE, StoredCertificate
from archive.ids import RecordingId

MAX_NUMBER: Final = 2**63 - 1
_TEXT: Final = "text/plain"
_STAMP: Final = "application/timestamp-reply"
Number = Annotated[int, Path(ge=1, le=MAX_NUMBER, description="Of the plan that was carried out")]
PDF: Final = "application/pdf"
LetterLanguage = Literal["en", "ja"]
FileName = Annotated[str, Path(max_length=400, description="One of `files`")]
_SEEN: Final = documented(401, 403, 404, 422, 429, 503)
_FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The file",
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}} for kind in (_TEXT, _STAMP)
        },
    },
    **_SEEN,
}
_LETTER: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The letter",
        "content": {PDF: {"schema": {"type": "string", "format": "binary"}}},
    },
    **_SEEN,
    **documented(500, 501),
}
_PROOF: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The proof", "content": {_TEXT: {"schema": {"type": "string"}}}},
    **_SEEN,
}

router = APIRouter(prefix="/certificates", tags=["certificates"])


class CertificateRow(BaseModel):
    """A certificate of the list; `sha256` is that of its file, `one_person` as everywhere."""

    number: int
    run: str
    recordings: int
    signed_at: datetime
    sha256: str
    one_person: bool

    @classmethod
    def show(cls, stored: StoredCertificate) -> Self:
        """The same as it is sent."""
        content = stored.content
        return cls(
            number=content.number,
            run=content.run.hex(),
            recordings=content.recordings,
            signed_at=shown(content.signed_us, UTC),
            sha256=content.sha256.hex(),
            one_person=content.one_person,
        )


class CertificatesView(BaseModel):
    """A page of certificates, the latest first."""

    certificates: list[CertificateRow]


class CertificateView(BaseModel):
    """A certificate: as it was signed (`text`), in sentences, and the files that belong to it.

    `fingerprint` is that of the key that signed. Whether the signature is right is for the reader
    to check (docs/certificates.md).
    """

    certificate: CertificateRow
    root: str
    first_at: datetime
    last_at: datetime
    fingerprint: str
    backups: str
    told: list[str]
    files: list[str]
    text: str

    @classmethod
    def show(cls, found: ShownCertificate, reader: Reader) -> Self:
        """It in the language of who reads."""
        statement = found.certificate.signed.statement
        destroyed = statement.destroyed
        return cls(
            certificate=CertificateRow.show(found.stored),
            root=destroyed.root.hex(),
            first_at=shown(destroyed.first_us, UTC),
            last_at=shown(destroyed.last_us, UTC),
            fingerprint=statement.key.fingerprint,
            backups=str(statement.backups),
            told=list(certificate_lines(found.certificate, reader.words, reader.language)),
            files=list(found.files),
            text=found.text,
        )


@router.get(
    "", responses=documented(401, 403, 422, 429, 503), openapi_extra=needing(Verb.POLICY_READ)
)
async def certificates(
    actor: CurrentActor,
    application: CurrentApplication,
    before: Annotated[int | None, Query(ge=1, le=MAX_NUMBER)] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = MAX_PAGE,
) -> CertificatesView:
    """What was destroyed in which run, the latest first; `before`: behind that number."""
    found = await application.certificates.listed(actor, before=before, limit=limit)
    return CertificatesView(certificates=[CertificateRow.show(each) for each in found])


@router.get("/{number}", responses=_SEEN, openapi_extra=needing(Verb.POLICY_READ))
async def certificate(
    number: Number, actor: CurrentActor, application: CurrentApplication, request: Request
) -> CertificateView:
    """The certificate of one run."""
    found = await application.certificates.show(actor, number)
    return CertificateView.show(found, reader_of(request))


@router.get(
    "/{number}/letter",
    responses=_LETTER,
    response_class=Response,
    openapi_extra=needing(Verb.POLICY_READ),
)
async def letter(
    number: Number,
    actor: CurrentActor,
    application: CurrentApplication,
    language: LetterLanguage = "en",
) -> Response:
    """The certificate told in words as a PDF, in one language, with times of the installation."""
    found = await application.certificates.show(actor, number)
    zone = ZoneInfo(application.place.zone)
    own = certificate_letter(found, application.words, language, zone)
    content = await asyncio.to_thread(set_letter, own)
    return Response(content, media_type=PDF, headers={"Cache-Control": "no-store"})


@router.get(
    "/{number}/files/{name}",
    responses=_FILE,
    response_class=Response,
    openapi_extra=needing(Verb.POLICY_READ),
)
async def file(
    number: Number, name: FileName, actor: CurrentActor, application: CurrentApplication
) -> Response:
    """One of the files of a certificate, byte by byte."""
    content = await application.certificates.file(actor, number, name)
    kind = _STAMP if name.endswith(".tsr") else _TEXT
    return Response(content, media_type=kind, headers={"Cache-Control": "no-store"})


@router.get(
    "/{number}/proofs/{recording}",
    responses=_PROOF,
    response_class=Response,
    openapi_extra=needing(Verb.POLICY_READ, "proof_drawn"),
)
async def proof(
    number: Number, recording: IdText, actor: CurrentActor, application: CurrentApplication
) -> Response:
    """The proof that one recording is in a certificate; it tells of no other one."""
    found = await application.certificates.proof(actor, number, RecordingId.parse(recording))
    return Response(found.text(), media_type=_TEXT, headers={"Cache-Control": "no-store"})
