"""The route `/health`: whether the API can answer at all. Needs no token and tells no data."""

from fastapi import APIRouter

from api.web.access import CurrentApplication
from api.web.models import HealthView
from api.web.problems import documented

router = APIRouter(tags=["health"])


@router.get("/health", responses=documented(422, 503))
async def health(application: CurrentApplication) -> HealthView:
    """200 while the catalog answers, else 503; `stuck` says how much the keeper cannot archive."""
    return HealthView(stuck=await application.calls.ready())
