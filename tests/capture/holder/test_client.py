"""Asking the holder."""

import os
import socket
from pathlib import Path

import pytest

from capture.holder.client import HolderClient, HolderUnreachable
from tests.support.media.holder import serving


def test_without_a_holder_there_is_nothing_to_capture_with(tmp_path: Path) -> None:
    """Said by name; the path's folder is nobody's business."""
    with pytest.raises(HolderUnreachable, match=r"no holder at holder\.sock"):
        HolderClient(tmp_path / "holder.sock")


def test_a_holder_that_went_away_is_told(tmp_path: Path) -> None:
    """The part then ends and is started again."""
    with serving(tmp_path, 1) as plan:
        holder = HolderClient(plan.socket_path)
        was_away = holder.is_away
    assert (was_away, holder.is_away) == (False, True)
    with pytest.raises(HolderUnreachable), holder:
        holder.count("rtp-0")


def test_what_is_taken_does_not_pass_to_our_children(tmp_path: Path) -> None:
    """A helper process must not hold a port open."""
    with serving(tmp_path, 2) as plan, HolderClient(plan.socket_path) as holder:
        descriptors = [*holder.take("rtp-0"), holder.take_one("board")]
        assert [os.get_inheritable(descriptor) for descriptor in descriptors] == [False] * 3
        for descriptor in descriptors:
            os.close(descriptor)


def test_a_part_of_the_descriptors_may_be_asked_for(tmp_path: Path) -> None:
    """And more than there are gives those that there are."""
    with serving(tmp_path, 3) as plan, HolderClient(plan.socket_path) as holder:
        some, rest = holder.take_some("rtp-0", 0, 2), holder.take_some("rtp-0", 2, 99)
        found = []
        for descriptor in (*some, *rest):
            with socket.socket(fileno=descriptor) as sock:
                found.append(sock.getsockname()[1] - plan.first_port)
        assert holder.count("rtp-0") == 3

    assert found == [0, 2, 4]


def test_what_the_holder_has_not_got_is_an_error_where_one_is_wanted(tmp_path: Path) -> None:
    """A worker without its ring cannot be."""
    with serving(tmp_path, 1) as plan, HolderClient(plan.socket_path) as holder:
        with pytest.raises(HolderUnreachable, match="the holder has no ring-7"):
            holder.take_one("ring-7")
        with pytest.raises(HolderUnreachable):
            holder.take_kept("tcp-1")
        assert holder.kept() == []
