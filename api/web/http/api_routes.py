"""What routes have in common: ids, what each needs and writes, and how audio is answered.

Knows nothing of paths; each route says whose audio is meant.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Depends, Header, Path
from starlette.responses import Response

from api.access.listener_access import ListenerState
from api.access.use_case import ID_PATTERN, NEEDS
from api.permissions.roles import Role, roles_with
from api.permissions.verbs import Verb
from api.web.http import audio
from api.web.http.problems import documented
from api.web.http.requester import CurrentActor, CurrentApplication
from archive.catalog.access.grants import Grant, Target
from archive.catalog.journal.entries import Action, Detail

Documented = dict[int | str, dict[str, Any]]

IdText = Annotated[str, Path(pattern=ID_PATTERN, description="32 hexadecimal digits")]
_WAV: Final = {audio.MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}
HEARD: Final[Documented] = {
    200: {"description": "WAV, PCM, 16 bit", "content": _WAV},
    206: {"description": "The range that was asked for", "content": _WAV},
    **documented(401, 403, 404, 409, 410, 416, 422, 429, 500, 501, 503),
}
DESCRIBED: Final[Documented] = {
    200: {"description": "What GET would send"},
    **documented(401, 403, 404, 409, 410, 422, 429, 500, 503),
}
# In the document: the verb that is needed, the roles that have it, and the action of the journal's
# row.
SCOPE: Final = "x-rokuon-scope"
ROLES: Final = "x-rokuon-roles"
JOURNAL: Final = "x-rokuon-journal"

# The journal keeps what was asked for; a range that anybody means is shorter.
_KEPT_OF_A_RANGE: Final = 100


def guarded(kind: type[Grant]) -> dict[str, Any]:
    """What the document says of a route that answers under such a grant."""
    return needing(NEEDS[kind], kind.action)


def needing(verb: Verb | tuple[Verb, ...], action: Action | None = None) -> dict[str, Any]:
    """What the document says of a route that needs a verb, the first of which any is enough.

    `action` is of the row it writes.
    """
    verbs = (verb,) if isinstance(verb, Verb) else verb
    have = {role for each in verbs for role in roles_with(each)}
    roles = [role.value for role in Role if role in have]
    told: dict[str, Any] = {SCOPE: verbs[0].value, ROLES: roles}
    return told if action is None else told | {JOURNAL: action}


@dataclass(frozen=True, slots=True)
class Listening:
    """A request for audio: who asks, and for which of its bytes."""

    actor: CurrentActor
    application: CurrentApplication
    range_header: Annotated[str | None, Header(alias="Range")] = None
    if_range: Annotated[str | None, Header(alias="If-Range")] = None

    async def send(self, target: Target) -> Response:
        """A grant, its journal row, then the audio of `target` or the range of it."""
        asked: dict[str, Detail] = (
            {} if self.range_header is None else {"range": self.range_header[:_KEPT_OF_A_RANGE]}
        )
        rendering = await self.application.calls.listen(self.actor, target, asked)
        answer = await audio.send(rendering, str(target), self.range_header, self.if_range)
        trust = ListenerState(self.application.calls.door, self.actor)
        answer.body_iterator = trust.over(answer.body_iterator)
        return answer


CurrentListening = Annotated[Listening, Depends()]


async def describe(
    actor: CurrentActor, application: CurrentApplication, target: Target
) -> Response:
    """The same moves for a HEAD: what `Listening.send` would send."""
    rendering = await application.calls.listen(actor, target, {"method": "HEAD"})
    return audio.describe(rendering, str(target))
