"""The routes below `/health`: whether the API runs, can answer, and what is not well.

Need no token, and tell nothing of calls or persons.
"""

from fastapi import APIRouter

from api.web.access import CurrentApplication
from api.web.models import AlarmView, HealthView, LiveView
from api.web.problems import documented

router = APIRouter(tags=["health"])


@router.get("/health", responses=documented(422, 503))
async def health(application: CurrentApplication) -> HealthView:
    """200 while the catalog answers, else 503; `stuck` parts, and the `alarms` that ring."""
    await application.calls.ready()
    found = await application.health.now()
    alarms = [AlarmView(alarm=each.code.value, about=each.about) for each in found.alarms]
    return HealthView(stuck=found.seen.stuck, alarms=alarms)


@router.get("/health/live", responses=documented(422))
async def health_live() -> LiveView:
    """200 while the API runs: who does not answer here has to be started anew."""
    return LiveView()


@router.get("/health/ready", responses=documented(422, 503))
async def health_ready(application: CurrentApplication) -> LiveView:
    """200 while the API can answer questions, else 503: who asks should turn to another one."""
    await application.calls.ready()
    return LiveView()
