# SPDX-License-Identifier: Apache-2.0
"""A pack: a folder of TOML files that is a plugin without code."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import pytest
from beside import DISABLED
from hypothesis import given
from hypothesis import strategies as st
from made_packs import GOALS, HEAD, WHO, WHOLE, WORDS, only, written

import peerkit
from peerkit import NotFound, Person, hookimpl, hooks, instruments
from peerkit.errors import Malformed, PeerkitError, PluginError
from peerkit.plugins import Plugins
from peerkit.training.assessing import rules_of


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing else that is installed takes part."""
    monkeypatch.setenv("PEERKIT_DISABLE_PLUGINS", DISABLED)
    monkeypatch.delenv("PEERKIT_PACKS", raising=False)


def record(folder: Path, **options: Any) -> Any:
    [one] = Plugins.load(given=[hooks.pack(folder)], discover=False, **options)
    return one


def test_everything_in_a_pack_is_there(tmp_path: Path) -> None:
    riverside = hooks.pack(written(tmp_path / "riverside", WHOLE))
    with peerkit.open("memory:", plugins=[riverside], strict=True) as kit:
        week, who = kit.instrument("week"), kit.instrument("who-5")
        assert week.text("q1", "en") == "Did you have company?"
        assert who.text("q3", "fr-CA") == "Made up, number 3"
        assert who.wording("fr").notice == "By permission of nobody (fictional)"
        assert who.wording("fr").source == "Made up for a test"
        assert who.sha256 == instruments.load("who-5").sha256  # no question and no rule was touched
        with pytest.raises(NotFound):
            who.wording("en")
        assert [rule.id for rule in rules_of(kit)] == ["garden"]
        with kit.session() as s:
            maya = s.save(Person.enrol(name="Maya"))
            assert [one.what for one in s.suggest("goal")] == ["Walk for ten minutes after supper"]
            assert [one.what for one in s.suggest("words", text="le bénéficiaire", locale="fr")] == [
                "personne"
            ]
            screen = s.screening("week", maya)
            assert screen.answer("q1", value=False).level == "today"
        [listed] = [one for one in kit.plugins if one.pack is not None]
        assert (listed.name, listed.version, listed.status, listed.origin) == (
            "riverside",
            "1.0",
            "loaded",
            "given",
        )
        assert listed.pack.licence.holder == "Walking Together (fictional)"
        assert [(one.sort, one.name, one.languages) for one in listed.pack.contents] == [
            ("instrument", "week", ("en",)),
            ("wording", "who-5", ("fr",)),
            ("goal", "walk", ("en",)),
            ("course", "garden", ()),
            ("words", "riverside", ("fr",)),
        ]
        grounds = [one.licence.status for one in listed.pack.contents if one.licence is not None]
        assert grounds == ["own-words", "permission-required"]
        assert {one.id: one.origin for one in kit.instruments()}["week"] == "riverside"


SECOND = GOALS.replace("after supper", "before supper")
WRONG = {
    "no head": ({"pack.toml": ""}, "riverside/pack.toml: format"),
    "another format": (
        {"pack.toml": HEAD.replace("format = 1", "format = 2")},
        "riverside/pack.toml: format",
    ),
    "no name": ({"pack.toml": HEAD.replace('"riverside"', '"River Side"')}, "riverside/pack.toml: name"),
    "a version in words": ({"pack.toml": HEAD.replace('"1.0"', '"new"')}, "riverside/pack.toml: version"),
    "a misspelt field": ({"pack.toml": "titel = 'x'\n" + HEAD}, "titel is no field here; did you mean title"),
    "no ground": (
        {"pack.toml": HEAD.replace("permitted = true", "permitted = false")},
        "riverside/pack.toml: licence.permission",
    ),
    "a status that needs one": (
        {"pack.toml": HEAD.replace("own-words", "commercial")},
        "riverside/pack.toml: licence.permission",
    ),
    "no licence": ({"pack.toml": HEAD.partition("[licence]")[0]}, "riverside/pack.toml: licence"),
    "wording without ground": (
        {"wordings/who-5-fr.toml": WHO.replace('permission = "letter 7 (fictional)"\n', "")},
        "riverside/wordings/who-5-fr.toml: licence.item_text_included",
    ),
    "a question without words": (
        {"wordings/who-5-fr.toml": WHO.replace("q5 = ", "q6 = ")},
        "riverside/wordings/who-5-fr.toml: texts.[1].items.q5",
    ),
    "a language that is not named": (
        {"pack.toml": HEAD.replace('["en", "fr"]', '["en"]')},
        "there are words in fr, which is not named here (at riverside/pack.toml: languages)",
    ),
    "a language that nothing is in": (
        {"pack.toml": HEAD.replace('["en", "fr"]', '["en", "fr", "oj"]')},
        "nothing in the pack is in oj",
    ),
    "a goal without a reason": (
        {"goals/en.toml": GOALS.replace("reason", "because")},
        "riverside/goals/en.toml: goals.walk.reason",
    ),
    "no goal": ({"goals/en.toml": GOALS.partition("[[")[0] + "goals = []\n"}, "nothing in this file"),
    "words without rows": (
        {"words/fr.toml": WORDS.partition("[[")[0] + "rows = []\n"},
        "words/fr.toml: rows",
    ),
    "a blank word": (
        {"words/fr.toml": WORDS.replace('say = ["personne"]', 'say = [" "]')},
        "riverside/words/fr.toml: rows.[1].say",
    ),
    "no TOML": ({"courses/garden.toml": "a garden"}, "riverside/courses/garden.toml"),
    "another ending": ({"goals/fr.txt": GOALS}, "riverside/goals/fr.txt"),
    "a misspelt folder": ({"goal/fr.toml": GOALS}, "did you mean goals? (at riverside/goal)"),
    "a file beside the folders": ({"week-2.toml": GOALS}, "riverside/week-2.toml"),
    "a shipped id": (
        {"instruments/week.toml": WHOLE["instruments/week.toml"].replace('"week"', '"asq"')},
        "peerkit ships an instrument of this id",
    ),
    "one goal twice": ({"goals/more.toml": SECOND}, "supplies the goal template walk en twice"),
    "one wording twice": ({"wordings/again.toml": WHO}, "supplies the wording who-5 1.0 fr twice"),
    "not UTF-8": ({"words/fr.toml": WORDS}, "riverside/words/fr.toml"),
}


@pytest.mark.parametrize("case", WRONG)
def test_one_file_that_is_wrong_fails_the_pack_and_nothing_else(tmp_path: Path, case: str) -> None:
    files, says = WRONG[case]
    folder = written(tmp_path / "riverside", {**WHOLE, **files})
    if case == "not UTF-8":
        (folder / "words/fr.toml").write_bytes(WORDS.encode("utf-16"))
    failed = record(folder)
    assert failed.status == "failed"
    assert says in failed.error
    assert str(tmp_path) not in failed.error
    sound = written(tmp_path / "sound", only("goals/en.toml", languages='["en"]', name="sound"))
    with peerkit.open("memory:", plugins=[hooks.pack(folder), hooks.pack(sound)], discover=False) as kit:
        assert kit.plugins[-1].status == "loaded"
        assert "week" not in {one.id for one in kit.instruments()}  # nothing of it came in
        assert any("riverside" in str(one) and one.grave for one in kit.health().problems)
        assert kit.concern("She has not been seen since Tuesday") is not None
    with pytest.raises(PluginError, match="riverside"):
        record(folder, strict=True)


@pytest.mark.parametrize("folder", ["nowhere", "empty", "a file"])
def test_a_folder_that_is_none_goes_by_its_own_name(tmp_path: Path, folder: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "a file").write_text("x")
    failed = record(tmp_path / folder)
    assert (failed.name, failed.status) == (folder, "failed")
    assert "is it there?" in failed.error


@pytest.mark.parametrize("given", [None, 7])
def test_what_is_no_path_is_refused_at_once(given: Any) -> None:
    with pytest.raises(Malformed):
        hooks.pack(given)
    assert record(Path("\0")).status == "failed"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with a name")
def test_a_pipe_is_waited_for_by_nobody(tmp_path: Path) -> None:
    folder = written(tmp_path / "riverside", WHOLE)
    os.mkfifo(folder / "goals" / "pipe.toml")
    found: list[Any] = []
    reading = threading.Thread(target=lambda: found.append(record(folder)), daemon=True)
    reading.start()
    reading.join(20)
    assert [one.status for one in found] == ["failed"]
    assert "riverside/goals/pipe.toml" in found[0].error


def test_what_systems_and_python_leave_in_a_folder_is_passed_over(tmp_path: Path) -> None:
    left = {"__init__.py": "", "__pycache__/x.pyc": "", ".DS_Store": "", "goals/.keep": "", "README.md": "x"}
    assert record(written(tmp_path / "riverside", {**WHOLE, **left})).status == "loaded"


def test_two_packs_with_words_for_one_language_are_an_error_that_names_both(tmp_path: Path) -> None:
    one = written(tmp_path / "one", only("wordings/who-5-fr.toml", languages='["fr"]', name="one"))
    two = written(tmp_path / "two", only("wordings/who-5-fr.toml", languages='["fr"]', name="two"))
    with pytest.raises(PluginError, match=r"claim the wording who-5 1\.0 fr: one 1\.0 and two 1\.0"):
        peerkit.open("memory:", plugins=[hooks.pack(one), hooks.pack(two)])
    other = WHO.replace('language = "fr"', 'language = "ff"')
    written(two, {"pack.toml": HEAD.replace('["en", "fr"]', '["ff"]').replace('"riverside"', '"two"')})
    written(two, {"wordings/who-5-fr.toml": other})
    with peerkit.open("memory:", plugins=[hooks.pack(one), hooks.pack(two)], strict=True) as kit:
        assert kit.instrument("who-5").languages == ("fr", "ff")


def test_words_for_another_plugins_definition_are_fitted_where_both_are(tmp_path: Path) -> None:
    week = WHOLE["instruments/week.toml"]
    bare = week.partition("[[texts]]")[0].replace("item_text_included = true", "item_text_included = false")

    class Forms:
        name = "forms"

        @hookimpl
        def peerkit_supply(self) -> Any:
            yield hooks.Instrument(bare, "week.toml")

    head, _, texts = week.partition("[[texts]]")
    licence = "[licence]" + head.partition("[licence]")[2].partition("[answers")[0]
    words = f'format = 1\ninstrument = "week"\nversion = "1.0"\n{licence}\n[[texts]]{texts}'
    files = {"pack.toml": HEAD.replace('["en", "fr"]', '["en"]'), "wordings/week.toml": words}
    riverside = hooks.pack(written(tmp_path / "riverside", files))
    with peerkit.open("memory:", plugins=[riverside, Forms()], strict=True) as kit:
        assert kit.instrument("week").text("q2", "en") == "Did you sleep?"
    with peerkit.open("memory:", plugins=[riverside], strict=True) as kit:
        [missing] = [one for one in kit.instruments() if one.state == "unreadable"]
        assert (missing.id, missing.version, missing.origin) == ("week", "1.0", "riverside")
        assert "there is no definition of this id and version" in missing.why
        assert "unreadable-instrument" in {one.code for one in kit.health().problems}
    written(tmp_path / "riverside", {"wordings/week.toml": words.replace("q2 =", "q3 =")})
    with peerkit.open("memory:", plugins=[riverside, Forms()], strict=True) as kit:
        assert kit.instrument("week").languages == ()
        assert any(one.state == "unreadable" and "items.q2" in one.why for one in kit.instruments())


def test_a_folder_in_the_environment_is_found_and_one_that_is_given_is_not_taken_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = written(tmp_path / "riverside", WHOLE)
    other = written(tmp_path / "other", only("words/fr.toml", languages='["fr"]', name="other"))
    written(other, {"words/fr.toml": WORDS.replace('id = "riverside"', 'id = "other"')})
    monkeypatch.setenv("PEERKIT_PACKS", os.pathsep.join([str(folder), "", str(other), str(folder)]))
    with peerkit.open("memory:", plugins=[hooks.pack(folder)], strict=True) as kit:
        found = {one.name: (one.dist, one.origin, one.status) for one in kit.plugins if one.pack is not None}
        assert found == {
            "riverside": ("PEERKIT_PACKS", "given", "loaded"),
            "other": ("PEERKIT_PACKS", "found", "loaded"),
        }
    with peerkit.open("memory:", block=["riverside"]) as kit:
        states = {one.name: one.status for one in kit.plugins}
        assert (states["riverside"], states["other"]) == ("blocked", "loaded")
    with peerkit.open("memory:", discover=False) as kit:
        assert all(one.pack is None for one in kit.plugins)


def test_a_wheel_is_one_line_of_code(site: Any, tmp_path: Path) -> None:
    line = (
        "from pathlib import Path\nimport peerkit.hooks\nPACK = peerkit.hooks.pack(Path(__file__).parent)\n"
    )
    site.install("riverside-pack", "2.0", name="riverside", source="", target="riverside_pack:PACK")
    (site.folder / "riverside_pack.py").unlink()
    written(site.folder / "riverside_pack", {**WHOLE, "__init__.py": line})
    found = site.load(strict=True)["riverside"]
    assert (found["status"], found["dist"], found["version"]) == ("loaded", "riverside-pack", "2.0")
    assert site.acceptance["riverside"]["packs"].keys() == {"1"}

    written(site.folder / "riverside_pack", {"pack.toml": HEAD.replace('"riverside"', '"another"')})
    assert "its pack.toml calls it another" in site.load()["riverside"]["error"]


LINES = WHOLE["wordings/who-5-fr.toml"].splitlines()


@given(
    name=st.sampled_from(sorted(WHOLE)),
    place=st.integers(0, 60),
    line=st.one_of(st.text(max_size=30), st.sampled_from(LINES), st.sampled_from(HEAD.splitlines())),
    drop=st.booleans(),
)
def test_a_pack_with_any_line_put_in_or_gone_is_read_whole_or_fails_in_words(
    tmp_path_factory: pytest.TempPathFactory, name: str, place: int, line: str, *, drop: bool
) -> None:
    folder = written(tmp_path_factory.mktemp("packs") / "riverside", WHOLE)
    lines = WHOLE[name].splitlines()
    lines[place : place + drop] = [line]
    (folder / name).write_bytes("\n".join(lines).encode("utf-8", "surrogatepass"))
    one = record(folder)
    if one.status == "loaded":
        assert len(one.pack.contents) >= 1
    else:
        assert "riverside/" in one.error or "supplies" in one.error
        assert "raised" not in one.error


def test_errors_are_peerkits_own(tmp_path: Path) -> None:
    with pytest.raises(PeerkitError):
        record(tmp_path / "nothing", strict=True)
