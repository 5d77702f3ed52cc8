"""The table of refusals: of each kind its status, its code, which never changes, and its text.

A text says what to do next. Knows nothing of requests or of handlers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from math import ceil
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from api.locate.column_keeper import ColumnsNotReady
from api.permissions.errors import (
    Ambiguous,
    ApprovalNeeded,
    CodeRefused,
    CountsAsOne,
    CredentialsThere,
    Destroyed,
    InForce,
    ListensTooOften,
    NodeAway,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    NotPossible,
    OneTimeRefused,
    PasswordFault,
    PasswordRefused,
    PurposeMissing,
    PurposeNotCovered,
    PurposeRefused,
    SignInBusy,
    SignInRefused,
    SimulationNotDone,
    StageRefused,
    TooManyExports,
    TooManyListeners,
    TooManyRequests,
    UnknownPack,
    UseRestricted,
    UseSuspended,
)
from api.web.http.problems import Problem
from api.web.http.ranges import RangeRefused
from api.web.refusals.approval_refusals import APPROVAL, APPROVALS, OF_APPROVALS
from api.web.refusals.locate_refusals import OF_RANKINGS
from api.web.refusals.recording_refusals import (
    OF_ALTERED,
    OF_DESTRUCTION,
    OF_LETTERS,
    OF_RECORDINGS,
)
from api.web.refusals.refusal_kind import RefusalKind
from api.web.refusals.tombstones import remains_in, told
from api.words.approval_bars import text_of
from api.words.texts import Text, said
from archive.access.approvals import ApprovalRefused
from archive.call import live
from archive.catalog.accounts.persons import NameRefused, NameTaken, NotRegistered
from archive.errors import CertificateDamaged, ProofWrong
from archive.job_queue import TooManyJobs, UnknownJob
from archive.jobs import JobOver
from archive.lifecycle.legal_holds import HoldOver
from archive.reading.export import TooManyLanes
from archive.reading.sound.formats import CodecUnavailable
from retention.rules.errors import UnknownRevision

INVALID: Final = RefusalKind(
    422, "request_invalid", said("The request cannot be understood; its errors say where.")
)
POLICY_REFUSED: Final = RefusalKind(
    422, "policy_refused", said("This is no retention policy; its errors say what is wrong.")
)
TOO_LARGE: Final = RefusalKind(
    413, "body_too_large", said("A body has at most {most} bytes; send less at once.")
)
# What the framework refuses before a route is reached.
BY_STATUS: Final[Mapping[int, RefusalKind]] = {
    404: RefusalKind(404, "not_found", said("There is no such path; docs/api.md has all of them.")),
    405: RefusalKind(
        405, "method_not_allowed", said("The path does not take this method; Allow says which.")
    ),
    422: INVALID,
}
# What nobody has foreseen.
FAULT: Final = RefusalKind(
    500, "fault", said("Something is wrong here; the log of the part api says what it was.")
)
_CERTIFICATE: Final = RefusalKind(
    500,
    "certificate_damaged",
    said("The certificate is not as it was written; rokuon verify FILE says what is wrong."),
)
KINDS: Final[Mapping[type[Exception], RefusalKind]] = {
    NotAuthenticated: RefusalKind(
        401,
        "not_authenticated",
        said("A token in force is needed (Authorization: Bearer); rokuon user token makes one."),
        {"WWW-Authenticate": "Bearer"},
    ),
    NotAllowed: RefusalKind(
        403,
        NotAllowed.code,
        said(
            "This needs {verb}, which neither your roles nor your token have; who manages people "
            "can give it."
        ),
    ),
    PurposeMissing: RefusalKind(
        403,
        PurposeMissing.code,
        said("Say why: Rokuon-Purpose (--purpose) with a code, case:ID or matter:ID."),
    ),
    PurposeRefused: RefusalKind(
        403,
        PurposeRefused.code,
        said(
            "This is no purpose here, or not one that your roles may state; take a code of "
            "[access] purposes."
        ),
    ),
    PurposeNotCovered: RefusalKind(
        403,
        PurposeNotCovered.code,
        said("The recording was made for other purposes; state one of those."),
    ),
    UseRestricted: RefusalKind(
        403,
        UseRestricted.code,
        said(
            "The recording is kept for few purposes alone; state one of those, which the retention"
            " owner can tell."
        ),
    ),
    UseSuspended: RefusalKind(
        403,
        UseSuspended.code,
        said(
            "A case has stopped the use of the recording; legal and the retention owner know why."
        ),
    ),
    NotFound: RefusalKind(
        404, "not_found", said("There is no such call or recording; look at the id and search.")
    ),
    NotRegistered: RefusalKind(
        404,
        "not_found",
        said("There is no such user, service, role, name, proposal or token in force; list them."),
    ),
    UnknownRevision: RefusalKind(
        404,
        "not_found",
        said("The policy has no such revision; rokuon retention policy list shows all."),
    ),
    UnknownJob: RefusalKind(
        404, "not_found", said("There is no such job, or it is not kept any more; list them.")
    ),
    SimulationNotDone: RefusalKind(
        409,
        "not_possible",
        said("The simulation has no result; rokuon jobs show says where it stands."),
    ),
    JobOver: RefusalKind(409, "job_over", said("The job has ended; nothing is to be cancelled.")),
    UnknownPack: RefusalKind(
        404, "not_found", said("There is no such rule pack; rokuon retention pack list has all.")
    ),
    **OF_ALTERED,
    **OF_DESTRUCTION,
    **OF_LETTERS,
    Ambiguous: RefusalKind(
        409, "not_possible", said("Several calls are known by this id; take one of: {calls}")
    ),
    HoldOver: RefusalKind(
        409,
        "not_possible",
        said("The hold is not in the state for this; rokuon hold list shows it."),
    ),
    CredentialsThere: RefusalKind(
        409,
        "credentials_there",
        said("The person signs in already; rokuon user reset ends that and makes a code."),
    ),
    InForce: RefusalKind(
        409,
        "revision_in_force",
        said("The revision is in force already; take another policy over in its place."),
    ),
    NameTaken: RefusalKind(
        409, "name_taken", said("The name is or was another's; take a new one.")
    ),
    TooManyLanes: RefusalKind(
        409, "not_possible", said("This format holds fewer channels; take WAV.")
    ),
    RangeRefused: RefusalKind(
        416,
        "range_not_satisfiable",
        said("No byte of the audio lies in that range; Content-Range says how many there are."),
    ),
    TooManyRequests: RefusalKind(
        429,
        "too_many_requests",
        said("Too many requests in a short time; ask again after {seconds} s."),
    ),
    TooManyJobs: RefusalKind(
        429,
        "too_many_jobs",
        said("As many jobs of this kind wait as may; ask again when one has ended."),
        {"Retry-After": "10"},
    ),
    **OF_APPROVALS,
    **OF_RECORDINGS,
    **OF_RANKINGS,
    CertificateDamaged: _CERTIFICATE,
    ProofWrong: _CERTIFICATE,
    NodeAway: RefusalKind(
        503,
        "unavailable",
        said("The node that records cannot be reached at the moment; rokuon doctor looks why."),
    ),
    SQLAlchemyError: RefusalKind(
        503,
        "unavailable",
        said("The catalog cannot be reached at the moment; rokuon doctor looks why."),
    ),
    ListensTooOften: RefusalKind(
        429,
        "too_many_listeners",
        said("You follow the live calls in as many places as you may; close another one."),
    ),
    TooManyListeners: RefusalKind(
        503, "unavailable", said("As many follow the live calls as may; end another one.")
    ),
    TooManyExports: RefusalKind(
        503,
        "unavailable",
        said("As many copies are being made as may; ask again when one is done."),
        {"Retry-After": "10"},
    ),
}
# What pages alone can come to.
SIGN_IN: Final[Mapping[type[Exception], RefusalKind]] = {
    SignInRefused: RefusalKind(
        401,
        "sign_in_refused",
        said("The name or the password is wrong; try again, or ask who manages people."),
    ),
    OneTimeRefused: RefusalKind(
        401,
        "one_time_refused",
        said("The one-time password is wrong or was used; type the next one that the app shows."),
    ),
    CodeRefused: RefusalKind(
        401,
        "code_refused",
        said("The code is used, replaced or older than a day; ask for another one."),
    ),
    NameRefused: RefusalKind(
        422,
        "request_invalid",
        said("A name has 1 to 64 small letters, digits, dots, hyphens and underscores."),
    ),
    StageRefused: RefusalKind(
        403, "stage_refused", said("This step is over or not yet due; sign in from the beginning.")
    ),
    SignInBusy: RefusalKind(
        503,
        "unavailable",
        said("Too many people sign in at the same moment; try again in a few seconds."),
        {"Retry-After": "5"},
    ),
}
HOST_UNKNOWN: Final = RefusalKind(
    421,
    "host_unknown",
    said(
        "Rokuon is not known by the name in this address. Who runs it adds the name to http.hosts."
    ),
)
PASSWORDS: Final[Mapping[PasswordFault, str]] = {
    "short": said("The password is too short; take one of at least 12 characters."),
    "long": said("The password is too long; take one of at most 256 characters."),
    "name": said("The password is the name; take something that nobody guesses."),
    "one_sign": said("The password is one sign over and over; take several words."),
    "worst": said("The password is among those that are tried first; take several words."),
}
LIVE: Final[Mapping[live.Why, str]] = {
    live.Why.NOT_RECORDED: said("This call is not being recorded; start its recording first."),
    live.Why.ALREADY_RECORDED: said("This call is being recorded already; nothing is to be done."),
    live.Why.NOT_NOW: said("Not at this moment of the call; try again in a second."),
    live.Why.NO_ROOM: said("There is no room for another recording; try again when one has ended."),
    live.Why.ALREADY_PAUSED: said("It is paused already; nothing is to be done."),
    live.Why.NOT_PAUSED: said("It is not paused; nothing is to be done."),
    live.Why.TOO_MANY_PAUSES: said("It has been paused too often; stop the recording instead."),
    live.Why.FORBIDDEN: said(
        "The route or source of this call forbids it; who configures Rokuon can allow it."
    ),
    live.Why.UNWANTED: said(
        "A party has said that it would rather not be recorded, and the route honours that."
    ),
    live.Why.NO_SUCH_PARTY: said("The call has no such party; take a side that it has."),
    live.Why.FULL: said("Too many changes at once; try again in a second."),
}
_NOT_POSSIBLE: Final = "not_possible"
_EXTRA_MISSING: Final = said(
    "{codec} is decoded by the extra {extra!r}, which is not installed here; install it, or export "
    "the packets."
)
_UNDECODABLE: Final = said(
    "The audio is in a codec that nothing here decodes; its packets can be exported."
)
_NO_CODEC: Final = RefusalKind(501, "codec_unavailable", _UNDECODABLE)


def answer(refusal: Exception) -> Problem:
    """The problem that a refusal by name is."""
    match refusal:
        case ApprovalRefused(why=why):
            return RefusalKind(409, APPROVAL + why, APPROVALS[why]).problem()
        case PasswordRefused(why=why):
            return RefusalKind(422, "password_refused", PASSWORDS[why]).problem()
        case NotPossible(why=why):
            detail = Text(LIVE[live.Why(why)])
            return Problem(status=409, code=_NOT_POSSIBLE, detail=detail, why=why)
        case CodecUnavailable(encoding=encoding, extra=extra) if extra:
            named = {"codec": encoding.upper(), "extra": extra}
            return RefusalKind(501, _NO_CODEC.code, _EXTRA_MISSING).problem(named)
        case CodecUnavailable():
            return _NO_CODEC.problem()
    problem = kind_of(type(refusal)).problem(_values(refusal), _headers(refusal))
    match refusal:
        case Destroyed(tombstone=left):
            problem = replace(problem, tombstone=told(left))
        case CountsAsOne(bar=bar, names=names):
            problem = replace(problem, detail=text_of(bar, names), why=bar.why)
    return problem


def kind_of(refused: type[Exception]) -> RefusalKind:
    """How a class of refusal is answered: as the nearest of its bases that the table has."""
    known = {**KINDS, **SIGN_IN}
    return next(known[base] for base in refused.__mro__ if base in known)


def statuses(refused: Iterable[type[Exception]]) -> frozenset[int]:
    """The statuses that classes of refusals are answered with."""
    return frozenset(kind_of(each).status for each in refused)


def codes() -> dict[int, tuple[str, ...]]:
    """Every code that a status may come with."""
    kinds = [*KINDS.values(), *BY_STATUS.values(), POLICY_REFUSED, TOO_LARGE, _NO_CODEC]
    found = [(kind.status, kind.code) for kind in kinds]
    found += [(409, APPROVAL + why) for why in APPROVALS]
    statuses = sorted({status for status, _ in found})
    return {
        each: tuple(dict.fromkeys(code for status, code in found if status == each))
        for each in statuses
    }


def _values(refusal: Exception) -> dict[str, str]:
    """What fills the placeholders of its text; nothing that was sent."""
    values: dict[str, str] = {}
    match refusal:
        case NotAllowed(verb=verb):
            values = {"verb": verb.value}
        case ApprovalNeeded(number=number):
            values = {"number": str(number)}
        case Destroyed(tombstone=left):
            values = remains_in(left)
        case Ambiguous(calls=calls):
            values = {"calls": ", ".join(calls)}
        case TooManyRequests(wait_s=wait_s):
            values = {"seconds": str(ceil(wait_s))}
        case ColumnsNotReady(made=made, months=months):
            values = {"made": str(made), "months": str(months)}
    return values


def _headers(refusal: Exception) -> Mapping[str, str]:
    match refusal:
        case TooManyRequests(wait_s=wait_s):
            return {"Retry-After": str(ceil(wait_s))}
        case RangeRefused(headers=headers):
            return headers
    return {}
