"""How an archive is sorted so that few recordings need be judged."""

from sqlalchemy import Engine

from api.simulations.archive_groups import apart_rows, grouping_of, judged_pieces
from api.simulations.simulation import Supposition
from archive.catalog.database.engine import reading
from archive.catalog.retention.retained_counts import counted
from archive.catalog.retention.retained_groups import joined_rows
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT
from retention.policies.policy import RetentionPolicy
from retention.policies.shipped_policy import SHIPPED
from tests.retention.examples import WHOLE, policy, rule
from tests.support.retention.archive_simulation import calls as calls
from tests.support.retention.judged_pieces import simulated
from tests.support.retention.judgement import NOW


def supposed(own: RetentionPolicy) -> Supposition:
    return Supposition(policy=own, revisions=(SHIPPED,), now=NOW)


def test_what_something_stands_over_is_judged_by_itself_and_conversations_where_one_counts(
    calls: Engine,
) -> None:
    """All others are counted: of two held, one frozen with its conversation, one erased."""
    alone = supposed(policy(rule("all", at_least="P1Y")))
    whole = supposed(policy(rule("all", at_least="P1Y", minimum=WHOLE)))
    with reading(calls) as connection:
        tenant = tenant_row(connection, DEFAULT_TENANT)
        few, more = (apart_rows(connection, tenant, what) for what in (alone, whole))
        joined = joined_rows(connection, tenant)

    assert 4 <= len(few) < 25
    assert set(few) | set(joined) == set(more)


def test_all_that_is_counted_is_of_a_piece_that_is_judged(calls: Engine) -> None:
    """Each kind has pieces; a policy of one rule without a period has one of each."""
    what = supposed(policy(rule("all")))
    with reading(calls) as connection:
        tenant = tenant_row(connection, DEFAULT_TENANT)
        judged = judged_pieces(connection, tenant, what, simulated, lambda each: each.decided)
        grouping = grouping_of(tenant, judged)
        found = sum(each.recordings for each in counted(connection, grouping))

    assert found == 25
    assert [kind for kind, _, _ in grouping.pieces(0)] == sorted(grouping.all_kinds)
