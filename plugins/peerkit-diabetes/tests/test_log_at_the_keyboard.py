# SPDX-License-Identifier: Apache-2.0
"""The person's own log at the keyboard."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from peerkit_diabetes.log import DiabetesLog
from riverside_keyboard import Keyboard
from spoiling import spoil
from terminal import terminal

from peerkit import open as opened


def test_nobody_is_said_to_be_told_where_nobody_could_be(peerkit: Keyboard) -> None:
    peerkit.sits("maya")
    peerkit("diabetes", "log", "on")
    peerkit("diabetes", "log", "watch", "Kai (fictional)", typed="3.0 20 mmol/L")
    told = peerkit.ends(6, "diabetes", "note", "glucose", typed="2.1 mmol/L")
    assert "Right away: 15 g" in told
    assert "NOBODY HAS BEEN TOLD YET" in told  # the program has a console alone
    assert "9-1-1" in told
    given = json.loads(peerkit.ends(6, "diabetes", "note", "glucose", "--json", typed="2.2 mmol/L"))
    assert given["alarm"]["reached"] is False
    assert given["facts"]
    assert json.loads(peerkit("diabetes", "note", "glucose", "--json", typed="5.5 mmol/L"))["alarm"] is None


def test_a_log_that_is_taken_up_again_says_that_nobody_is_told(peerkit: Keyboard) -> None:
    peerkit.sits("maya")
    peerkit("diabetes", "log", "on")
    peerkit("diabetes", "log", "watch", "Kai (fictional)", typed="54 250 mg/dL")
    assert "below 3.0 mmol/L, above 13.9 mmol/L" in peerkit("diabetes", "log", "show")
    assert "Kai (fictional)" in peerkit("diabetes", "log", "show")
    peerkit("diabetes", "log", "off")
    assert "Nobody is told of a dangerous value" in peerkit("diabetes", "log", "on")
    assert "Nobody is told of a dangerous value" in peerkit("diabetes", "log", "show")


def test_units_are_read_as_people_type_them(peerkit: Keyboard) -> None:
    peerkit.sits("maya")
    peerkit("diabetes", "log", "on")
    for what, typed in (("glucose", "103 mg/dl"), ("glucose", "5.7mmol/l"), ("blood_pressure", "128 / 82")):
        peerkit("diabetes", "note", what, typed=typed)
    shown = peerkit("diabetes", "log", "show")
    assert "103 mg/dL" in shown
    assert "5.7 mmol/L" in shown
    assert "128/82 mmHg" in shown
    either = "may be in mmol/L or in mg/dL"
    assert either in peerkit("diabetes", "note", "glucose", typed="95 mmol/L", fails=True)
    assert "say the unit" in peerkit("diabetes", "note", "glucose", typed="5.7", fails=True)


def test_a_low_value_brings_its_steps_though_no_log_is_kept(peerkit: Keyboard) -> None:
    peerkit.sits("maya")
    told = peerkit.ends(3, "diabetes", "note", "glucose", typed="2.2 mmol/L")
    assert "Right away: 15 g" in told
    said = peerkit("diabetes", "note", "glucose", typed="2.2 mmol/L", lang="fr", fails=True)
    assert "`peerkit diabetes log on`" in said
    peerkit("diabetes", "log", "on")
    assert "Nothing is noted" in peerkit("diabetes", "log", "show")


def test_a_time_that_has_not_come_yet_is_refused(peerkit: Keyboard) -> None:
    peerkit.sits("maya")
    peerkit("diabetes", "log", "on")
    line = ("diabetes", "note", "glucose", "--at", "2126-11-28T07:30-05:00")
    assert "has not come yet" in peerkit(*line, typed="5.7 mmol/L", fails=True)
    assert "Nothing is noted" in peerkit("diabetes", "log", "show")


@pytest.mark.parametrize("when", ["2026-11-27T07:30", "yesterday", "2126-11-28T07:30-05:00"])
def test_what_is_wrong_with_its_time_is_said_behind_the_steps(peerkit: Keyboard, when: str) -> None:
    peerkit.sits("maya")
    peerkit("diabetes", "log", "on")
    line = ("diabetes", "note", "glucose", "--at", when)
    assert "Right away: 15 g" in peerkit.ends(2, *line, typed="LO")
    given = json.loads(peerkit.ends(2, *line, "--json", typed="LO"))
    assert given["kept"] is False
    assert given["facts"]
    assert "--at" in peerkit(*line, typed="LO", fails=True)


def test_what_was_recorded_is_said_in_the_readers_language(peerkit: Keyboard) -> None:
    peerkit.sits("maya")
    peerkit("diabetes", "log", "on")
    assert peerkit("diabetes", "note", "glucose", typed="5,7 mmol/L", lang="fr").endswith(", noté.")
    peerkit("diabetes", "log", "aim", "blood_pressure", typed="130/80 mmHg")
    peerkit("diabetes", "log", "aim", "glucose", typed="4,0 7,0 mmol/L")
    peerkit("diabetes", "log", "watch", "Kai (fictional)", typed="3,0 20 mmol/L")
    shown = peerkit("diabetes", "log", "show", lang="fr")
    assert "au-dessous de 130/80 mmHg" in shown
    assert "de 4,0 à 7,0 mmol/L" in shown
    assert "au-dessous de 3,0 mmol/L, au-dessus de 20,0 mmol/L" in shown


def test_what_is_wrong_is_struck_by_what_is_its_own_whatever_is_noted_meanwhile(peerkit: Keyboard) -> None:
    peerkit.sits("maya")
    peerkit("diabetes", "log", "on")
    for typed in ("5.7 mmol/L", "7.5 mmol/L"):
        peerkit("diabetes", "note", "glucose", typed=typed)
    [sign] = [
        one["id"][-6:]
        for one in json.loads(peerkit("diabetes", "log", "show", "--json"))
        if one["value"] == "7.5"
    ]
    assert f"{sign} " in peerkit("diabetes", "log", "show").partition("5.7 mmol/L")[2]
    earlier = (datetime.now(UTC) - timedelta(hours=2)).isoformat(timespec="seconds")
    peerkit("diabetes", "note", "glucose", "--at", earlier, typed="6.1 mmol/L")
    told = peerkit("diabetes", "log", "strike", sign.upper(), lang="fr")
    assert told.startswith("glycémie 7,5 mmol/L")
    assert told.endswith(", rayé.")
    shown = peerkit("diabetes", "log", "show")
    assert "7.5" not in shown
    assert "5.7 mmol/L" in shown
    for wrong in (sign, "2", ""):
        assert "`peerkit diabetes log show`" in peerkit("diabetes", "log", "strike", wrong, fails=True)


def test_a_page_is_found_again_and_taken_back(peerkit: Keyboard) -> None:
    peerkit.sits("maya")
    peerkit("diabetes", "log", "on")
    peerkit("diabetes", "note", "glucose", typed="5.7 mmol/L")
    days = ("--from", "2020-01-01", "--until", "2100-01-01")
    peerkit("diabetes", "log", "page", "--to", "Kai (fictional)", *days)
    assert "You show 2020-01-01 – 2100-01-01, Kai (fictional)" in peerkit("diabetes", "log", "pages")
    peerkit.sits("kai")
    assert "5.7 mmol/L" in peerkit("diabetes", "log", "pages")
    peerkit.sits("maya")
    peerkit("diabetes", "log", "take-back")
    assert "You show" not in peerkit("diabetes", "log", "pages")
    peerkit.sits("kai")
    assert "Nobody shows you a page" in peerkit("diabetes", "log", "pages")


def test_a_chart_is_a_new_file_that_nobody_else_reads(peerkit: Keyboard) -> None:
    pytest.importorskip("matplotlib")
    peerkit.sits("maya")
    peerkit("diabetes", "log", "on")
    line = ("diabetes", "log", "chart", "glucose", "--out")
    assert "nothing yet to draw" in peerkit(*line, "mine.png", fails=True)
    peerkit("diabetes", "note", "glucose", typed="5.7 mmol/L")
    peerkit(*line, "mine.png")
    made = peerkit.folder / "mine.png"
    assert made.stat().st_mode & 0o777 == 0o600
    (peerkit.folder / "open.png").write_bytes(b"of somebody else's")
    for wrong in ("open.png", "gone/mine.png"):
        assert "the file cannot be made" in peerkit(*line, wrong, fails=True)
    assert (peerkit.folder / "open.png").read_bytes() == b"of somebody else's"


def test_whoever_switches_it_on_reads_what_an_alarm_needs(peerkit: Keyboard) -> None:
    peerkit.sits("maya")
    peerkit("diabetes", "log", "on")
    watching = peerkit("diabetes", "log", "watch", "Kai (fictional)", typed="3.0 20 mmol/l")
    assert "passes over whoever has no address" in watching


# -- an alarm that would be lost, and steps that would be the wrong ones --------------------------------


def test_a_log_that_cannot_be_read_is_said_and_somebody_is_asked_to_look(peerkit: Keyboard) -> None:
    peerkit.sits("maya")
    peerkit("diabetes", "log", "on")
    peerkit("diabetes", "log", "watch", "Kai (fictional)", typed="3.0 20 mmol/L")
    with opened(peerkit.url) as kit:
        with kit.session(actor=peerkit.ids["maya"]) as s:
            [log] = s.find(DiabetesLog)
        spoil(kit, log)
    told = peerkit.ends(6, "diabetes", "note", "glucose", typed="2.1 mmol/L")
    for needed in ("Right away: 15 g", "asked to look", "9-1-1", "not kept, since your log cannot be read"):
        assert needed in told
    assert "you keep no log" not in told
    with opened(peerkit.url) as kit:
        assert len(kit.alerts()) == 1
    given = json.loads(peerkit.ends(6, "diabetes", "note", "glucose", "--json", typed="2.1 mmol/L"))
    assert given["kept"] is False
    assert given["alarm"]["reached"] is False
    assert given["facts"]
    assert "Your log cannot be read now" in peerkit("diabetes", "log", "show")
    assert "cannot be read now" in peerkit("diabetes", "log", "on", fails=True)


def test_a_number_that_may_be_in_either_unit_brings_the_steps_of_both(peerkit: Keyboard) -> None:
    peerkit.sits("maya")
    peerkit("diabetes", "log", "on")
    peerkit("diabetes", "log", "watch", "Kai (fictional)", typed="3.0 - mmol/L")
    for more in ((), ("--yes",)):
        told = peerkit.ends(6, "diabetes", "note", "glucose", *more, typed="25 mmol/L")
        assert "If it is in mmol/L: Drink water" in told
        assert "Right away: 15 g" in told.partition("If it is in mg/dL:")[2]
    given = json.loads(peerkit.ends(6, "diabetes", "note", "glucose", "--json", typed="45 mmol/L"))
    assert given["kept"] is False
    assert any("15 g" in one for one in given["facts"])


@pytest.mark.parametrize("json_too", [False, True])
def test_an_alarm_does_not_wait_until_the_unit_is_known(peerkit: Keyboard, *, json_too: bool) -> None:
    """25 is beyond what she wants told of, whichever unit the meter shows; and here nobody can be asked."""
    peerkit.sits("maya")
    peerkit("diabetes", "log", "on")
    peerkit("diabetes", "log", "watch", "Kai (fictional)", typed="3.0 20 mmol/L")
    line = ("diabetes", "note", "glucose", *(["--json"] if json_too else []))
    told = peerkit.ends(6, *line, typed="25 mmol/L")
    with opened(peerkit.url) as kit:
        assert len(kit.alerts()) == 1
    if json_too:
        given = json.loads(told)
        assert given["kept"] is False
        assert given["alarm"]["reached"] is False
        return
    for needed in ("If it is in mg/dL:", "you wanted somebody to be told of", "may be in mmol/L or in mg/dL"):
        assert needed in told
    assert "Nothing is noted" in peerkit("diabetes", "log", "show")


def test_nor_for_a_yes_that_nobody_can_give(peerkit: Keyboard) -> None:
    peerkit.sits("maya")
    peerkit("diabetes", "log", "on")
    peerkit("diabetes", "log", "watch", "Kai (fictional)", typed="3.0 20 mmol/L")
    told = peerkit.ends(6, "diabetes", "note", "glucose", typed="0.9 mmol/L")
    assert "you wanted somebody to be told of" in told
    assert "unusual in mmol/L: look again, and say --yes" in told


@pytest.mark.parametrize("answered", [True, False])
def test_nor_until_it_is_asked_at_a_terminal(peerkit: Keyboard, *, answered: bool) -> None:
    peerkit.sits("maya")
    peerkit("diabetes", "log", "on")
    peerkit("diabetes", "log", "watch", "Kai (fictional)", typed="3.0 20 mmol/L")
    here = {"PEERKIT_DB": peerkit.url, "PEERKIT_LANG": "en", "PEERKIT_DISABLE_PLUGINS": ""}
    with terminal("diabetes", "note", "glucose", **here) as shown:
        shown.expect("5.7 mmol/L")
        shown.type("25 mmol/L")
        shown.expect("you wanted somebody to be told of")
        shown.expect("Does the meter show mmol/L or mg/dL?")
        if answered:
            shown.type("mg")
            assert shown.ended() == 6
        else:
            shown.hang_up()
    with opened(peerkit.url) as kit:
        kit.deliver()
        assert len(kit.alerts()) == 1  # the same one, also where it is kept in the other unit
    assert ("25 mg/dL" in peerkit("diabetes", "log", "show")) is answered


@pytest.mark.parametrize(
    ("lang", "ask", "kept"),
    [
        ("en", "Does the meter show mmol/L or mg/dL?", "25 mg/dL"),
        ("fr", "L’appareil mesure-t-il en mmol/L ou en mg/dL ?", "25 mmol/L"),
    ],
)
def test_at_a_terminal_the_meter_is_asked_about(peerkit: Keyboard, lang: str, ask: str, kept: str) -> None:
    peerkit.sits("maya")
    peerkit("diabetes", "log", "on")
    here = {"PEERKIT_DB": peerkit.url, "PEERKIT_LANG": lang, "PEERKIT_DISABLE_PLUGINS": ""}
    with terminal("diabetes", "note", "glucose", **here) as shown:
        shown.expect("5,7 mmol/L" if lang == "fr" else "5.7 mmol/L")
        shown.type("25 mmol/L")
        shown.expect("15 g")  # before it is asked
        shown.expect(ask)
        shown.type("m")  # either
        shown.expect(ask)
        shown.type(kept[3:6])
        assert shown.ended() == 0
    assert f"glucose {kept}" in peerkit("diabetes", "log", "show")


def test_facts_are_in_the_json_where_no_log_is_kept(peerkit: Keyboard) -> None:
    peerkit.sits("maya")
    given = json.loads(peerkit.ends(3, "diabetes", "note", "glucose", "--json", typed="LO"))
    assert given["kept"] is False
    assert given["alarm"] is None
    assert any("15 g" in one for one in given["facts"])
