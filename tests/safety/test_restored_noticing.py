# SPDX-License-Identifier: Apache-2.0
"""When a store counts as put back or moved, and when it does not."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from restored_house import House, codes, house

import peerkit
from peerkit import (
    Malformed,
)

__all__ = ["house"]


# -- noticing ----------------------------------------------------------------------------------------


def test_ordinary_restarts_hold_nothing(house: House) -> None:
    world = house.open()
    for _ in range(3):
        world.kit.concern("A worry", about=world.maya, by=world.sam)
        world.kit.deliver()
        world.kit.close()
        world = house.open()
        assert not {"held", "journal", "journal-begun"} & codes(world)
    assert house.journal.stat().st_mode & 0o777 == 0o600
    assert b"worry" not in house.journal.read_bytes()
    assert b"Maya" not in house.journal.read_bytes()


def test_anything_lost_is_noticed_not_only_alarms(house: House) -> None:
    world = house.open()
    house.backup()
    world = house.open()
    world.enrol("omar")
    house.put_back()
    world = house.open()
    assert (world.kit.gaps(), "held" in codes(world)) == ((), True)
    assert world.kit.walk_gaps(by=world.cora, done=True) == ()


def test_a_file_that_has_grown_again_is_noticed_by_its_head(house: House) -> None:
    world = house.open()
    house.backup()
    world = house.open()
    world.kit.concern("Lost", about=world.maya, by=world.sam)
    lost = world.alert().id
    house.put_back()
    kept = house.journal.read_bytes()
    house.journal.unlink()
    world = house.open()  # nobody could tell: it went on without its journal
    assert "journal-begun" in codes(world) or "held" in codes(world)
    for n in range(20):
        world.enrol(f"later{n}")
    world.kit.close()
    house.journal.write_bytes(kept)
    world = house.open()
    assert [one.id for one in world.kit.gaps()] == [lost]


def test_a_file_moved_with_its_journal_is_the_same_store(house: House) -> None:
    world = house.open()
    world.kit.close()
    other = house.folder.parent / "elsewhere"
    shutil.move(house.folder, other)
    house.folder = other
    assert "held" not in codes(house.open())
    assert "held" not in codes(house.open())


def test_a_copy_opened_elsewhere_is_held_and_the_first_one_is_not(house: House) -> None:
    world = house.open()
    world.kit.concern("A worry", about=world.maya, by=world.sam)
    snapshot = house.folder.parent / "copy.db"
    world.kit.snapshot(str(snapshot), actor=world.cora)
    world.kit.close()
    copy = house.open(file=snapshot)
    assert "held" in codes(copy)
    copy.wire.sent.clear()
    copy.clock.forward(minutes=11)
    assert copy.kit.deliver().waiting == 1
    assert copy.wire.sent == []
    copy.kit.close()
    assert "held" in codes(house.open(file=snapshot))  # still, until somebody says so
    world = house.open()
    assert "held" not in codes(world)


def test_a_journal_that_is_gone_is_begun_anew_and_said_for_a_day(house: House) -> None:
    world = house.open()
    world.kit.close()
    house.journal.unlink()
    world = house.open()
    assert {"held", "journal-begun"} & codes(world) == {"journal-begun"}
    assert house.journal.exists()
    world.clock.forward(days=1)
    assert "journal-begun" not in codes(world)


def test_a_journal_on_another_disk_is_remembered(house: House, tmp_path: Path) -> None:
    other = tmp_path / "other disk"
    other.mkdir()
    world = house.open(f"?synchronous=off&journal={other}/p%2Eplaces")
    assert (other / "p.places").exists()
    assert not house.journal.exists()
    house.backup()
    world = house.open()  # from the command line, say, without the option
    world.kit.concern("Lost", about=world.maya, by=world.sam)
    house.put_back()
    world = house.open()
    assert len(world.kit.gaps()) == 1
    assert not house.journal.exists()


@pytest.mark.parametrize("url", ["?journal=", "?journal=a&journal=b", "?journal=%00"])
def test_a_journal_that_names_nothing(house: House, url: str) -> None:
    with pytest.raises(Malformed):
        house.open(url)


def test_memory_has_none() -> None:
    with peerkit.open("memory:") as kit:
        assert kit.side is None
        assert kit.gaps() == ()
    with pytest.raises(Malformed):
        peerkit.open("memory:?journal=x")


def test_a_sandbox_in_a_file_is_copied_about(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'dev.db'}"
    peerkit.open(url, settings={"sandbox": True}, discover=False).close()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["dev.db"]


def test_a_store_put_back_under_a_running_program_is_noticed_by_the_next_delivery(house: House) -> None:
    world = house.open()
    house.backup()
    world = house.open()
    world.enrol("omar")
    world.kit.deliver()
    world.kit.concern("Lost", about=world.maya, by=world.sam)
    lost = world.alert().id
    backup, live = (sqlite3.connect(one) for one in (house.folder.parent / "backup/program.db", house.file))
    with closing(backup), closing(live):
        backup.backup(live)
    world.kit.concern("After", about=world.maya, by=world.sam)
    world.kit.deliver()
    assert "held" in codes(world)
    assert [one.id for one in world.kit.gaps()] == [lost]
