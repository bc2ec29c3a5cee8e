# SPDX-License-Identifier: Apache-2.0
"""The port's page names every clause and every method, and nothing else."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

from peerkit.ports import Storage
from peerkit.testing.storage import StorageConformance

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "storage-port.md").read_text(encoding="utf-8")


def test_every_clause_stands_on_the_page_as_it_is_tested() -> None:
    told = dict(re.findall(r"^\| (STO-\d{3}) \| (.+) \|$", PAGE, re.MULTILINE))
    expected = {
        one.number: one.sentence + (f" (where `{one.requires}` is declared)" if one.requires else "")
        for one in StorageConformance.clauses()
    }
    assert told == expected


def test_every_clause_has_one_test_and_a_number_of_its_own() -> None:
    numbers = [one.number for one in StorageConformance.clauses()]
    tests = [name for name in dir(StorageConformance) if name.startswith("test_sto_")]
    assert len(numbers) == len(set(numbers)) == len(tests)


def test_every_method_of_the_port_has_its_section() -> None:
    methods = {
        name for name, one in vars(Storage).items() if inspect.isfunction(one) and not name.startswith("_")
    }
    assert set(re.findall(r"^### `(\w+)`$", PAGE, re.MULTILINE)) == methods


def test_every_number_that_is_mentioned_exists() -> None:
    assert set(re.findall(r"STO-\d{3}", PAGE)) == {one.number for one in StorageConformance.clauses()}
