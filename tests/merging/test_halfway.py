# SPDX-License-Identifier: Apache-2.0
"""A merge that stops half-way is finished by doing it again, and moves in pieces."""

from __future__ import annotations

from typing import Any

import pytest
from merging_house import documents, full, join, named, part

from peerkit import (
    Task,
)
from peerkit.kit import merging

World = Any


class Stopped(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("step", [1, 2, 3, 5, 9, 13])
@pytest.mark.parametrize("what", ["join", "part"])
def test_stopped_half_way_it_finishes_when_it_is_called_again(
    house: World, monkeypatch: pytest.MonkeyPatch, step: int, what: str
) -> None:
    full(house)
    monkeypatch.setattr(merging, "PIECE", 1)
    monkeypatch.setattr("peerkit.kit.parting.PIECE", 1)
    before = documents(house)
    joined = join(house) if what == "part" else None
    done = 0
    real = house.kit.storage.commit

    def stopping(*args: Any, **more: Any) -> Any:
        nonlocal done
        done += 1
        if done > step:
            raise Stopped
        return real(*args, **more)

    monkeypatch.setattr(house.kit._storage, "commit", stopping)
    with pytest.raises(Stopped):
        _ = join(house) if joined is None else part(house, joined)
    monkeypatch.setattr(house.kit._storage, "commit", real)
    if joined is None:
        joined = join(house)
        assert joined.merge.state == "merged"
        assert named(house, house.again).keys() <= {"route"}
    parted = part(house, joined)
    assert parted.merge.state == "parted"
    after = documents(house)
    assert {one: after[one] for one in before} == before
    assert house.every(Task, what="finish-merge", state="open") == []


def test_more_than_one_commit_holds_moves_in_pieces(house: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "PIECE", 50)
    with house.kit.session(actor=house.coordinator) as s:
        for _ in range(170):
            s.save(Task.give(owner=house.coordinator, what="call", person=house.again))
    joined = join(house)
    assert joined.moved >= 170
    assert len([t for t in house.every(Task) if t.what == "call" and t.person == house.maya.id]) == 170
