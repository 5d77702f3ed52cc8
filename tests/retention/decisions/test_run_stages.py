"""Which step of a destruction may follow which."""

import pytest

from retention.decisions.run_stages import OutOfTurn, Stage, advanced

FOLLOWING = {
    (Stage.PLANNED, Stage.INTENDED),
    (Stage.PLANNED, Stage.DROPPED),
    (Stage.INTENDED, Stage.KEYLESS),
    (Stage.INTENDED, Stage.DROPPED),
    (Stage.INTENDED, Stage.PLANNED),
    (Stage.KEYLESS, Stage.GONE),
}


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("to", Stage)
def test_no_step_is_left_out_and_none_leads_back_from_where_keys_are_gone(
    stage: Stage, to: Stage
) -> None:
    """What is without keys ends as a tombstone; what is dropped or gone stays so."""
    if stage is to or (stage, to) in FOLLOWING:
        assert advanced(stage, to) is to
    else:
        with pytest.raises(OutOfTurn):
            advanced(stage, to)
