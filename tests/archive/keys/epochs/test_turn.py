"""A turn of the epoch: everything that lives goes over, whatever is killed when."""

from pathlib import Path

import pytest

from archive.keys.epochs.turn import Phase
from archive.keys.errors import TurnStopped, WrapDamaged
from tests.archive.keys.turning import DAY_US, Turning


class _Killed(Exception):
    """The process is gone."""


def test_what_lives_opens_under_the_new_epoch_alone(tmp_path: Path) -> None:
    """An old epoch key that is still needed could never be destroyed."""
    turning = Turning(tmp_path)
    kept = [turning.adopt() for _ in range(3)]
    turning.turn_once()

    assert turning.states() == {1: "past", 2: "current"}
    (tmp_path / "epochs" / "epoch-000001.key").unlink()
    turning.start()
    assert all(turning.opens(*each) for each in kept)


def test_the_signing_key_stays_and_a_new_intake_key_is_published(tmp_path: Path) -> None:
    """Lists are believed by one key; parts are sealed to the newest."""
    turning = Turning(tmp_path)
    public = turning.opened.pairs.signing_key().public_key().public_bytes_raw()
    ((old, _),) = turning.opened.pairs.intake_keys()
    turning.turn_once()

    assert turning.opened.pairs.signing_key().public_key().public_bytes_raw() == public
    ((new, _),) = turning.opened.pairs.intake_keys()
    assert new.id != old.id
    assert turning.published == 1
    assert turning.opened.pairs.private_key(old.id).public_key() == old


def test_survivors_of_a_touched_shard_go_under_another_key(tmp_path: Path) -> None:
    """With the shard's key, an old backup gives the destroyed one back."""
    turning = Turning(tmp_path)
    gone, kept = turning.adopt(), turning.adopt()
    before = turning.opened.keystore.find(kept[0].key)
    turning.destroy(gone[0])
    turning.turn_once()

    after = turning.opened.keystore.find(kept[0].key)
    assert before is not None
    assert after is not None
    assert after.shard != before.shard
    assert turning.opens(*kept)
    assert turning.opened.connection.execute(
        "SELECT count(*) FROM shard WHERE id = ?", (before.shard,)
    ).fetchone() == (0,)


def test_a_turn_that_is_killed_anywhere_goes_on(tmp_path: Path) -> None:
    """Before each job, and after each: the keys open, and the turn ends as it would have."""
    kills = 0
    for kill_at in range(40):
        folder = tmp_path / str(kill_at)
        turning = Turning(folder)
        kept = [turning.adopt() for _ in range(3)]
        turning.destroy(turning.adopt()[0])
        turning.turn.wish()
        done = 0
        while (job := turning.turn.next_job()) is not None:
            if done == kill_at:
                break
            job.run()
            done += 1
        kills += job is not None
        turning.start()
        more = turning.adopt()
        assert all(turning.opens(*each) for each in [*kept, more])
        if turning.states() != {1: "past", 2: "current"}:
            turning.turn.wish()
        while (job := turning.turn.next_job()) is not None:
            job.run()

        assert turning.states() == {1: "past", 2: "current"}
        assert all(turning.opens(*each) for each in [*kept, more])
        if done < kill_at:
            break
    assert kills >= 6


def test_a_kill_inside_a_job_leaves_no_copy_of_the_keystore(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A forgotten copy would keep the wraps of what is destroyed later, under living keys."""
    turning = Turning(tmp_path)
    turning.adopt()
    turning.turn.wish()

    def kill(*_: object) -> None:
        raise _Killed

    with monkeypatch.context() as patch:
        patch.setattr("archive.keys.epochs.keystore_sets.settle_set", kill)
        patch.setattr(Path, "unlink", lambda *_, **__: None)
        with pytest.raises(_Killed):
            turning.run()
    assert list(tmp_path.glob("*.aside"))
    assert list((tmp_path / "sets").iterdir())
    turning.start()

    assert not list(tmp_path.glob("*.aside"))
    assert not list((tmp_path / "sets").iterdir())


def test_a_wrap_that_does_not_open_stops_the_turn_and_nothing_else(tmp_path: Path) -> None:
    """A damaged shard is found while its backup still opens; calls go on meanwhile."""
    turning = Turning(tmp_path)
    turning.adopt()
    turning.opened.connection.execute("UPDATE shard SET wrapped_key = zeroblob(60)")
    turning.turn.wish()

    with pytest.raises(WrapDamaged):
        turning.run()
    state = turning.turn.state()
    assert state is not None
    assert state.phase is Phase.WRAPS
    assert turning.states() == {1: "current", 2: "next"}


def test_a_turn_is_refused_while_a_living_key_has_no_new_wrap(tmp_path: Path) -> None:
    """The last question before the old epoch steps back, whatever went before."""
    turning = Turning(tmp_path)
    kept = turning.adopt()
    turning.turn.wish()
    while (state := turning.turn.state()) is None or state.phase is not Phase.BACKUP:
        _run_one(turning)
    _run_one(turning)
    turning.opened.connection.execute("DELETE FROM shard WHERE epoch = 2")

    with pytest.raises(TurnStopped):
        _run_one(turning)
    assert turning.opens(*kept)


def test_the_verified_set_of_a_turn_holds_what_was_there(tmp_path: Path) -> None:
    """Pages go by this list; what came later is not on it."""
    turning = Turning(tmp_path)
    turning.adopt()
    turning.turn_once()
    later = turning.adopt()

    unbacked = turning.opened.connection.execute("SELECT key_id FROM unbacked").fetchall()
    assert unbacked == [(later[0].key.raw,)]
    assert [path.name[-11:] for path in (tmp_path / "sets").iterdir()] == ["e000002.rkb"]


def test_steps_are_small_and_all_of_them_together_do_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two steps everybody else is answered: a step is bounded by its rows."""
    monkeypatch.setattr("archive.keys.epochs.rewrap.SHARDS_A_STEP", 2)
    monkeypatch.setattr("archive.keys.epochs.rewrap.KEYS_A_STEP", 2)
    turning = Turning(tmp_path)
    kept = []
    for _ in range(5):
        kept += [turning.adopt() for _ in range(2)]
        turning.now_us += DAY_US
    kept += [turning.adopt() for _ in range(5)]
    turning.destroy(kept.pop()[0])
    turning.turn.wish()
    jobs = 0
    while (job := turning.turn.next_job()) is not None:
        job.run()
        jobs += 1
        assert all(turning.opens(*each) for each in kept)

    # T1, T2; five shards and four survivors in pairs, and none left; T4, T5; the list, old wraps.
    assert jobs == 2 + 3 + 2 + 1 + 2 + 2


def _run_one(turning: Turning) -> None:
    job = turning.turn.next_job()
    assert job is not None
    job.run()
