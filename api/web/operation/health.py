"""The routes below `/health`: whether the API runs, can answer, and what is not well.

Need no token, and tell nothing of calls or persons.
"""

from datetime import UTC
from http import HTTPStatus
from typing import Any, Final, Literal

from fastapi import APIRouter, Response

from api.health.judge import Alarm
from api.web.http.models import AlarmView, ApiRunsView, HealthView
from api.web.http.problems import documented
from api.web.http.requester import CurrentApplication
from api.web.http.times import shown

router = APIRouter(tags=["health"])
# The same as with 200: who is told that it cannot answer is told why.
_NOT_READY: Final[dict[int | str, dict[str, Any]]] = {
    HTTPStatus.SERVICE_UNAVAILABLE.value: {
        "model": HealthView,
        "description": HTTPStatus.SERVICE_UNAVAILABLE.phrase,
    }
}


@router.get("/health", responses={**documented(422), **_NOT_READY})
async def health(application: CurrentApplication, response: Response) -> HealthView:
    """200 while the catalog answers, else 503; `stuck` parts, and the `alarms` that ring."""
    is_ready = await application.calls.is_ready()
    found = await application.health.now()
    if not is_ready:
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    well: Literal["ok", "not_well"] = "not_well" if found.alarms else "ok"
    return HealthView(
        status=well if is_ready else "unavailable",
        stuck=found.seen.stuck,
        alarms=[_view(each, found.since_us.get(each, 0)) for each in found.alarms],
    )


def _view(alarm: Alarm, since_us: int) -> AlarmView:
    since = shown(since_us, UTC) if since_us else None
    return AlarmView(alarm=alarm.code.value, about=alarm.about, since=since)


@router.get("/health/live", responses=documented(422))
async def health_live() -> ApiRunsView:
    """200 while the API runs: who does not answer here has to be started anew."""
    return ApiRunsView()


@router.get("/health/ready", responses=documented(422, 503))
async def health_ready(application: CurrentApplication) -> ApiRunsView:
    """200 while the API can answer questions, else 503: who asks should turn to another one."""
    await application.calls.ready()
    return ApiRunsView()
