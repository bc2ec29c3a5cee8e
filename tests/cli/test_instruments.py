# SPDX-License-Identifier: Apache-2.0
"""A program's own questionnaires from the keyboard; the how-to page plays the rest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from own_questionnaires import BARE, CLINICAL, MILDER, PACK, WEEK

from peerkit import Questionnaire, Refused
from peerkit.instruments import load
from peerkit.kit import Kit
from peerkit.texts import Message

Run = Callable[..., Any]
Opened = Callable[[], Kit]


def test_each_line_says_what_there_is_to_know_before_it_is_used(
    run: Run, db: str, document: Run, opened: Opened, newer: Callable[[str], None]
) -> None:
    bare = CLINICAL.replace('"week"', '"form"')[: CLINICAL.index("[[texts]]")]
    odd = PACK.replace('"week"', '"asq"')
    for text in (WEEK, MILDER, bare.replace("text_included = true", "text_included = false")):
        added = run("instruments", "add", "-", "--db", db, input=text)
        assert added.exit_code == 0, added.output
    with opened() as kit:
        dark = Questionnaire.add(WEEK.replace('"1.0"', '"2.0"'))
        kit.write([dark, Questionnaire.add(odd)])
    newer(dark.id)
    said = run("instruments", "withdraw", "week", "--version", "1.1", "--db", db)
    assert said.exit_code == 0, said.output
    lines = document(run("instruments", "--json", "--db", db))
    found = {(one["id"], one["version"]): one["state"] for one in lines if one["origin"] == "program"}
    assert found == {
        ("", ""): "unreadable",
        ("asq", "1.0"): "unreadable",
        ("form", "1.0"): "off",
        ("week", "1.0"): "on",
        ("week", "1.1"): "withdrawn",
    }
    told = " ".join(run("instruments", "--db", db).stdout.split())
    assert ", off, no wording" in told
    assert "Off until it is said who receives what it finds: `peerkit instruments receive clinical" in told
    assert "cannot be read: this peerkit cannot read the record: update peerkit" in told
    french = run("--lang", "fr", "instruments", "--db", db).stdout
    assert "sans texte" in french
    assert "retiré" in french


def test_a_file_comes_in_byte_for_byte(run: Run, db: str, tmp_path: Path, opened: Opened) -> None:
    raw = WEEK.replace("\n", "\r\n").encode()
    file = tmp_path / "week.toml"
    file.write_bytes(raw)
    assert run("instruments", "add", str(file), "--db", db).exit_code == 0
    with opened() as kit:
        (held,) = kit._find_all(Questionnaire.kind)
    assert held.sha256 == hashlib.sha256(raw).hexdigest()


@pytest.mark.parametrize(
    ("text", "login", "code", "says"),
    [
        ("no questionnaire", "robin", 2, "line 1, column 4"),
        (WEEK.replace('level = "today"', 'level = "soon"'), "robin", 2, "(at FILE: triage.alone.level)"),
        (WEEK, "jo", 1, "no-right"),
        (WEEK, "stranger", 3, "linked to nobody"),
        (PACK, "robin", 1, "bring that in first"),
    ],
)
def test_what_does_not_come_in_says_why(
    run: Run, db: str, *, text: str, login: str, code: int, says: str
) -> None:
    refused = run("instruments", "add", "-", "--db", db, login=login, input=text)
    assert refused.exit_code == code
    assert says in refused.output
    missing = run("instruments", "add", "/nowhere/week.toml", "--db", db)
    assert (missing.exit_code, "nowhere" in missing.output) == (2, False)


def test_who_receives_is_said_and_taken_back(run: Run, db: str, document: Run) -> None:
    def state() -> tuple[str, str]:
        (one,) = [one for one in document(run("instruments", "--json", "--db", db)) if one["id"] == "week"]
        return one["state"], one["receiver"]

    run("instruments", "add", "-", "--db", db, input=CLINICAL)
    assert state() == ("off", "")
    for what, office, now in (
        ("clinical", "supervisor", ("on", "supervisor")),
        ("clinical", "on-call", ("on", "on-call")),
        ("week", "supervisor", ("on", "supervisor")),
        ("week", "nobody", ("on", "on-call")),
        ("clinical", "nobody", ("off", "")),
    ):
        assert run("instruments", "receive", what, office, "--db", db).exit_code == 0
        assert state() == now
    assert run("instruments", "receive", "clinical", "coordinator", "--db", db).exit_code == 2
    assert run("instruments", "receive", "Not A Pack", "on-call", "--db", db).exit_code == 1
    assert run("instruments", "receive", "clinical", "on-call", "--db", db, login="jo").exit_code == 1


def test_wording_is_withdrawn_apart(run: Run, db: str, document: Run) -> None:
    for text in (BARE, PACK):
        run("instruments", "add", "-", "--db", db, input=text)
    assert run("instruments", "withdraw", "week", "--wording", "--db", db).exit_code == 0
    (one,) = [one for one in document(run("instruments", "--json", "--db", db)) if one["id"] == "week"]
    assert (one["state"], one["languages"]) == ("on", [])
    gone = run("instruments", "withdraw", "asq", "--db", db)
    assert gone.exit_code == 3
    shown = document(run("instruments", "withdraw", "week", "--json", "--db", db))
    assert [(one["instrument"], one["state"]) for one in shown] == [("week", "withdrawn")]


def test_a_program_may_say_who_receives_when_it_is_founded(run: Run, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    base = ("init", "--db", url, "--name", "X", "--coordinator", "Robin", "--on-call", "Jo")
    assert run(*base, "--receives", "clinical=nobody").exit_code == 2
    assert run(*base, "--receives", "clinical=on-call", "--receives", "phq-9=supervisor").exit_code == 0
    added = run("instruments", "add", "-", "--db", url, input=CLINICAL)
    assert "received by: on call" in added.output


# -- nobody is left to think that somebody is told ---------------------------------------------------

FHIR = {
    "resourceType": "Questionnaire",
    "id": "off",
    "language": "en",
    "title": "Made up",
    "item": [
        {"linkId": "q1", "type": "boolean", "text": "Would you be better off dead?", "required": True},
    ],
}
SILENT = WEEK[: WEEK.index("[[triage]]")] + WEEK[WEEK.index("[[texts]]") :]


def test_an_imported_questionnaire_is_never_silent(run: Run, db: str, tmp_path: Path, document: Run) -> None:
    source, made = tmp_path / "off.json", tmp_path / "off.toml"
    source.write_text(json.dumps(FHIR), encoding="utf-8")  # without a date, as FHIR R4 lets it be
    assert run("instruments", "import", str(source), "-o", str(made), "--public-domain").exit_code == 0
    refused = run("instruments", "add", str(made), "--db", db)
    assert refused.exit_code == 1
    assert "nobody would be told of any answer" in " ".join(refused.stderr.split())
    assert [one for one in document(run("instruments", "--json", "--db", db)) if one["id"] == "off"] == []
    added = run("instruments", "add", str(made), "--no-alerts", "--db", db)
    assert added.exit_code == 0, added.output
    told = " ".join(added.stdout.split())
    assert "off, wording not yet verified, no answer alarms anybody" in told  # off until somebody receives
    assert "no alert rules: no answer tells anybody" in told
    assert "nobody has compared with its source" in told
    assert "no wording" not in told


def test_what_is_worth_knowing_is_told_when_it_comes_in(run: Run, db: str) -> None:
    assert run("instruments", "add", "-", "--db", db, input=SILENT).exit_code == 1
    added = run("instruments", "add", "-", "--db", db, input=WEEK)
    assert "no verified wording in French" in added.stdout
    pack = run("instruments", "add", "-", "--db", db, input=PACK)  # words alone: rules stand elsewhere
    assert pack.exit_code == 0, pack.output
    assert "no alert rules" not in pack.output


def test_an_error_names_the_file(run: Run, db: str, tmp_path: Path) -> None:
    for name, text in (
        ("ours.toml", WEEK.replace('level = "today"', 'level = "soon"')),
        ("words.toml", PACK.replace('q2 = "Avez-vous dormi ?"\n', "")),
    ):
        if name == "words.toml":
            run("instruments", "add", "-", "--db", db, input=WEEK)
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        refused = run("instruments", "add", str(file), "--db", db)
        assert refused.exit_code == 2
        assert str(file) in "".join(refused.stderr.split())
        assert "definition.toml" not in refused.stderr


def test_no_sentence_is_half_in_another_language(opened: Opened) -> None:
    from peerkit.texts import for_locale

    soon = Questionnaire.add(WEEK.replace('level = "today"', 'level = "soon"'))
    with opened() as kit, pytest.raises(Refused) as refused:
        kit.run(lambda s: s.save(soon), actor=kit.actor_for("login", "robin"))
    [objection] = refused.value.objections
    assert isinstance(objection.sentence, Message)
    french = for_locale("fr")(objection.sentence)
    assert french == (
        "ce fichier ne peut pas être pris (questionnaire.text: triage.alone.level)\u00a0: ceci doit être un "
        "de ceux-ci\u00a0: none, talk, today, now"
    )


# -- what goes with the words ------------------------------------------------------------------------


def test_words_go_with_their_notice_and_their_source(run: Run, db: str, document: Run) -> None:
    shown = " ".join(run("instruments", "show", "phq-9", "--language", "fr").stdout.split())
    assert "No permission required to reproduce, translate, display or distribute." in shown
    assert "Institut national de santé publique du Québec" in shown
    told = document(run("instruments", "show", "phq-9", "--language", "fr", "--json"))
    assert (told["wording"]["language"], told["items"][0]["text"][:11]) == ("fr-CA", "Peu d’intér")
    assert told["wording"]["notice"] == load("phq-9").licence.notice
    assert "Québec" in told["wording"]["source"]
    assert document(run("instruments", "show", "hits", "--json"))["wording"] is None
    listed = document(run("instruments", "--json"))
    assert [one["items"][0] for one in listed if one["id"] == "phq-9"] == [{"id": "q1"}]
    # The words of a pack have the notice of the pack's licence, and not that of the definition.
    pack = PACK.replace("checked_on", 'notice = "After a form of ours."\nchecked_on', 1)
    for text in (WEEK, pack):
        assert run("instruments", "add", "-", "--db", db, input=text).exit_code == 0
    ours = document(run("instruments", "show", "week", "--language", "fr", "--json", "--db", db))
    assert ours["wording"]["notice"] == "After a form of ours."
    english = document(run("instruments", "show", "week", "--language", "en", "--json", "--db", db))
    assert english["wording"]["notice"] == ""
    page = run("instruments", "show", "week", "--db", db).stdout
    assert "questionnaire/" in page  # where it is, and no file's name that nobody kept
    assert "week.toml" not in page


def test_a_page_in_french_is_in_french_and_leaves_nobody_without_words(run: Run) -> None:
    private = " ".join(run("instruments", "show", "hits", "--language", "en").stdout.split())
    assert "to know Ask in private, and leave no visible record" in private
    private = " ".join(run("instruments", "show", "hits", "--language", "fr").stdout.split())
    assert "à savoir Posez ces questions en privé" in private
    shown = " ".join(run("instruments", "show", "asq", "--language", "fr").stdout.split())
    assert "peerkit instruments show safety-conversation --language fr" in shown
    assert "9-8-8" in shown
    for english in ("verified", "Shown before", "Which rules", "Where it comes", "Nobody", "may decline"):
        assert english not in shown
    by_language_of_the_call = run("--lang", "fr", "instruments", "show", "safety-conversation").stdout
    assert "Comment ça va pour vous" in by_language_of_the_call
    assert (
        "safety-conversation --language"
        not in run("instruments", "show", "poverty", "--language", "fr").stdout
    )
    strange = run("instruments", "show", "asq", "--language", "oj")
    assert (strange.exit_code, "Shown before" in strange.stdout) == (0, True)
    assert "9-8-8" in strange.stdout  # no conversation either: there is a line to call
    assert "9-8-8" not in run("instruments", "show", "poverty", "--language", "oj").stdout


def test_who_receives_is_said_with_what_is_on_now(run: Run, db: str) -> None:
    run("instruments", "add", "-", "--db", db, input=CLINICAL)
    told = " ".join(run("instruments", "receive", "clinical", "on-call", "--db", db).stdout.split())
    assert "How was the week?, 2 questions, version 1.0, received by: on call" in told
    assert "phq-9" in told
    assert "In that office now:" in told or "Nobody is in that office now" in told
    off = " ".join(run("instruments", "receive", "clinical", "nobody", "--db", db).stdout.split())
    assert "version 1.0, off" in off
    unknown = run("instruments", "receive", "other", "supervisor", "--db", db).stdout
    assert "There is no questionnaire of this id or pack yet." in unknown
