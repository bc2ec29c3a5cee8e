# SPDX-License-Identifier: Apache-2.0
"""A side journal in trouble: gone, full, torn, another's, too large."""

from __future__ import annotations

import json
from errno import ENOSPC
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from restored_house import House, codes, consented, house, leaves

from peerkit import Refused
from peerkit.kit.journal import Journal

__all__ = ["house"]


# -- a journal in trouble ------------------------------------------------------------------------------


def test_another_programs_journal_is_left_alone(house: House, tmp_path: Path) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    other = House(folder)
    other.open()
    other.world.kit.close()
    before = other.journal.read_bytes()
    world = house.open(f"?journal={other.journal}")
    assert "journal" in codes(world)
    world.kit.concern("A worry", about=world.maya, by=world.sam)
    world.kit.close()
    assert other.journal.read_bytes() == before


def test_a_journal_that_cannot_be_read_is_grave_and_the_alarm_goes(house: House) -> None:
    world = house.open()
    world.kit.close()
    house.journal.unlink()
    house.journal.mkdir()
    world = house.open()
    assert "journal" in codes(world)
    world.kit.concern("A worry", about=world.maya, by=world.sam)
    assert world.wire.to
    house.journal.rmdir()
    world.kit.deliver()
    assert "journal" not in codes(world)


def test_a_journal_that_could_not_be_read_for_a_while_still_notices(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = house.open()
    house.backup()
    world = house.open()
    lost = world.kit.concern("Lost", about=world.maya, by=world.sam).alert
    house.put_back()
    with monkeypatch.context() as gone:
        gone.setattr(Journal, "first", refused)
        world = house.open()
        world.kit.concern("Another", about=world.ola, by=world.sam)
        assert "journal" in codes(world)
    world.kit.deliver()
    assert "held" in codes(world)
    assert [one.id for one in world.kit.gaps()] == [lost]
    told = {row["id"] for line in lines(house.journal) for row in line.get("rows", ())}
    assert {one.id for one in world.alerts} <= told


def refused(journal: Journal, *given: Any) -> None:
    raise OSError(ENOSPC, "full")


@pytest.mark.parametrize(
    "line", ['{"to": "x"}', "[]", '{"at": 1, "to": 10000, "head": 5, "rows": [{"id": "a", "erased": 3}]}']
)
def test_lines_that_nobody_here_wrote_let_nothing_out(house: House, line: str) -> None:
    world = house.open()
    (clinic, plan), _ = consented(world)
    world.kit.close()
    with house.journal.open("a") as file:
        file.write(f"\n{line}")
    world = house.open()
    problems = codes(world)
    if {"held", "journal"} & problems:
        with pytest.raises(Refused):
            leaves(world, clinic, plan)
    else:
        assert line == "[]"  # no line at all


def test_a_torn_line_loses_only_itself(house: House) -> None:
    world = house.open()
    house.backup()
    world = house.open()
    with house.journal.open("a") as file:
        file.write('\n{"at": "2026-')
    world.kit.concern("Lost", about=world.maya, by=world.sam)
    house.put_back()
    world = house.open()
    assert [one.of for one in world.kit.gaps()] == ["alert"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_journal_on_a_full_disk_holds_up_nothing_and_is_said(house: House) -> None:
    world = house.open()
    kept = house.journal.with_suffix(".kept")
    house.journal.rename(kept)
    house.journal.symlink_to("/dev/full")
    world.kit.concern("A worry", about=world.maya, by=world.sam)
    assert world.wire.sent
    assert "journal" in codes(world)
    house.journal.unlink()
    kept.rename(house.journal)  # there is room again
    world.kit.concern("Another", about=world.maya, by=world.sam)
    assert "journal" not in codes(world)
    told = [row["id"] for line in lines(house.journal) for row in line.get("rows", ())]
    assert {one.id for one in world.alerts} <= set(told)


def test_a_line_that_another_thread_could_not_write_meanwhile_is_still_owed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = house.open()
    written = Journal.append

    def append(journal: Journal, given: Any) -> None:
        """While the first thread writes, a second one has an alarm, and the disk refuses it."""
        monkeypatch.setattr(Journal, "append", refused)
        second = Thread(target=world.kit.concern, args=("Another", world.ola, world.sam))
        second.start()
        second.join()
        monkeypatch.setattr(Journal, "append", written)
        written(journal, given)

    monkeypatch.setattr(Journal, "append", append)
    world.kit.concern("A worry", about=world.maya, by=world.sam)
    world.kit.close()
    told = {row["id"] for line in lines(house.journal) for row in line.get("rows", ())}
    world = house.open()
    assert len(world.alerts) == 2
    assert {one.id for one in world.alerts} <= told


def lines(path: Path) -> list[Any]:
    return [json.loads(one) for one in path.read_text().splitlines() if one]


def test_a_large_journal_is_folded_and_still_knows(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    world = house.open()
    world.enrol("omar")
    house.backup()
    world = house.open()
    world.kit.concern("Lost", about=world.maya, by=world.sam)
    world.kit.erase(world.omar, basis="wish", asked_by=world.omar, decided_by=world.cora)
    for n in range(30):
        world.enrol(f"p{n}")
        world.kit.deliver()
    world.kit.close()
    size = house.journal.stat().st_size
    monkeypatch.setattr("peerkit.kit.journal.LARGE", 1000)
    house.open().kit.close()
    assert house.journal.stat().st_size < size / 2
    assert house.journal.stat().st_mode & 0o777 == 0o600
    monkeypatch.setattr("peerkit.kit.journal.LARGE", 10)  # all that is left matters, and is still large
    written = house.journal.stat().st_ino
    for back in (0, 365):  # nor by another machine, whose clock is wrong
        world = house.open()
        world.clock.back(days=back)
        world.kit.deliver()
        world.kit.close()
        assert house.journal.stat().st_ino == written  # it is not written anew with each look
        world.clock.forward(days=back)
    monkeypatch.setattr("peerkit.kit.journal.GROWN", 10)
    house.put_back()
    world = house.open()
    assert [one.of for one in world.kit.gaps()] == ["alert"]
    assert all(row.body is None for row in world.kit.storage.history("person", world.omar))
    world.clock.forward(days=401)
    world.kit.walk_gaps({world.kit.gaps()[0].id: "mistaken"}, by=world.cora, done=True)
    world.kit.close()
    house.open().kit.close()
    assert all("erased" in row for line in lines(house.journal)[:-1] for row in line.get("rows", ()))
