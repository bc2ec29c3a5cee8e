# SPDX-License-Identifier: Apache-2.0
"""The clauses of notifiers and exporters catch those that are broken on purpose, and no sound one."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from peerkit.testing import ExporterConformance, NotifierConformance, Post, Press
from peerkit.testing.outgoing.broken import EXPORTERS, NOTIFIERS, Lines, Pigeons

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "testing.md").read_text(encoding="utf-8")
TO, SECRET = "maya.secret@example.org", "a-secret-password"


def post(notifier: type[Pigeons]) -> Post:
    loft: list[str] = []
    return Post(
        lambda: notifier(loft, secret=SECRET),
        lambda: tuple(loft),
        TO,
        lambda: notifier(loft, secret=SECRET, lost=True),
        (SECRET,),
    )


def failing(suite: Any, backend: Callable[[], Any]) -> set[str]:
    """The clauses that fail, each on a backend of its own."""
    found: set[str] = set()
    for name in dir(suite):
        made = getattr(getattr(suite, name), "__clause__", None)
        if made is None:
            continue
        try:
            getattr(suite, name)(backend())
        except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001
            found.add(error.__notes__[-1].partition(f": {made.sentence} (see docs/reference/testing.md)")[0])
    return found


@pytest.mark.parametrize("fault", NOTIFIERS, ids=lambda fault: fault.__name__)
def test_a_broken_notifier_fails_its_clauses(fault: type[Pigeons]) -> None:
    assert failing(NotifierConformance(), lambda: post(fault)) == NOTIFIERS[fault]


@pytest.mark.parametrize("fault", EXPORTERS, ids=lambda fault: fault.__name__)
def test_a_broken_exporter_fails_its_clauses(fault: type[Lines]) -> None:
    assert failing(ExporterConformance(), lambda: Press(fault)) == EXPORTERS[fault]


@pytest.mark.parametrize(
    ("suite", "faults"), [(NotifierConformance, NOTIFIERS), (ExporterConformance, EXPORTERS)]
)
def test_every_clause_catches_something_and_stands_on_its_page(suite: Any, faults: Any) -> None:
    numbers = {one.number: one.sentence for one in suite.clauses()}
    assert set().union(*faults.values()) == numbers.keys()
    prefix = next(iter(numbers))[:3]
    assert dict(re.findall(rf"^\| ({prefix}-\d{{3}}) \| (.+) \|$", PAGE, re.MULTILINE)) == numbers


class TestPigeons(NotifierConformance):
    @pytest.fixture
    def backend(self) -> Post:
        return post(Pigeons)


class TestLines(ExporterConformance):
    @pytest.fixture
    def backend(self) -> Press:
        return Press(Lines)
