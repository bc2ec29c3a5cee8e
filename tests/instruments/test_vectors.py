# SPDX-License-Identifier: Apache-2.0
"""Every instrument against sets of answers whose results were printed elsewhere, or worked out by hand."""

from __future__ import annotations

import functools
import json
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from as_fhir import fits, imported
from click.testing import CliRunner

from peerkit.cli.app import App
from peerkit.cli.root import main
from peerkit.instruments import installed, load

TRUTH = tomllib.loads(
    (Path(__file__).parent.parent / "truth" / "instrument_vectors.toml").read_text(encoding="utf-8")
)
VECTORS: list[dict[str, Any]] = TRUTH["vectors"]
FROM = ("published", "corroborated", "published-defect", "rule")
EXPECTED = ("score", "scores", "band", "level", "complete", "alerts")

OWN_WORDED = {"safety-conversation", "readiness"}
"""Our own conversations. Nobody else has a result for them; they are tried where they are told of."""

AT_LEAST = {
    "phq-9": 22,
    "gad-7": 11,
    "asq": 10,
    "c-ssrs-screener": 10,
    "who-5": 8,
    "phq-2": 3,
    "k6": 3,
    "k10": 8,
    "dast-10": 6,
    "audit-c": 4,
    "hits": 2,
    "hunger-vital-sign": 3,
}

Way = Callable[[str, Mapping[str, object], str | None], Mapping[str, object]]


def by_api(instrument: str, answers: Mapping[str, object], age: str | None) -> Mapping[str, object]:
    return load(instrument).score(answers, age_band=age).plain()


def by_command(instrument: str, answers: Mapping[str, object], age: str | None) -> Mapping[str, object]:
    args = ["instruments", "score", instrument, "--answers", "-", "--json"]
    args += ["--age-band", age] if age else []
    done = CliRunner().invoke(main, args, obj=App(login="robin"), input=json.dumps(answers))
    assert done.exit_code == 0, done.output
    result: Mapping[str, object] = json.loads(done.stdout)
    return result


def by_import(instrument: str, answers: Mapping[str, object], age: str | None) -> Mapping[str, object]:
    ours = load(instrument)
    values = {
        item.id: {one.code.value: one.value for one in item.answers.options if one.code is not None}
        for item in ours.items
    }
    given = {id_: values[id_].get(answer, answer) for id_, answer in answers.items()}  # type: ignore[call-overload]
    return brought_in(ours).score(given, age_band=age).plain()


brought_in = functools.cache(imported)

WAYS: dict[str, Way] = {"api": by_api, "command line": by_command, "import": by_import}
"""By which ways the same answers must come to the same: id, answers and age band in, `Result.plain()` out."""


def answers(row: Mapping[str, Any]) -> dict[str, object]:
    """The answers of a row: in the form's order, by item, and those that were passed over."""
    in_order = {f"q{place}": value for place, value in enumerate(row.get("given", []), start=1)}
    return {**in_order, **row.get("answers", {}), **dict.fromkeys(row.get("skipped", []))}


def expected(row: Mapping[str, Any]) -> dict[str, object]:
    """What a row says of the result. TOML has no null: there an empty text is none."""
    found = {key: row[key] for key in EXPECTED if key in row}
    if "scores" in found:
        found["scores"] = {id_: none(value) for id_, value in found["scores"].items()}
    return {key: none(value) for key, value in found.items()}


def none(value: object) -> object:
    return None if isinstance(value, str) and not value else value


def named(row: Mapping[str, Any]) -> str:
    return f"{row['instrument']}: {row['because']}"


TRIED = [
    pytest.param(row, way, id=f"{named(row)} ({way})")
    for row in VECTORS
    for way in WAYS
    if way != "import" or fits(load(row["instrument"]))  # FHIR's branching cannot say what DAST-10's does
]


@pytest.mark.parametrize(("row", "way"), TRIED)
def test_vectors(row: Mapping[str, Any], way: str) -> None:
    result = WAYS[way](row["instrument"], answers(row), row.get("age"))
    wanted = expected(row)
    assert {key: result[key] for key in wanted} == wanted


@pytest.mark.parametrize("row", [row for row in VECTORS if "level" in row], ids=named)
def test_the_lane_judges_the_same_answers_alike(row: Mapping[str, Any]) -> None:
    judged = load(row["instrument"]).judge(answers(row), ended=True, age_band=row.get("age"))
    assert judged.level == row["level"]


def test_each_vector_says_where_it_comes_from() -> None:
    used = set()
    for row in VECTORS:
        assert row["from"] in FROM, named(row)
        assert ("source" in row) is (row["from"] != "rule"), named(row)
        used.update({row["source"]} if "source" in row else ())
        assert ("said" in row) is (row["from"] == "published-defect"), named(row)
        assert expected(row), named(row)
    assert used == set(TRUTH["sources"])
    for source in TRUTH["sources"].values():
        # A repository by its commit, a page by the day on which it was seen.
        commit = source["of"].startswith("github.com/")
        assert re.fullmatch(r"[0-9a-f]{40}" if commit else r"\d{4}-\d\d-\d\d", source["at"])


def test_there_are_as_many_as_are_known() -> None:
    found = Counter(row["instrument"] for row in VECTORS)
    assert {id_: found[id_] for id_, least in AT_LEAST.items() if found[id_] < least} == {}
    assert set(installed()) - OWN_WORDED <= set(found)


def test_every_vector_has_its_instrument() -> None:
    assert {row["instrument"] for row in VECTORS} <= set(installed())
