"""What tests of calls share."""

from sqlalchemy import Engine

from archive.catalog.access.grants import AnyGrant, Ask, Target, grant
from archive.ids import DEFAULT_TENANT, TenantId
from tests.archive.catalog.examples import access


def granted(
    engine: Engine,
    kind: type[AnyGrant],
    target: Target,
    tenant: TenantId = DEFAULT_TENANT,
) -> AnyGrant:
    return grant(engine, kind, Ask(access=access(tenant), target=target))
