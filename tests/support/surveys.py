"""A walk over all that is due, at once. Knows nothing of rounds."""

from sqlalchemy import Connection

from api.destruction.survey import Survey
from archive.ids import TenantId


def surveyed(connection: Connection, tenant: TenantId, now_us: int) -> Survey:
    """The whole walk at once."""
    survey = Survey.begin(connection, tenant, now_us)
    while survey.step(connection):
        pass
    return survey
