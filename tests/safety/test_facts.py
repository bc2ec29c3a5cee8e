# SPDX-License-Identifier: Apache-2.0
"""Lines and duties that ship, held against truths written by hand beside their sources."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import peerkit
from peerkit.safety.regions import installed, region

FACTS = tomllib.loads(
    (Path(__file__).parents[1] / "truth" / "facts.toml").read_text(encoding="utf-8"),
)
SHIPPED = {code: region(code) for code in installed()}


def test_nothing_ships_without_a_truth_and_no_truth_is_left_out() -> None:
    lines = {(found.code, line.number) for found in SHIPPED.values() for line in found.lines}
    duties = {(found.code, duty.code) for found in SHIPPED.values() for duty in found.duties}
    assert lines == {(fact["region"], fact["number"]) for fact in FACTS["line"]}
    assert duties == {(fact["region"], fact["code"]) for fact in FACTS["duty"]}


@pytest.mark.parametrize("fact", FACTS["line"], ids=lambda fact: f"{fact['region']} {fact['number']}")
def test_a_line_is_as_its_source_says(fact: dict[str, Any]) -> None:
    [line] = [one for one in region(fact["region"]).lines if one.number == fact["number"]]
    assert fact["because"]
    assert (line.text, line.hours, list(line.languages)) == (fact["text"], fact["hours"], fact["languages"])
    assert line.verified is fact["seen"]
    assert line.source
    assert date.fromisoformat(line.as_of)


@pytest.mark.parametrize("fact", FACTS["duty"], ids=lambda fact: fact["code"])
def test_a_duty_says_what_the_law_says(fact: dict[str, Any]) -> None:
    [duty] = [one for one in region(fact["region"]).duties if one.code == fact["code"]]
    assert duty.verified is fact["seen"]
    assert fact["law"] in duty.source
    assert date.fromisoformat(duty.as_of)
    for said in fact["says"]:
        assert said["because"]
        assert said["words"] in duty.words


def test_whoever_is_there_is_told_the_duty_in_these_words() -> None:
    [duty] = region("CA-ON").duties
    with peerkit.open("memory:") as kit:
        steps = kit.concern("Somebody heard a child crying next door, three nights in a row.")
    assert duty.words in steps.sentences


def test_a_line_of_a_program_is_verified_only_if_somebody_says_so() -> None:
    line = {"name": "Harbour Distress Centre (fictional)", "number": "555-0100"}
    settings = {
        "name": "Harbour (fictional)",
        "coordinator": {"name": "Robin Specimen"},
        "uncovered": "mon-sun 00:00-24:00",
        "lines": [line, {**line, "number": "555-0101", "verified": True}],
    }
    with peerkit.open("memory:", settings=settings) as kit:
        assert kit.program is not None
        assert [one.verified for one in kit.program.lines] == [False, True]
