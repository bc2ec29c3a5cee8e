# SPDX-License-Identifier: Apache-2.0
"""Log, goals, notebook, needs and the page to bring along, at the keyboard: as person and as supporter."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import attrs
import pytest

from peerkit import Actor, Decision, GoalPlan, PeerSupporter, Person, Referral, Relationship, Service
from peerkit import open as opened

pwd = pytest.importorskip("pwd")
LOGIN = pwd.getpwuid(os.getuid()).pw_name if hasattr(os, "getuid") else ""


@attrs.define
class Keyboard:
    """A program in a folder; whoever sits at its keyboard is linked with the login."""

    folder: Path
    ids: dict[str, str] = attrs.field(factory=dict)

    @property
    def url(self) -> str:
        """Its database."""
        return f"sqlite:///{self.folder}/program.db"

    def sits(self, name: str) -> None:
        """Who sits there from now on."""
        with opened(self.url) as kit:
            kit.unlink("login", LOGIN)
            kit.link("login", LOGIN, self.ids[name])

    def __call__(self, *line: str, typed: str = "", lang: str = "en", fails: bool = False) -> str:
        done = self._done(line, typed, lang)
        assert bool(done.returncode) == fails, done.stdout + done.stderr
        return " ".join((done.stderr if fails else done.stdout).split())

    def ends(self, code: int, *line: str, typed: str = "", lang: str = "en") -> str:
        """What a command prints that ends with a code."""
        done = self._done(line, typed, lang)
        assert done.returncode == code, done.stdout + done.stderr
        return " ".join(done.stdout.split())

    def errors(self, *line: str, lang: str = "en") -> list[str]:
        """What a command prints that fails, line by line."""
        return self._done(line, "", lang).stderr.splitlines()

    def _done(self, line: tuple[str, ...], typed: str, lang: str) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "PEERKIT_DB": self.url, "PEERKIT_LANG": lang, "COLUMNS": "160"}
        told = [sys.executable, "-m", "peerkit", *line]
        done = subprocess.run(
            told, capture_output=True, text=True, input=typed, env=env, cwd=self.folder, check=False
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done


@pytest.fixture
def peerkit(tmp_path: Path) -> Keyboard:
    made = Keyboard(tmp_path)
    settings = ("--name", "Riverside", "--timezone", "America/Toronto", "--region", "CA-ON")
    made("init", *settings, "--coordinator", "Robin", "--uncovered", "Mon-Sun 00:00-24:00")
    with opened(made.url) as kit:
        with kit.session(Actor.system("test")) as s:
            [robin] = s.find(Person)
        with kit.session(actor=robin) as s:
            maya, kai = (s.save(Person.enrol(name=f"{one} (fictional)")) for one in ("Maya", "Kai"))
            s.save(PeerSupporter.welcome(kai, by=Decision.of(kai, how="spoken")))
            walk = s.save(Relationship.enquire(person=maya, by=Decision.of(maya, how="spoken")).propose(kai))
            entry = {
                "name": "Food bank (fictional)",
                "phones": [{"number": "555-0100"}],
                "keywords": ("food",),
            }
            s.save(Service.list(entry=entry))
        with kit.session(actor=maya) as s:
            s.save(s.get(Relationship, walk.id).agree())
            s.save(GoalPlan.begin(person=maya))
        with kit.session(actor=kai) as s:
            s.save(s.get(Relationship, walk.id).take_on())
        made.ids = {"robin": robin.id, "maya": maya.id, "kai": kai.id}
    return made


def test_a_supporter_puts_a_goal_forward_and_the_person_says_it_in_own_words(peerkit: Keyboard) -> None:
    peerkit.sits("kai")
    shown = peerkit("diabetes", "goals", "Maya (fictional)", "--barrier", "housing", "--barrier", "income")
    assert "Have the beans or lentils when a community meal has some [beans]" in shown
    assert "Each in its version for this: housing is short and money is short." in shown
    held = json.loads(peerkit("diabetes", "goals", "Maya (fictional)", "--json"))
    assert len(held) >= 30
    peerkit("diabetes", "goals", "Maya (fictional)", "--suggest", "beans", "--suggest", "shoes", lang="fr")
    assert "[beans]" not in peerkit("diabetes", "goals", "Maya (fictional)", lang="fr")
    assert "Cuisiner des haricots" in peerkit("plans", "show", "Maya (fictional)")
    wrong = peerkit("diabetes", "goals", "Maya (fictional)", "--suggest", "nothing", fails=True)
    assert "no goal of that id" in wrong
    peerkit.sits("maya")
    assert "template" in peerkit("plans", "adopt", "", "1", fails=True)
    peerkit("plans", "adopt", "", "1", "--words", typed="Lentils on Sundays with Ana")
    assert "Lentils on Sundays with Ana" in peerkit("plans", "show")


def test_goals_stand_in_a_short_list_and_in_full_by_area(peerkit: Keyboard) -> None:
    peerkit.sits("kai")
    shown = peerkit("diabetes", "goals", "Maya (fictional)", "--barrier", "revenu", lang="fr")
    assert "alimentation Boire de l’eau à un repas par jour [water]" in shown
    assert "l’argent manque" in shown
    assert "Santé Canada" not in shown
    assert "`--area alimentation`" in shown
    feet = peerkit(
        "diabetes", "goals", "Maya (fictional)", "--area", "Pieds", "--barrier", "REVENU", lang="fr"
    )
    assert "[feet-look] coût gratuit" in feet
    assert "[socks] coût rien demande" in feet
    assert "[water]" not in feet
    assert "4 buts." in feet
    wrong = peerkit("diabetes", "goals", "Maya (fictional)", "--area", "foot", fails=True)
    assert "food, movement, sleep, stress, smoking, feet, eyes, teeth" in wrong
    wrong = peerkit("diabetes", "goals", "Maya (fictional)", "--barrier", "logment", lang="fr", fails=True)
    assert "revenu (l’argent manque), logement (" in wrong


def test_what_is_short_is_said_in_the_words_of_the_language(peerkit: Keyboard) -> None:
    peerkit.sits("maya")
    peerkit("diabetes", "notebook", "begin")
    peerkit("diabetes", "notebook", "short", "--barrier", "logement", "--barrier", "cuisine", lang="fr")
    assert json.loads(peerkit("diabetes", "notebook", "show", "--json"))["barriers"] == ["housing", "kitchen"]
    wrong = peerkit("diabetes", "notebook", "short", "--barrier", "logis", lang="fr", fails=True)
    assert "revenu, logement, nourriture, transport, accès, argent" in wrong
    assert wrong.count("transport") == 1


def test_the_notebook_from_beginning_to_sharing(peerkit: Keyboard) -> None:
    peerkit.sits("maya")
    peerkit("diabetes", "notebook", "begin")
    peerkit("diabetes", "notebook", "short", "--barrier", "income", "--barrier", "kitchen")
    peerkit("diabetes", "notebook", "write", "feelings", typed="I am grieving over diabetes")
    peerkit("diabetes", "notebook", "add", "question", typed="Why am I so tired?")
    peerkit("diabetes", "notebook", "add", "support", typed="Ana | comes along")
    with opened(peerkit.url) as kit, kit.session(actor=peerkit.ids["maya"]) as s:
        [pantry] = s.find(Service)
    peerkit("diabetes", "notebook", "add", "place", "--service", pantry.id)
    peerkit("diabetes", "notebook", "add", "place", typed="the library")
    peerkit("diabetes", "notebook", "answer", "1", typed="low iron")
    shown = peerkit("diabetes", "notebook", "show")
    for told in ("I am grieving", "Why am I so tired? → low iron", "Ana: comes along", "555-0100", "library"):
        assert told in shown
    assert "Ce que c’est que de vivre avec" in peerkit("diabetes", "notebook", "show", lang="fr")
    peerkit("diabetes", "notebook", "drop", "place", "2")
    assert "the library" not in peerkit("diabetes", "notebook", "show")
    assert "none of that number" in peerkit("diabetes", "notebook", "drop", "place", "7", fails=True)
    peerkit.sits("kai")
    peerkit("diabetes", "notebook", "show", "Maya (fictional)", fails=True)
    assert "Have the beans" not in peerkit("diabetes", "goals", "Maya (fictional)")
    peerkit.sits("maya")
    peerkit("diabetes", "notebook", "share", "Kai (fictional)")
    peerkit.sits("kai")
    assert "grieving" in peerkit("diabetes", "notebook", "show", "Maya (fictional)")
    assert "Have the beans" in peerkit("diabetes", "goals", "Maya (fictional)")
    assert "Food bank (fictional)" in peerkit("diabetes", "notebook", "show", "Maya (fictional)")
    peerkit.sits("maya")
    peerkit("diabetes", "notebook", "unshare", "Kai (fictional)")
    peerkit.sits("kai")
    peerkit("diabetes", "notebook", "show", "Maya (fictional)", fails=True)


def test_needs_show_services_and_how_to_go_on_and_keep_nothing(peerkit: Keyboard) -> None:
    peerkit.sits("kai")
    before = peerkit("diabetes", "needs", "Maya (fictional)", fails=True)
    assert "--answers FILE" in before
    shown = peerkit("diabetes", "needs", "Maya (fictional)", "--answers", "-", typed='{"food": true}')
    assert "Food bank (fictional)" in shown
    assert "555-0100" in shown
    assert "last assured nobody has said" in shown
    assert "peerkit referrals begin 'Maya (fictional)' --service ID" in shown
    french = peerkit("diabetes", "needs", "--answers", "-", typed='{"food": true, "income": true}', lang="fr")
    assert "Le répertoire n’a rien à ce sujet." in french
    nothing = peerkit("diabetes", "needs", "--answers", "-", typed='{"food": false, "housing": null}')
    assert nothing == "Nothing is looked for. You can ask again at any time."
    for typed in ("no json", "[]", '{"weight": true}', '{"food": 1}', '{"food": "yes"}'):
        assert "--answers" in peerkit("diabetes", "needs", "--answers", "-", typed=typed, fails=True)
    with opened(peerkit.url) as kit, kit.session(actor=peerkit.ids["kai"]) as s:
        assert not s.find(Referral)


def test_the_page_is_printed_once_by_the_person(peerkit: Keyboard) -> None:
    pytest.importorskip("fpdf")
    peerkit.sits("maya")
    peerkit("diabetes", "notebook", "begin")
    empty = peerkit("diabetes", "summary", "--out", "page.pdf", "--with", "all", fails=True)
    assert "nothing yet" in empty
    assert not (peerkit.folder / "page.pdf").exists()
    peerkit("diabetes", "notebook", "add", "question", typed="Why am I so tired?")
    assert "--with goals" in peerkit("diabetes", "summary", "--out", "page.pdf", fails=True)
    peerkit("diabetes", "summary", "--out", "page.pdf", "--with", "questions", lang="fr")
    made = peerkit.folder / "page.pdf"
    assert made.read_bytes().startswith(b"%PDF")
    assert made.stat().st_mode & 0o077 == 0
    peerkit(
        "diabetes", "summary", "--out", "page.pdf", "--with", "questions", fails=True
    )  # never over another
    peerkit.sits("kai")
    line = ("diabetes", "summary", "--out", "other.pdf", "--with", "all", "--as", "supporter")
    assert "only the person prints" in peerkit(*line, fails=True)


def test_what_the_module_asks_is_refused_a_line_for_each_gate(peerkit: Keyboard) -> None:
    peerkit.sits("maya")
    head, *lines = peerkit.errors("diabetes", "join", lang="fr")
    assert head.endswith("[diabetes-gates]")
    assert len(lines) == 4
    assert "une personne coordonnatrice l’inscrit." in lines[0]
    assert all(one.startswith("  – ") for one in lines)


# -- the log -------------------------------------------------------------------------------------------


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


def test_the_person_reads_whom_they_let_read_their_notebook(peerkit: Keyboard) -> None:
    peerkit.sits("maya")
    peerkit("diabetes", "notebook", "begin")
    peerkit("diabetes", "notebook", "share", "Kai (fictional)")
    assert "Kai (fictional)" in peerkit("diabetes", "notebook", "show")


def test_units_are_read_as_people_type_them(peerkit: Keyboard) -> None:
    peerkit.sits("maya")
    peerkit("diabetes", "log", "on")
    for what, typed in (("glucose", "103 mg/dl"), ("glucose", "5.7mmol/l"), ("blood_pressure", "128 / 82")):
        peerkit("diabetes", "note", what, typed=typed)
    shown = peerkit("diabetes", "log", "show")
    assert "103 mg/dL" in shown
    assert "5.7 mmol/L" in shown
    assert "128/82 mmHg" in shown
    assert "unusual in mmol/L" in peerkit("diabetes", "note", "glucose", typed="95 mmol/L", fails=True)
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


def test_what_is_wrong_is_struck_by_its_number(peerkit: Keyboard) -> None:
    peerkit.sits("maya")
    peerkit("diabetes", "log", "on")
    for typed in ("5.7 mmol/L", "7.5 mmol/L"):
        peerkit("diabetes", "note", "glucose", typed=typed)
    told = peerkit("diabetes", "log", "strike", "2", lang="fr")
    assert told.startswith("glycémie 7,5 mmol/L")
    assert told.endswith(", rayé.")
    assert "7.5" not in peerkit("diabetes", "log", "show")
    assert "none of that number" in peerkit("diabetes", "log", "strike", "2", fails=True)


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


def test_whoever_switches_it_on_reads_what_an_alarm_needs(peerkit: Keyboard) -> None:
    peerkit.sits("maya")
    peerkit("diabetes", "log", "on")
    watching = peerkit("diabetes", "log", "watch", "Kai (fictional)", typed="3.0 20 mmol/l")
    assert "passes over whoever has no address" in watching
