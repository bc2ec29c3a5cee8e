# SPDX-License-Identifier: Apache-2.0
"""The example in each hook's own documentation is run, together with the others, as one plugin."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

import peerkit
from peerkit import Appointment, Leave, Person, Refused, Task, hooks
from peerkit.hooks import Page, Question
from peerkit.plugins import narrow
from peerkit.plugins.form import HOOKS
from peerkit.views import Sight

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "hooks.md"
PYTHON = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def example(name: str) -> str:
    [code] = PYTHON.findall(inspect.getdoc(getattr(hooks, name)) or "")
    return str(code)


@pytest.fixture
def garden(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A module with the page's kind and the examples of all hooks."""
    module: Any = ModuleType("garden")
    monkeypatch.setitem(sys.modules, "garden", module)
    kind = PYTHON.findall(PAGE.read_text(encoding="utf-8"))[0]
    exec(kind, module.__dict__)
    module.refreshed = []
    module.calendar = SimpleNamespace(refresh=module.refreshed.append)
    for name in HOOKS:
        exec(example(name), module.__dict__)
    return module


def test_the_examples_of_all_hooks_work_together(garden: Any) -> None:
    with peerkit.open("memory:", plugins=[garden], discover=False, strict=True) as kit:
        assert kit.plugins[-1].hooks == tuple(HOOKS)
        with kit.session() as s:
            maya, rosa, omar = (s.save(Person.enrol(name=name)) for name in ("Maya", "Rosa", "Omar"))
            s.save(Appointment.give(omar, "on-call"))
        with kit.session(actor=maya) as s:
            visit = s.save(garden.GardenVisit.plan(person=maya, gardener=rosa, day=date(2027, 5, 8)))
        with kit.session(actor=rosa) as s:
            assert [(task.what, task.about) for task in s.find(Task)] == [("garden-visit", visit.id)]
            days = datetime(2027, 6, 1, tzinfo=UTC), datetime(2027, 6, 15, tzinfo=UTC)
            s.save(Leave.plan(person=rosa, cover=omar, starts=days[0], ends=days[1]))
        with pytest.raises(Refused) as refused, kit.session(actor=maya) as s:
            s.save(garden.GardenVisit.plan(person=maya, gardener=rosa, day=date(2027, 6, 14)))
        assert refused.value.codes == ("away",)
        with kit.session(actor=maya) as s:
            s.save(garden.GardenVisit.plan(person=maya, gardener=rosa, day=date(2027, 6, 15)))

        sight = Sight(kit.storage, kit.codec, kit.clock.now(), {})
        suggestions, failed = kit.plugins.suggest(lambda plugin: narrow(Question("goal", sight), plugin))
        assert [one.what for one in suggestions] == ["Water the beans on Tuesdays"]
        assert failed == ()

        page = kit.changes()
        for _, observe in kit.plugins.observers():
            observe(Page(page.envelopes, page.cursor), sight, [])
        assert garden.refreshed[0] == visit.id
        assert len(garden.refreshed) == 2


def test_the_page_shows_every_value_that_passes_through_a_hook() -> None:
    page = PAGE.read_text(encoding="utf-8")
    shown = set(re.findall(r"^::: peerkit\.hooks\.(\w+)$", page, re.MULTILINE))
    public = {
        name
        for name in hooks.__all__
        if getattr(getattr(hooks, name), "__module__", "").startswith(("peerkit.hooks", "peerkit.library"))
    }
    assert public == shown
