# SPDX-License-Identifier: Apache-2.0
"""Files of questionnaires at the command line: checked, scored, brought in; and no answer in any error."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import peerkit
from peerkit import Program, Questionnaire, instruments
from peerkit.instruments import installed, load, parse
from peerkit.testing import strategies

Run = Callable[..., Any]
WEEK = """
format = 1
id = "week"
version = "1.0"
title = "How was the week?"
[licence]
status = "own-words"
holder = "Riverside Peer Support (fictional)"
basis = "Our own words."
checked_on = 2026-11-22
redistribution_permitted = true
item_text_included = false
[answers.often]
kind = "choice"
options = [ { value = 0 }, { value = 1, code = { system = "loinc", value = "LA6569-3", verified = false } } ]
[[items]]
id = "company"
answers = "often"
[scoring]
method = "sum"
items = ["company"]
missing = "strict"
[[triage]]
id = "alone"
level = "talk"
when = { item = "company", op = "=", value = 0 }
"""
WORDING = """
format = 1
instrument = "week"
version = "1.0"
[licence]
status = "own-words"
holder = "Riverside Peer Support (fictional)"
basis = "Our own words."
checked_on = 2026-11-22
redistribution_permitted = true
item_text_included = true
[[texts]]
language = "fr"
verified = true
source = "Our own words"
title = "Et la semaine ?"
[texts.items]
company = "Combien de soirs avec quelqu'un ?"
[texts.answers.often]
0 = "Aucun"
1 = "Un ou plus"
"""


@pytest.fixture
def week(tmp_path: Path) -> Path:
    file = tmp_path / "week.toml"
    file.write_text(WEEK, encoding="utf-8")
    return file


def changed(week: Path, old: str, new: str) -> Path:
    assert old in WEEK
    week.write_text(WEEK.replace(old, new), encoding="utf-8")
    return week


def test_what_is_worth_knowing_is_told_and_is_no_error(run: Run, week: Path) -> None:
    pack = week.with_name("week-fr.toml")
    pack.write_text(WORDING, encoding="utf-8")
    shown = run("instruments", "validate", str(week), str(pack))
    assert shown.exit_code == 0, shown.output
    assert "no alert rules" not in shown.stdout
    told = json.loads(run("instruments", "validate", str(week), str(pack), "--json").stdout)
    assert [(one["ok"], one["what"], one["id"]) for one in told] == [
        (True, "definition", "week"),
        (True, "wording", "week"),
    ]
    assert told[0]["notes"] == [
        {"code": "unverified-codes", "about": ["company"]},
        {"code": "no-wording", "about": []},
        {"code": "no-french", "about": []},
    ]
    assert told[1]["notes"] == []


def test_age_bands_of_people_that_no_group_has_are_told(run: Run, week: Path) -> None:
    groups = 'groups = { youth = ["16-24", "12-17"], adult = ["25-64"] }'
    file = changed(week, "[answers.often]", f'[ages]\nunknown = "adult"\n{groups}\n[answers.often]')
    [told] = json.loads(run("instruments", "validate", str(file), "--json").stdout)
    assert told["notes"][0] == {"code": "age-bands-left", "about": ["under-16", "65+"]}
    shown = run("instruments", "validate", str(file))
    assert "in no age group, so they count as an unknown age: under-16, 65+" in " ".join(shown.stdout.split())


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('method = "sum"', 'method = "guess"', "scoring.method"),
        ('op = "=", value = 0', 'op = "=", value = 7', "triage.alone.when.value"),
        ("LA6569-3", "LA6569-4", "answers.often.options.[2].code.value"),
        ("item_text_included = false", "item_text_included = true", "texts"),
        ('id = "week"', 'id = "asq"', ""),  # it could not be used beside the one that ships
        ("format = 1", "format =", ""),
    ],
)
def test_what_is_wrong_names_file_item_and_field(
    run: Run, week: Path, old: str, new: str, place: str
) -> None:
    file = changed(week, old, new)
    shown = run("instruments", "validate", str(file))
    assert shown.exit_code == 2
    assert str(file) in " ".join(shown.stderr.split())
    assert place in shown.stderr
    [told] = json.loads(run("instruments", "validate", str(file), "--json").stdout)
    assert not told["ok"]
    assert told["error"]["where"].startswith(str(file)) or place == ""


def test_one_wrong_file_hides_no_other(run: Run, week: Path, tmp_path: Path) -> None:
    shown = run("instruments", "validate", str(tmp_path / "gone.toml"), str(week))
    assert shown.exit_code == 2
    assert "gone.toml" in shown.stderr
    assert "week 1.0, 1 question" in " ".join(shown.stdout.split())


def test_what_two_say_of_another_questionnaire_is_no_fault_of_a_file(
    run: Run, db: str, week: Path, tmp_path: Path
) -> None:
    theirs = WEEK.replace('"week"', '"theirs"')
    with peerkit.open(db, discover=False) as kit:  # as where a plugin has one too, with another text
        kit.write([Questionnaire.add(theirs), Questionnaire.add(theirs + "\n")])
    shown = run("instruments", "validate", str(week), "--db", db)
    assert (shown.exit_code, shown.stderr) == (0, "")
    pack = tmp_path / "theirs-fr.toml"
    pack.write_text(WORDING.replace('"week"', '"theirs"'), encoding="utf-8")
    worded = run("instruments", "validate", str(pack), "--db", db)  # one of the two counts, as in use
    assert (worded.exit_code, worded.stderr) == (0, "")


def test_a_definition_without_rules_says_so(run: Run, week: Path) -> None:
    file = changed(week, WEEK[WEEK.index("[[triage]]") :], "")
    assert "no answer tells anybody" in run("instruments", "validate", str(file)).stdout


def test_what_ships_passes_its_own_check(run: Run) -> None:
    files = sorted(str(one) for one in (Path(instruments.__file__).parent / "data").glob("*.toml"))
    assert len(files) >= len(installed())
    told = json.loads(run("instruments", "validate", *files, "--json").stdout)
    assert [one["error"] for one in told] == [None] * len(files)


# -- score -----------------------------------------------------------------------------------------


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(data=st.data())
def test_the_same_answers_come_to_the_same_as_in_python(run: Run, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(installed()))
    answers = data.draw(strategies.answers(load(name)))
    band = data.draw(st.sampled_from([None, "25-64"]))
    age = () if band is None else ("--age-band", band)
    shown = run("instruments", "score", name, "--answers", "-", "--json", *age, input=json.dumps(answers))
    assert shown.exit_code == 0, shown.output
    assert json.loads(shown.stdout) == load(name).score(answers, age_band=band).plain()


def test_it_says_whom_to_tell_and_never_what_somebody_has(run: Run) -> None:
    shown = run("instruments", "score", "asq", "--answers", "-", input='{"q1": true, "q5": true}')
    assert shown.exit_code == 0
    assert "reach the people on call now" in shown.stdout
    assert "nobody was told" in shown.stdout
    assert "acute" not in shown.stdout
    assert "positive" not in shown.stdout
    calm = run("instruments", "score", "asq", "--answers", "-", input='{"q1": false}')
    assert "it says nothing yet" in calm.stdout
    assert "Nobody has to be told." not in calm.stdout
    assert "a question that was to be asked is open" in calm.stdout


def test_a_definition_is_scored_from_its_file(run: Run, week: Path) -> None:
    shown = run(
        "instruments", "score", "--file", str(week), "--answers", "-", "--json", input='{"company": 1}'
    )
    assert json.loads(shown.stdout) == parse(WEEK).score({"company": 1}).plain()
    assert json.loads(shown.stdout)["score"] == 1
    both = run("instruments", "score", "week", "--file", str(week), "--answers", "-", input="{}")
    assert both.exit_code == 2


@pytest.mark.parametrize(
    "text",
    [
        "CANARY",
        '{"q1": true',
        '{"q1": true, "q1": false}',
        '{"q1": NaN}',
        '{"q1": -Infinity}',
        '["q1"]',
        "null",
        '{"q1": 1}',
        '{"q1": "yes CANARY"}',
        '{"q1": [true]}',
        '{"q1": 1.0}',
        '{"CANARY": true}',
        '{"q4-how": 4}',
        '{"q1": ' + "9" * 5000 + "}",
        "[" * 100_000,
    ],
)
def test_what_is_no_answer_is_an_error_and_never_a_no(run: Run, text: str) -> None:
    shown = run("instruments", "score", "asq", "--answers", "-", input=text)
    assert shown.exit_code == 2
    assert shown.stdout == ""
    assert "(at " in shown.stderr
    assert "CANARY" not in shown.stderr


def test_answers_that_are_no_utf_8_and_a_file_that_is_not_there(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(b'{"q1": "\xff"}')
    assert run("instruments", "score", "asq", "--answers", str(file)).exit_code == 2
    assert run("instruments", "score", "asq", "--answers", str(tmp_path / "none")).exit_code == 2
    file.write_bytes(b'\xef\xbb\xbf{"q1": false}')  # a mark that some editors write
    assert run("instruments", "score", "asq", "--answers", str(file)).exit_code == 0
    assert run("instruments", "score", "asqq", "--answers", str(file)).exit_code == 3


def test_with_a_database_its_raised_levels_count(run: Run, db: str, tmp_path: Path) -> None:
    declined = '{"q1": "declined", "q2": false, "q3": false, "q4": false}'
    adult = ("--age-band", "25-64", "--json")
    plain = run("instruments", "score", "asq", "--answers", "-", *adult, "--db", db, input=declined)
    assert json.loads(plain.stdout)["level"] == "none"
    with peerkit.open(db, discover=False) as kit, kit.session(kit.actor_for("login", "robin")) as s:
        [program] = s.find(Program)
        s.save(program.update(settings={"raised": ("asq.declined-by-adult=today",)}))
    raised = run("instruments", "score", "asq", "--answers", "-", *adult, "--db", db, input=declined)
    assert json.loads(raised.stdout)["level"] == "today"


# -- import ----------------------------------------------------------------------------------------

FHIR = {
    "resourceType": "Questionnaire",
    "id": "Week",
    "status": "draft",
    "date": "2026-01",
    "language": "en",
    "title": "How was the week?",
    "item": [{"linkId": "company", "type": "boolean", "text": "Did you have company?", "required": True}],
}


def test_a_fhir_questionnaire_comes_in_as_a_file_that_can_be_used(run: Run, tmp_path: Path) -> None:
    source, made = tmp_path / "week.json", tmp_path / "week.toml"
    source.write_text(json.dumps(FHIR), encoding="utf-8")
    shown = run("instruments", "import", str(source), "-o", str(made))
    assert shown.exit_code == 0, shown.output
    assert "no alert rules" in shown.stderr
    assert "all wording" in shown.stderr
    assert "company?" not in made.read_text(encoding="utf-8")
    checked = run("instruments", "validate", str(made))
    assert (checked.exit_code, "no answer tells anybody" in checked.stdout) == (0, True)
    again = run("instruments", "import", str(source), "-o", str(made))
    assert (again.exit_code, "already" in again.stderr) == (2, True)


def test_it_comes_out_of_the_pipe_with_its_wording(run: Run) -> None:
    shown = run("instruments", "import", "-", "--permission", "letter of 3 May", input=json.dumps(FHIR))
    assert shown.exit_code == 0, shown.output
    found = parse(shown.stdout)
    assert (found.licence.permission, found.texts[0].items["company"]) == (
        "letter of 3 May",
        "Did you have company?",
    )
    assert found.languages == ()  # nobody has verified it
    told = json.loads(run("instruments", "import", "-", "--json", input=json.dumps(FHIR)).stdout)
    assert parse(told["toml"]).id == "week"
    wrong = run("instruments", "import", "-", "--permission", "x", "--public-domain", input=json.dumps(FHIR))
    assert wrong.exit_code == 2
    assert run("instruments", "import", "-", input="CANARY").exit_code == 2
