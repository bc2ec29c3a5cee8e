# SPDX-License-Identifier: Apache-2.0
"""Packs that come, change, clash and go while a program on a real file lives."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from beside import DISABLED, NAMES
from made_packs import HEAD, WHO, WHOLE, only, written

import peerkit
from peerkit import Person, Questionnaire, texts
from peerkit.errors import NotFound, PluginError
from peerkit.kit import accept
from peerkit.plugins import Plugins
from peerkit.ports import Query
from peerkit.safety.looking import look

SETTINGS = {
    "name": "Riverside",
    "timezone": "America/Toronto",
    "region": "CA-ON",
    "coordinator": {"name": "Robin"},
    "on_call": [{"name": "Jo", "reach": ["console:jo"]}],
    "uncovered": "always",
    "receives": ["clinical=on-call"],
}
Open = Callable[..., peerkit.Kit]


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Open the program with these folders in the environment, as a new process would."""
    monkeypatch.setenv("PEERKIT_DISABLE_PLUGINS", DISABLED)
    url = f"sqlite:///{tmp_path}/program.db"
    opened: list[peerkit.Kit] = []

    def again(*folders: Path, **options: Any) -> peerkit.Kit:
        for kit in opened:
            kit.close()
        monkeypatch.setenv("PEERKIT_PACKS", os.pathsep.join(map(str, folders)))
        opened.append(peerkit.open(url, **options))
        return opened[-1]

    yield again
    for kit in opened:
        kit.close()


@pytest.fixture
def riverside(tmp_path: Path) -> Path:
    return written(tmp_path / "riverside", WHOLE)


def people(kit: peerkit.Kit) -> list[str]:
    return sorted(row.envelope.id for row in kit.storage.find(Query("person", limit=9)).rows)


def statuses(kit: peerkit.Kit) -> dict[str, str]:
    return {one.name: one.status for one in kit.plugins if one.origin == "found" and one.name not in NAMES}


def why(kit: peerkit.Kit, name: str = "riverside") -> str:
    return next(one.error for one in kit.plugins if one.name == name)


def version(folder: Path, number: str) -> None:
    written(folder, {"pack.toml": HEAD.replace('version = "1.0"', f'version = "{number}"')})


def test_installed_accepted_taken_away_and_installed_again(program: Open, riverside: Path) -> None:
    kit = program(settings=SETTINGS)
    robin, jo = people(kit)
    kit = program(riverside)
    assert statuses(kit) == {"riverside": "proposed"}
    assert "peerkit plugins accept riverside" in why(kit)
    with pytest.raises(NotFound):
        kit.instrument("week")
    accept(kit, "riverside")

    kit = program(riverside)
    assert statuses(kit) == {"riverside": "loaded"}
    with kit.session(actor=robin) as s:
        maya = s.save(Person.enrol(name="Maya"))
    with kit.session(actor=jo) as s:
        finished, open_ = s.screening("week", maya), s.screening("week", maya)
        finished.answer("q1", value=True)
        finished.answer("q2", value=True)
        finished.finish()
        open_.answer("q2", value=False)
        who = s.screening("who-5", maya)
        for number in range(1, 6):
            who.answer(f"q{number}", value=3)
        who.finish()
    assert kit.storage.count(Query("alert")) == 0
    screens = kit.storage.count(Query("risk_screen"))
    answers = kit.storage.count(Query("answer"))
    before = {one.id: one.sha256 for one in kit._find_all("risk_screen")}

    kit = program()
    assert statuses(kit) == {"riverside": "failed"}
    assert "name its folder in PEERKIT_PACKS again" in why(kit)
    assert any("riverside" in str(one) and one.grave for one in kit.health().problems)
    assert (kit.storage.count(Query("risk_screen")), kit.storage.count(Query("answer"))) == (screens, answers)
    with kit.session(actor=jo) as s:  # nobody here knows the questions: a human looks, at once
        assert s.screening("week", screen=open_.id).answer("q1", value=False).level == "now"
        assert kit.storage.count(Query("alert")) == 1
        assert [(one.asked, one.value) for one in look(s, finished.id).said] == [("q1", True), ("q2", True)]
        assert [one.item.id for one in look(s, who.id).said] == ["q1", "q2", "q3", "q4", "q5"]
    with kit.session(actor=robin) as s:  # other things go on: a pack has no check that would be missed
        s.save(Person.enrol(name="Ada"))
    assert kit.instrument("who-5").languages == ()

    kit = program(riverside)
    assert statuses(kit) == {"riverside": "loaded"}
    assert not any("riverside" in str(one) for one in kit.health().problems)
    assert {one.id: one.sha256 for one in kit._find_all("risk_screen")} == before
    with kit.session(actor=jo) as s:
        assert kit.instrument("who-5").languages == ("fr",)
        looked = look(s, finished.id)
        assert looked.instrument == kit.instrument("week")
        assert [one.item.id for one in looked.said] == ["q1", "q2"]
        going_on = s.screening("week", screen=open_.id)
        assert going_on.answer("q1", value=False) is not None
    assert kit.storage.count(Query("alert")) == 1  # the alert that was there: none was lost, none doubled


def test_a_version_is_never_edited_once_it_was_used(program: Open, riverside: Path) -> None:
    program(riverside, settings=SETTINGS)  # `init` accepts what is there
    text = WHOLE["goals/en.toml"]
    written(riverside, {"goals/en.toml": text.replace("ten minutes", "an hour")})
    kit = program(riverside)
    assert statuses(kit) == {"riverside": "failed"}
    assert "give it a new version in pack.toml" in why(kit)
    with pytest.raises(PluginError, match="give it a new version"):
        accept(kit, "riverside")
    with pytest.raises(PluginError, match="give it a new version"):
        program(riverside, strict=True)

    version(riverside, "1.00")  # the same number
    assert statuses(program(riverside)) == {"riverside": "failed"}

    version(riverside, "1.1")  # by itself, like any newer version
    assert statuses(program(riverside)) == {"riverside": "loaded"}
    written(riverside, {"goals/en.toml": text.replace("ten minutes", "two hours")})
    kit = program(riverside)  # 1.1 was noted when it was first loaded
    assert statuses(kit) == {"riverside": "failed"}
    assert "version 1.1" in why(kit)

    version(riverside, "1.0")
    written(riverside, {"goals/en.toml": text})
    assert statuses(program(riverside)) == {"riverside": "loaded"}
    (riverside / "words/fr.toml").unlink()
    assert statuses(program(riverside)) == {"riverside": "failed"}


def test_what_somebody_accepts_meanwhile_is_not_lost_when_a_version_is_noted(
    program: Open, riverside: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(riverside, settings=SETTINGS)
    late = written(tmp_path / "late", only("goals/en.toml", languages='["en"]', name="late"))
    written(late, {"goals/en.toml": WHOLE["goals/en.toml"].replace('"walk"', '"swim"')})
    other = program(riverside, late)
    load = Plugins.load

    def meanwhile(**options: Any) -> Plugins:
        monkeypatch.setattr(Plugins, "load", load)
        loaded = load(**options)
        if options.get("accepted"):
            accept(other, "late")
        else:
            monkeypatch.setattr(Plugins, "load", meanwhile)
        return loaded

    version(riverside, "1.1")
    monkeypatch.setattr(Plugins, "load", meanwhile)
    peerkit.open(f"sqlite:///{tmp_path}/program.db").close()
    assert statuses(program(riverside, late)) == {"riverside": "loaded", "late": "loaded"}


def test_a_folder_in_the_place_of_a_wheel_waits_and_says_the_same(program: Open, riverside: Path) -> None:
    """Only the file's version counts, wherever the pack comes from."""
    kit = program(riverside, settings=SETTINGS)
    held = kit.storage.marks("plugins")["plugins"]
    assert kit.storage.mark("plugins", held.replace("PEERKIT_PACKS", "riverside-pack"))
    kit = program(riverside)
    assert statuses(kit) == {"riverside": "proposed"}
    assert "comes from riverside-pack" in why(kit)
    written(riverside, {"goals/en.toml": WHOLE["goals/en.toml"].replace("ten", "five")})
    kit = program(riverside)
    with pytest.raises(PluginError, match="give it a new version"):
        accept(kit, "riverside")
    written(riverside, {"goals/en.toml": WHOLE["goals/en.toml"]})
    accept(program(riverside), "riverside")
    assert statuses(program(riverside)) == {"riverside": "loaded"}


def test_a_folder_that_cannot_be_read_says_why_at_once(program: Open, riverside: Path) -> None:
    program(settings=SETTINGS)
    written(riverside, {"pack.toml": "format = 2\n"})
    kit = program(riverside, riverside.parent / "nowhere")
    assert statuses(kit) == {"riverside": "failed", "nowhere": "failed"}
    assert "this peerkit reads format 1" in why(kit)
    assert all(not one.grave for one in kit.health().problems if one.code == "plugin")  # nobody counts on it
    with pytest.raises(PluginError):
        accept(kit, "riverside")


def test_two_packs_for_one_language_leave_the_program_hearing(
    program: Open, riverside: Path, tmp_path: Path
) -> None:
    program(riverside, settings=SETTINGS)
    late = written(tmp_path / "late", only("wordings/who-5-fr.toml", languages='["fr"]', name="late"))
    kit = program(riverside, late)
    assert statuses(kit) == {"riverside": "loaded", "late": "proposed"}
    with pytest.raises(PluginError, match=r"wording who-5 1\.0 fr: late 1\.0 .* and riverside 1\.0"):
        accept(kit, "late")
    assert statuses(program(riverside, late)) == {"riverside": "loaded", "late": "proposed"}


def test_two_folders_with_one_pack_are_an_error_that_names_both(
    program: Open, riverside: Path, tmp_path: Path
) -> None:
    program(riverside, settings=SETTINGS)
    again = written(tmp_path / "again", WHOLE)
    kit = program(riverside, again)
    assert statuses(kit) == {"riverside": "failed"}
    assert f"riverside 1.0 ({riverside}) and riverside 1.0 ({again})" in why(kit)
    assert kit.concern("She has not been seen since Tuesday") is not None


@pytest.mark.parametrize("case", ["edited", "torn", "headless", "twice", "renamed", "clashing"])
def test_why_it_failed_is_said_in_french_too(
    program: Open, riverside: Path, tmp_path: Path, case: str
) -> None:
    """Whoever brings packs in reads the list and `health`, and is no programmer."""
    program(riverside, settings=SETTINGS)
    more: tuple[Path, ...] = ()
    if case == "edited":
        goals = WHOLE["goals/en.toml"]
        written(riverside, {"goals/en.toml": goals.replace("ten minutes", "an hour")})
    elif case == "torn":
        written(riverside, {"goals/en.toml": "[["})
    elif case == "headless":
        written(riverside, {"pack.toml": "[["})
    elif case == "twice":
        more = (written(tmp_path / "again", WHOLE),)
    elif case == "renamed":
        written(riverside, {"pack.toml": HEAD.replace('name = "riverside"', 'name = "riverbank"')})
    else:
        brook = only("wordings/who-5-fr.toml", languages='["fr"]', name="brook")
        more = (written(tmp_path / "brook", brook),)
    kit = program(riverside, *more)
    told = [one.error for one in kit.plugins if one.status in {"failed", "proposed"} and one.error]
    if case == "clashing":
        with pytest.raises(PluginError, match="two plugins claim the wording who-5") as refused:
            accept(kit, "brook")
        told.append(refused.value.args[0])
    assert told
    french = texts.for_locale("fr")
    for error in told:
        assert french(error) != error
        said = french(error).replace(str(tmp_path), "")
        plain = re.sub(r"\(.*?\)", "", said)  # what a parser says of TOML is its own
        assert not re.search(r"\b(the|its|is|are|of|and|cannot)\b", plain)


def test_a_folder_that_is_not_there_is_named_where_it_was_looked_for(
    program: Open, riverside: Path, tmp_path: Path
) -> None:
    """Two folders may have one name, and whoever mends it finds the wrong one by its path alone."""
    kit = program(riverside, tmp_path / "away" / "nowhere", settings=SETTINGS)
    [failed] = [one for one in kit.plugins if one.name == "nowhere"]
    assert str(tmp_path / "away" / "nowhere") in failed.error
    french = texts.for_locale("fr")
    assert french(failed.label) == "nowhere sans version (PEERKIT_PACKS)"


def test_two_folders_with_one_pack_say_what_to_do(program: Open, riverside: Path, tmp_path: Path) -> None:
    """Blocking their distribution would block both: they have none."""
    program(riverside, settings=SETTINGS)
    kit = program(riverside, written(tmp_path / "again", WHOLE))
    assert "Take one of them out of PEERKIT_PACKS" in why(kit)


def test_a_version_of_a_questionnaire_stays_beside_the_next(program: Open, riverside: Path) -> None:
    kit = program(riverside, settings=SETTINGS)
    _, jo = people(kit)
    with kit.session(actor=jo) as s:
        begun = s.screening("week")
    text = WHOLE["instruments/week.toml"]
    milder = text.replace('version = "1.0"', 'version = "1.1"').replace('"today"', '"talk"')
    version(riverside, "1.1")
    written(riverside, {"instruments/week-1.1.toml": milder})
    kit = program(riverside)
    assert (kit.instrument("week").version, kit.instrument("week", version="1.0").version) == ("1.1", "1.0")
    with kit.session(actor=jo) as s:
        assert s.screening("week", screen=begun.id).answer("q1", value=False).level == "today"
        assert s.screening("week").answer("q1", value=False).level == "talk"


def test_words_that_the_program_brought_in_go_before_a_packs(program: Open, riverside: Path) -> None:
    kit = program(settings=SETTINGS)
    robin, _ = people(kit)
    own = WHO.replace("Made up, number 1", "In our words")
    with kit.session(actor=robin) as s:
        s.save(Questionnaire.add(own))
    accept(program(riverside), "riverside")
    kit = program(riverside)
    assert kit.instrument("who-5").text("q1", "fr") == "In our words"
    [odd] = [one for one in kit.instruments() if one.state == "unreadable"]
    assert (odd.id, odd.origin) == ("who-5", "riverside")
    assert "there is wording in this language already" in odd.why
    with kit.session(actor=robin) as s:
        s.save(s.find(Questionnaire, instrument="who-5")[0].withdraw())
    assert kit.instrument("who-5").text("q1", "fr") == "Made up, number 1"
