# SPDX-License-Identifier: Apache-2.0
"""Everything about a person in one encrypted file, read with another program's reader."""

from __future__ import annotations

import json
import stat
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest
from made_fonts import WESTERN, font

from peerkit import (
    Actor,
    Disclosure,
    GoalPlan,
    Malformed,
    Refused,
    StorageError,
)
from peerkit.testing import Town
from peerkit.testing.module.garden import Garden, Visit
from peerkit.testing.town import SETTINGS

World = Any
PHRASE = "four words are enough"
WORDS = "Zażółć gęślą jaźń, ᓄᓇᕗᑦ, 你好, 🙂 at the library"


@pytest.fixture
def house(world: World) -> World:
    world.match(world.maya, world.supporter("kai"))
    world.save(
        GoalPlan.begin(person=world.maya, hopes=WORDS).add_goal("Walk to the market"), actor=world.maya
    )
    world.save(GoalPlan.begin(person=world.theo, hopes="canary"), actor=world.theo)
    with world.kit.session(actor=world.kai) as s:
        s.find(GoalPlan)
    return world


def attached(path: Path) -> dict[str, Any]:
    """What qpdf, which is another program than the one that wrote it, finds attached."""
    with pikepdf.open(path, password=PHRASE) as pdf:
        assert pdf.encryption.R == 6  # AES-256 of ISO 32000-2
        found: dict[str, Any] = json.loads(pdf.attachments["take-out.json"].get_file().read_bytes())
    return found


def test_another_program_reads_the_pages_and_the_attachment_with_the_passphrase(
    house: World, tmp_path: Path
) -> None:
    file = tmp_path / "mine.pdf"
    done = house.kit.take_out(file, passphrase=PHRASE, actor=house.maya)
    found = attached(file)
    assert len(found["records"]) == done.records
    (plan,) = [one for one in found["records"] if one["kind"] == "goal_plan"]
    assert plan["hopes"] == WORDS
    assert any("Kai Example (fictional) read your goal plan" in one["text"] for one in found["log"])
    reader = pypdf.PdfReader(file, password=PHRASE)
    pages = "".join(page.extract_text() for page in reader.pages)
    assert "Walk to the market" in pages
    assert "What is kept about you" in pages
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_without_the_passphrase_it_tells_nothing(house: World, tmp_path: Path) -> None:
    file = tmp_path / "mine.pdf"
    house.kit.take_out(file, passphrase=PHRASE, actor=house.maya)
    raw = file.read_bytes()
    for secret in (b"Walk to the market", b"Maya", WORDS.encode(), b"market"):
        assert secret not in raw
    for phrase in ("", "another passphrase"):
        with pytest.raises(pikepdf.PasswordError):
            pikepdf.open(file, password=phrase)


def test_nothing_of_others_is_in_it_and_it_is_in_the_log(house: World, tmp_path: Path) -> None:
    file = tmp_path / "mine.pdf"
    house.kit.take_out(file, passphrase=PHRASE, actor=house.maya)
    assert "canary" not in json.dumps(attached(file))
    assert {one.basis for one in house.every(Disclosure) if one.person == house.maya.id} == {"own"}


@pytest.mark.parametrize("phrase", ["", "short", "fourteen chars"])
def test_a_passphrase_that_is_too_short_makes_no_file(house: World, tmp_path: Path, phrase: str) -> None:
    with pytest.raises(Malformed, match="15 characters") as fault:
        house.kit.take_out(tmp_path / "mine.pdf", passphrase=phrase, actor=house.maya)
    assert not phrase or phrase not in str(fault.value)
    assert list(tmp_path.glob("*.pdf")) == []


def test_it_never_goes_over_another_file(house: World, tmp_path: Path) -> None:
    file = tmp_path / "mine.pdf"
    file.write_text("something else")
    with pytest.raises(Malformed, match="there already"):
        house.kit.take_out(file, passphrase=PHRASE, actor=house.maya)
    assert file.read_text() == "something else"


def test_nothing_is_left_of_one_that_failed(
    house: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> Any:
        raise StorageError("the disk is full")

    monkeypatch.setattr(house.kit._storage, "commit", full)  # a log that fails lets nothing out
    with pytest.raises(StorageError):
        house.kit.take_out(tmp_path / "mine.pdf", passphrase=PHRASE, actor=house.maya)
    assert list(tmp_path.glob("*.pdf")) == []


def test_a_watched_device_is_warned_of_before_anything_is_written(house: World, tmp_path: Path) -> None:
    house.save(house.get(house.maya).update(watched=True), actor=house.maya)
    with pytest.raises(Refused, match="may see this device"):
        house.kit.take_out(tmp_path / "mine.pdf", passphrase=PHRASE, actor=house.maya)
    assert list(tmp_path.glob("*.pdf")) == []
    done = house.kit.take_out(tmp_path / "mine.pdf", passphrase=PHRASE, actor=house.maya, anyway=True)
    assert done.warning


def test_it_is_theirs_alone(house: World, tmp_path: Path) -> None:
    for actor in (Actor.system("x"), Actor(house.kai.id, role="supporter")):
        with pytest.raises(Refused):
            house.kit.take_out(tmp_path / "mine.pdf", passphrase=PHRASE, actor=actor)


def test_letters_that_no_font_has_are_marked_and_told_of_and_whole_in_the_attachment(
    house: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("peerkit.fonts.FONTS", (str(font(tmp_path / "western.ttf", WESTERN)),))
    monkeypatch.setenv("PEERKIT_FONTS", str(tmp_path / "gone.ttf"))  # nor for one that is not there
    file = tmp_path / "mine.pdf"
    house.kit.take_out(file, passphrase=PHRASE, actor=house.maya)
    first = " ".join(pypdf.PdfReader(file, password=PHRASE).pages[0].extract_text().split())
    assert "Some letters could not be drawn on these pages (Canadian Aboriginal: 4, Han: 2" in first
    assert "Where one is missing stands \ufffd" in first
    assert first.index("Some letters") < first.index("taken out")
    said = "".join(page.extract_text() for page in pypdf.PdfReader(file, password=PHRASE).pages)
    assert "\ufffd\ufffd, \ufffd at the library" in " ".join(said.split())
    (plan,) = [one for one in attached(file)["records"] if one["kind"] == "goal_plan"]
    assert plan["hopes"] == WORDS


def test_what_no_code_here_reads_is_told_as_being_there(tmp_path: Path) -> None:
    """The plugin that made it is gone, and the person knows that there is more."""
    url = f"sqlite:///{tmp_path}/town.db"
    town = Town(url, troubled=False, plugins=(Garden(),), settings=SETTINGS)
    maya, kai = town.ids["maya"], town.ids["kai"]
    town.save(Visit.plan(person=maya, gardener=kai, day=date(2027, 5, 8), wish=WORDS), by="maya")
    mine = tmp_path / "whole.pdf"
    assert town.kit.take_out(mine, passphrase=PHRASE, actor=maya).unread == 0
    town.reopen()
    file = tmp_path / "mine.pdf"
    assert town.kit.take_out(file, passphrase=PHRASE, actor=maya).unread == 1
    assert attached(file)["unread"] == 1
    text = "".join(page.extract_text() for page in pypdf.PdfReader(file, password=PHRASE).pages)
    assert "1 record about you cannot be read now" in text
    other = tmp_path / "other.pdf"
    assert town.kit.take_out(other, passphrase=PHRASE, actor=town.ids["sam"]).unread == 0
    town.kit.close()
