"""Until when texts of the journal about a recording are kept, and that they go just then."""

from pathlib import Path

from api.retention.journal_text_periods import JudgedTexts, judged_texts
from archive.catalog.database.engine import reading
from archive.catalog.retention.retained import retained_of
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT
from retention.decisions.decision import GoesBy, Hold
from retention.rules.deadline import FOREVER
from retention.runner.journal_text_rounds import IDLE_S
from retention.runner.judgement.policy_history import PolicyHistory
from tests.archive.catalog.examples import NOW_US, adopt, adoption, new_catalog, recording_id
from tests.support.destruction.journal_texts import DAY_US, House, house
from tests.support.hold_scenes import held

OWN = recording_id(1)


def judged(own: House) -> JudgedTexts | None:
    """Those about the first recording, now."""
    with reading(own.engine) as connection:
        tenant = tenant_row(connection, DEFAULT_TENANT)
        (about,) = retained_of(connection, tenant, [OWN])
        history = PolicyHistory.read(connection, DEFAULT_TENANT, own.now_us)
        return judged_texts(connection, tenant, about, history)


def kept_house(folder: Path) -> House:
    """Texts are kept for a month."""
    engine = new_catalog(folder)
    adopt(engine, adoption(1))
    return house(engine)


def test_the_text_that_goes_last_says_until_when(tmp_path: Path) -> None:
    """What is told is what the rounds do: a microsecond before nothing goes, then all."""
    own = kept_house(tmp_path)
    own.read(str(OWN))
    own.read(str(OWN), NOW_US + DAY_US)
    own.read(str(recording_id(2)), NOW_US + 9 * DAY_US)
    found = judged(own)
    assert found is not None
    due_us = round(found.last.bounds.due_at.timestamp() * 1_000_000)
    left = {}
    for own.now_us in (due_us - 1, due_us):
        rounds = own.texts()
        while rounds.round() != IDLE_S:
            pass
        still = judged(own)
        left[own.now_us] = still.count if still else 0

    assert found.count == 2
    assert [type(each) for each in found.last.decision.because] == [GoesBy]
    assert left == {due_us - 1: 1, due_us: 0}


def test_a_hold_over_the_recording_keeps_its_texts_and_says_so(tmp_path: Path) -> None:
    """As the rounds leave them where they are."""
    own = kept_house(tmp_path)
    own.read(str(OWN))
    held(own.engine, OWN)

    found = judged(own)
    assert found is not None
    assert [type(each) for each in found.last.decision.because] == [Hold]
    assert found.last.goes_at == FOREVER


def test_where_nobody_typed_anything_there_is_nothing_to_tell(tmp_path: Path) -> None:
    """Texts about others are none about it."""
    own = kept_house(tmp_path)
    own.read(str(recording_id(2)))

    assert judged(own) is None
