# SPDX-License-Identifier: Apache-2.0
"""Whatever a module holds outside of the program is looked through, and nothing of others'."""

from __future__ import annotations

import functools
import io
import itertools
import logging
import queue
import sys
import types
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from typing import Any, Literal

import pytest

from peerkit.testing.module.garden import Garden
from peerkit.testing.module.holding import texts_in, texts_of

PLUMS = "the plums"


def test_annotations_are_nobodys_data() -> None:
    """One that is gone through gives another, without end."""
    held = [Literal["new", "gone"], Mapping[str, list[int]], tuple[int, ...], int | None, PLUMS]
    assert [*texts_in(held)] == [PLUMS]


class Box:
    """A collection that shows how many it has."""

    def __init__(self) -> None:
        self._kept = [PLUMS]

    def __len__(self) -> int:
        return len(self._kept)

    def __iter__(self) -> Iterator[int]:
        return iter(range(len(self._kept)))


class Cards(dict[str, str]):
    """A dictionary with something on it besides."""

    def __init__(self) -> None:
        super().__init__()
        self.late = PLUMS


def spoken() -> Iterator[str]:
    """Waits with words in its hand."""
    words = PLUMS
    yield "so"
    yield words


def waiting() -> Iterator[str]:
    made = spoken()
    next(made)
    return made


def varying() -> ContextVar[str]:
    made: ContextVar[str] = ContextVar("plums")
    made.set(PLUMS)
    return made


def cached() -> Any:
    """What was asked is a number, and what was answered words."""
    asked = functools.lru_cache(lambda _: PLUMS)
    asked(1)
    return asked


def queued() -> Any:
    made: queue.SimpleQueue[str] = queue.SimpleQueue()
    made.put(PLUMS)
    return made


HOLDERS: Mapping[str, Callable[[], Any]] = {
    "an attribute of a collection": Box,
    "an attribute of a dictionary": Cards,
    "a buffer": lambda: io.StringIO(PLUMS),
    "a file in memory": lambda: io.TextIOWrapper(io.BytesIO(PLUMS.encode())),
    "the list whose append it has": lambda: [PLUMS].append,
    "a generator": waiting,
    "an iterator": lambda: itertools.chain([PLUMS]),
    "a variable of a context": varying,
    "a queue": queued,
    "what a cache answered": cached,
}


@pytest.mark.parametrize("held", HOLDERS)
def test_words_are_found_wherever_a_module_holds_them(held: str) -> None:
    assert PLUMS in texts_in([HOLDERS[held]()], frozenset({__name__}))


def test_what_a_module_gives_one_by_one_is_looked_through() -> None:
    """As `held` may: a generator that opens one file after the other."""
    assert [*texts_in(words for words in (PLUMS, "the beans"))] == ["the beans", PLUMS]


def test_a_name_of_a_modules_that_begins_with_two_lines_is_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = types.ModuleType("quick_garden")
    vars(kept)["__kept"] = [PLUMS]
    monkeypatch.setitem(sys.modules, "quick_garden", kept)
    assert PLUMS in texts_of(kept)


def test_what_stands_beside_a_test_is_not_its_plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    beside = types.ModuleType(f"{__name__.rpartition('.')[0]}.beside_it")
    vars(beside)["kept"] = ["the beans"]
    monkeypatch.setitem(sys.modules, beside.__name__, beside)
    assert "the beans" not in texts_of(type("Mine", (Garden,), {"__module__": __name__})())


def test_what_a_modules_own_handler_keeps_of_somebody_it_holds() -> None:
    class Keeping(logging.Handler):
        def __init__(self) -> None:
            super().__init__()
            self.kept = [PLUMS]

        def emit(self, record: logging.LogRecord) -> None:
            self.kept.append(record.getMessage())

    log = logging.Logger("garden")  # noqa: LOG001  # one that nobody else has
    log.addHandler(Keeping())
    assert PLUMS in texts_in(log, frozenset({__name__}))
    assert PLUMS not in texts_in(log)
