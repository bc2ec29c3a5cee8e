# SPDX-License-Identifier: Apache-2.0
"""A form at the terminal and from a file: one question at a time, in English and French."""

from __future__ import annotations

import json
import os
import pty
import select
import shutil
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest
from peerkit_diabetes import canrisk, findrisc
from peerkit_diabetes.risk.asking import Asking
from peerkit_diabetes.risk.reading import measure
from peerkit_diabetes.shelf import instrument

from peerkit import Actor, Malformed, Person, Service
from peerkit import open as opened
from peerkit.texts import Message


@attrs.define
class Script:
    """A terminal at which somebody types these lines."""

    typed: list[str]
    shown: list[str] = attrs.field(factory=list)

    def say(self, text: Message) -> None:
        self.shown.append(str(text))

    def offer(self, number: int, words: Message) -> None:
        self.shown.append(f"{number} {words}")

    def read(self, ask: Message) -> str:
        self.shown.append(str(ask))
        return self.typed.pop(0)


ALL = ["2", "52", "2", "157.5 cm", "74 kg", "34 in", *"2132412322144"]
"""Whether diagnosed, age, sex, height, weight, waist, q5 to q9, five relatives, two parents, q12."""
EXPECTED = {
    **canrisk(
        age=52,
        sex="female",
        height_cm=Decimal("157.5"),
        weight_kg=74,
        waist_in=34,
        active=False,
        vegetables=True,
        blood_pressure="dont-know",
        blood_sugar=False,
        large_baby="not-applicable",
        relatives=["mother"],
        mother="white",
        father="east-asian",
        education="degree",
    ),
    "q10-siblings": "dont-know",
}


@pytest.mark.parametrize(
    ("language", "first"), [("en", "Has a health-care provider"), ("fr", "Un professionnel de la santé")]
)
def test_every_question_in_the_forms_order(language: str, first: str) -> None:
    script = Script(list(ALL))
    assert Asking(instrument("canrisk"), language, script).answers() == EXPECTED
    assert script.typed == []
    assert any(line.startswith(first) for line in script.shown)


def test_what_is_no_answer_is_asked_again_and_never_taken_for_one() -> None:
    typed = [
        "yes",
        "0",
        "4",
        "2",
        "fifty",
        "-52",
        "52",
        "3",
        "2",
        "1.75",
        "175",
        "1,575 m",
        "74",
        "0 kg",
        "74 kg",
    ]
    script = Script([*typed, "94", "34 po", *ALL[6:]])
    assert Asking(instrument("canrisk"), "fr", script).answers() == EXPECTED


def test_enter_leaves_a_question_open() -> None:
    answers = Asking(instrument("canrisk"), "en", Script(["2", *[""] * 18])).answers()
    assert answers == {"diagnosed": "no"}
    assert instrument("canrisk").score(answers).score is None


def test_after_a_yes_to_diabetes_nothing_more_is_asked() -> None:
    script = Script(["1"])
    assert Asking(instrument("canrisk"), "en", script).answers() == {"diagnosed": "yes"}


def test_where_that_stays_open_nobody_is_asked_for_nothing() -> None:
    assert Asking(instrument("canrisk"), "fr", Script([""])).answers() == {}


@pytest.mark.parametrize("age", ["39", "75"])
def test_another_age_stops_it_before_anything_more_is_asked(age: str) -> None:
    script = Script(["2", age])
    with pytest.raises(Malformed, match="health-care provider"):
        Asking(instrument("canrisk"), "en", script).answers()


def test_height_and_weight_that_cannot_belong_together_are_both_asked_again() -> None:
    """74 lb at 157.5 cm: whichever was wrong can be mended."""
    script = Script([*ALL[:4], "55 lb", "157.5 cm", *ALL[4:]])
    assert Asking(instrument("canrisk"), "en", script).answers() == EXPECTED


def test_findrisc_alike() -> None:
    script = Script(["2", "30", "1", "170 cm", "60 kg", "95 cm", "2", "2", "1", "1", "2"])
    assert Asking(instrument("findrisc"), "fr", script).answers() == findrisc(
        age=30,
        sex="male",
        height_cm=170,
        weight_kg=60,
        waist_cm=95,
        active=False,
        vegetables=False,
        blood_pressure=True,
        blood_sugar=True,
        relatives=["cousins"],
    )
    assert script.typed == []


@pytest.mark.parametrize(
    ("typed", "sort", "found"),
    [
        ("170 cm", "height", {"height_cm": 170}),
        ("1.70 m", "height", {"height_cm": 170}),
        ("1,7m", "height", {"height_cm": 170}),
        ("67 in", "height", {"height_in": 67}),
        ("5 ft 7", "height", {"height_in": 67}),
        ("5'7\"", "height", {"height_in": 67}),
        ("5’ 7.5”", "height", {"height_in": Decimal("67.5")}),
        ("5 pi 7 po", "height", {"height_in": 67}),
        ("5 pieds 7,5 pouces", "height", {"height_in": Decimal("67.5")}),
        ("6 FT", "height", {"height_in": 72}),
        ("74 KG", "weight", {"weight_kg": 74}),
        ("163.5 lbs", "weight", {"weight_lb": Decimal("163.5")}),
        ("163,5 livres", "weight", {"weight_lb": Decimal("163.5")}),
        ("31,5 po", "waist", {"waist_in": Decimal("31.5")}),
        ("1 m 70", "height", {"height_cm": Decimal(170)}),
        ("1m05", "height", {"height_cm": Decimal(105)}),
        ("1 m 70 cm", "height", {"height_cm": Decimal(170)}),
        ("1 m 7", "height", None),  # seven centimetres, or seventy
        ("1 m 70", "waist", None),
        ("74 kilogrammes", "weight", {"weight_kg": Decimal(74)}),
        ("90 centimètres", "waist", {"waist_cm": Decimal(90)}),
        *(
            (typed, "height", None)
            for typed in ("170", "", "cm", "tall", "1e3 cm", "-170 cm", "NaN cm", "74 kg")
        ),
        *((typed, "waist", None) for typed in ("94", "0.94 m", "5 ft", "94 kg", "94 cm 2")),
        ("74 cm", "weight", None),
    ],
)
def test_a_measure_has_a_number_and_a_unit(typed: str, sort: str, found: dict[str, Any] | None) -> None:
    assert measure(typed, sort) == found


# -- the command -----------------------------------------------------------------------------------------


@attrs.define
class Program:
    """A program in a folder, and `peerkit` run on it as its coordinator."""

    folder: Path

    @property
    def url(self) -> str:
        """Its database."""
        return f"sqlite:///{self.folder}/program.db"

    def env(self, lang: str) -> dict[str, str]:
        """Where it runs."""
        return {**os.environ, "PEERKIT_DB": self.url, "PEERKIT_LANG": lang, "COLUMNS": "200"}

    def __call__(self, *line: str, typed: str = "", lang: str = "en") -> subprocess.CompletedProcess[str]:
        told = [sys.executable, "-m", "peerkit", *line]
        env = self.env(lang)
        return subprocess.run(
            told, capture_output=True, text=True, input=typed, env=env, cwd=self.folder, check=False
        )


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A program, founded once."""
    folder = tmp_path_factory.mktemp("founded")
    settings = ("--name", "Riverside", "--timezone", "America/Toronto", "--region", "CA-ON")
    made = Program(folder)("init", *settings, "--coordinator", "Robin", "--uncovered", "Mon-Sun 00:00-24:00")
    assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture
def peerkit(founded: Path, tmp_path: Path) -> Program:
    """A copy of it."""
    return Program(Path(shutil.copytree(founded, tmp_path / "program")))


KNOWN = {
    "age": 52,
    "sex": "female",
    "height_cm": 157.5,
    "weight_kg": 74,
    "waist_in": 34,
    "active": False,
    "vegetables": True,
    "blood_pressure": "dont-know",
    "blood_sugar": False,
    "large_baby": "not-applicable",
    "relatives": ["mother"],
    "mother": "white",
    "father": "east-asian",
    "education": "degree",
}


def test_from_a_file_it_asks_nothing_and_keeps_nothing(peerkit: Program) -> None:
    done = peerkit("diabetes", "risk", "--measures", "-", "--json", typed=json.dumps(KNOWN))
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["score"], found["band"], found["kept"]) == (28, "moderate", None)
    assert "diabetes_risk_check" not in peerkit("history").stdout


def test_kept_for_oneself(peerkit: Program) -> None:
    done = peerkit("diabetes", "risk", "--measures", "-", "--keep", "--json", typed=json.dumps(KNOWN))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["kept"]


def test_what_was_left_open_is_named(peerkit: Program) -> None:
    without = {key: value for key, value in KNOWN.items() if key not in {"waist_in", "father"}}
    shown = peerkit("--lang", "fr", "diabetes", "risk", "--measures", "-", typed=json.dumps(without)).stdout
    told = " ".join(shown.split())
    assert "Laissé ouvert : – Combien mesure votre tour de taille" in told
    assert "– Laquelle de ces origines est la plus proche de celles de votre père biologique?" in told
    assert told.count("–") == 2


def test_a_wrong_measure_and_a_wrong_box_say_what_to_do_in_french(peerkit: Program) -> None:
    for wrong, said in (({"waist_in": 90}, "en po, de 20 à 79"), ({"mother": "?"}, "reste ouvert")):
        typed = json.dumps(KNOWN | wrong)
        done = peerkit("--lang", "fr", "diabetes", "risk", "--measures", "-", typed=typed)
        assert done.returncode == 2
        assert said in done.stderr


def test_in_words(peerkit: Program) -> None:
    done = peerkit("diabetes", "risk", "--measures", "-", typed=json.dumps(KNOWN))
    assert done.returncode == 0, done.stderr
    assert "28 points" in done.stdout
    assert "not a verdict" in done.stdout
    assert "Any health-care provider or pharmacy" in done.stdout


def test_where_to_be_tested_comes_from_the_directory(peerkit: Program) -> None:
    with opened(peerkit.url) as kit:
        with kit.session(Actor.system("test")) as s:
            [robin] = s.find(Person)
        with kit.session(actor=robin) as s:
            phones = [{"number": "555-0100"}]
            entry = {"name": "Riverside Health Centre (fictional)", "keywords": ("diabetes",)}
            s.save(Service.list(entry={**entry, "phones": phones}))
            s.save(Service.list(entry={"name": "A choir (fictional)", "cities": ("Ottawa",)}))
    done = peerkit("diabetes", "risk", "--measures", "-", typed=json.dumps(KNOWN))
    assert "Riverside Health Centre (fictional)" in done.stdout
    assert "555-0100" in done.stdout
    assert "choir" not in done.stdout
    line = ("diabetes", "risk", "--measures", "-", "--near", "Ottawa", "--json")
    elsewhere = peerkit(*line, typed=json.dumps(KNOWN))
    assert json.loads(elsewhere.stdout)["where"] == []


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("no json", "no JSON"),
        ("[1]", "JSON object"),
        ('{"agee": 52}', "JSON object"),
        ('{"age": 80, "sex": "male"}', "made for people of 40 to 74"),
        ('{"age": 50, "sex": "male", "height_cm": 1.75}', "look at the unit"),
        ('{"age": 50, "sex": "male", "weight_kg": NaN}', "a measure is a number"),
        ('{"age": 50, "sex": "male", "weight_kg": 1e999999999}', "a measure is a number"),
    ],
)
def test_bad_input_is_named(peerkit: Program, typed: str, says: str) -> None:
    done = peerkit("diabetes", "risk", "--measures", "-", typed=typed)
    assert done.returncode != 0
    assert says in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_diagnosed_from_a_file(peerkit: Program) -> None:
    done = peerkit("diabetes", "risk", "--measures", "-", "--keep", typed='{"diagnosed": true}')
    assert done.returncode == 0
    assert "needs no estimate" in " ".join(done.stdout.split())


def test_nobody_is_asked_where_nobody_can_answer(peerkit: Program) -> None:
    for line in (("diabetes", "risk"), ("diabetes", "risk", "--json")):
        done = peerkit(*line)
        assert done.returncode == 2
        assert "--measures" in done.stderr


def at_a_terminal(peerkit: Program, lines: list[str], lang: str) -> str:
    """What a real terminal shows while somebody types these lines, each after a question."""
    ours, theirs = pty.openpty()
    told = [sys.executable, "-m", "peerkit", "diabetes", "risk"]
    ran = subprocess.Popen(told, stdin=theirs, stdout=theirs, stderr=theirs, env=peerkit.env(lang))
    os.close(theirs)
    os.write(ours, "".join(f"{line}\n" for line in lines).encode())
    shown, until = b"", time.monotonic() + 120
    while time.monotonic() < until:
        if select.select([ours], [], [], 1)[0]:
            try:
                part = os.read(ours, 65536)
            except OSError:  # Linux's way of saying that the other end is closed
                break
            if not part:
                break
            shown += part
    os.close(ours)
    assert ran.wait(60) == 0, shown.decode()
    return " ".join(shown.decode().split())


def test_at_a_terminal(peerkit: Program) -> None:
    shown = at_a_terminal(peerkit, [*ALL, "1"], "en")
    assert "28 points. On the form: moderate risk (21 to 32)." in shown
    assert "Recorded: diabetes_risk_check/" in shown


def test_at_a_terminal_in_french(peerkit: Program) -> None:
    shown = at_a_terminal(peerkit, [*ALL, ""], "fr")
    assert "Quel sexe faut-il compter" in shown
    assert "28 points. Sur le formulaire : risque modéré (de 21 à 32)." in shown
    assert "ce n’est pas un verdict" in shown
    assert "diabetes_risk_check/" not in shown
