# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: D102  # a clause stands in the decorator of its test
"""The notifier port's contract: `NotifierConformance`, its clauses numbered NOT-001 to NOT-008.

from peerkit.testing import NotifierConformance, Post


class TestPager(NotifierConformance):
@pytest.fixture
def backend(self, gateway):
return Post(lambda: Pager(gateway.url), gateway.texts, to="+15550100", broken=lambda: Pager("http://127.0.0.1:9"))
"""

from __future__ import annotations

import re
import threading
import traceback
from collections.abc import Callable, Sequence
from functools import partial

import attrs
import pytest

from peerkit.ports import Message, Notifier
from peerkit.testing.contract import Contract, clause

promise = partial(clause, page="docs/reference/testing.md")
TEXT = "Someone needs you. Please open your work app."
MOST_SECONDS = 60
"""By when a call has to be over at the very latest: a bound against hanging for ever, not a measure."""


@attrs.define
class Post:
    """What is tested, and what stands at the other end.

    `make()` gives the notifier, `arrived()` the text of every message that came out since the beginning, as a
    reader sees it, references included; `to` is an address that the channel knows. `broken()` gives one whose
    channel cannot be reached. `secrets` are passwords and tokens in its settings.
    """

    make: Callable[[], Notifier]
    arrived: Callable[[], Sequence[str]]
    to: str
    broken: Callable[[], Notifier]
    secrets: tuple[str, ...] = ()

    def message(self, text: str = TEXT, reference: str = "5f2b00c1d2e3f405") -> Message:
        """A notice to the address."""
        return Message(self.to, "Please open your work app", text, reference, urgent=True)

    def close_all(self) -> None:
        """Nothing is held between clauses."""


class NotifierConformance(Contract):
    """Every clause of the notifier port. Subclass it, and give the fixture `backend` (a `Post`)."""

    @promise("NOT-001", "it has a name, in a word, and says whether it reaches real people", group="name")
    def test_not_001_name_and_reach(self, backend: Post) -> None:
        one = backend.make()
        assert re.fullmatch(r"[a-z][a-z0-9_-]*", one.name)
        assert type(one.real) is bool

    @promise("NOT-002", "what it took is handed over whole, text and reference, and once", group="send")
    def test_not_002_whole_and_once(self, backend: Post) -> None:
        backend.make().send(backend.message())
        [came] = backend.arrived()
        assert came.count(TEXT) == 1
        assert came.count("5f2b00c1d2e3f405") == 1

    @promise("NOT-003", "a text in any script arrives as it is", group="send")
    def test_not_003_any_script(self, backend: Post) -> None:
        text = "Quelqu’un a besoin de vous — ᐊᒃᓱᕐᓇᖅ, 有人需要你 👩🏽‍🤝‍👩🏻"
        backend.make().send(backend.message(text))
        [came] = backend.arrived()
        assert text in came

    @promise("NOT-004", "a message without a reference goes too", group="send")
    def test_not_004_without_reference(self, backend: Post) -> None:
        backend.make().send(backend.message(reference=""))
        [came] = backend.arrived()
        assert TEXT in came

    @promise("NOT-005", "several threads may send at once, and nothing is lost", group="send")
    def test_not_005_threads(self, backend: Post) -> None:
        one, errors = backend.make(), list[BaseException]()
        begin = threading.Barrier(8)

        def send(number: int) -> None:
            begin.wait()
            try:
                one.send(backend.message(f"Notice number {number}."))
            except BaseException as error:  # noqa: BLE001  # told below
                errors.append(error)

        threads = [threading.Thread(target=send, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(MOST_SECONDS)
        assert errors == []
        came = backend.arrived()
        assert len(came) == 8  # as many as were sent
        assert all(any(f"number {n}." in text for text in came) for n in range(8))

    @promise("NOT-006", "what cannot be handed over is an error, and the call ends", group="fail")
    def test_not_006_it_raises(self, backend: Post) -> None:
        found = _failing(backend)
        assert found, "it returned as if the message had gone"
        assert backend.arrived() == () or not any(TEXT in text for text in backend.arrived())

    @promise("NOT-007", "its errors quote neither address nor text nor a secret", group="quiet")
    def test_not_007_errors_quote_nothing(self, backend: Post) -> None:
        told = "".join(_failing(backend))
        assert [what for what in (backend.to, TEXT, *backend.secrets) if what in told] == []

    @promise("NOT-008", "its repr shows neither address nor secret", group="quiet")
    def test_not_008_repr(self, backend: Post) -> None:
        for one in (backend.make(), backend.broken()):
            assert not [what for what in (backend.to, *backend.secrets) if what in repr(one)]


def _failing(backend: Post) -> list[str]:
    """All that an error of a broken channel says: itself, what it came from, its notes."""
    told: list[str] = []

    def send() -> None:
        try:
            backend.broken().send(backend.message())
        except Exception as error:  # noqa: BLE001  # whichever it is
            # The lines of code are left out: they are the author's, and may hold a test's address.
            chain = traceback.TracebackException.from_exception(error, lookup_lines=False)
            while chain is not None:
                told.extend(chain.format_exception_only())
                chain = chain.__cause__ or (None if chain.__suppress_context__ else chain.__context__)  # type: ignore[assignment]
            told.append(repr(error))

    thread = threading.Thread(target=send, daemon=True)
    thread.start()
    thread.join(MOST_SECONDS)
    if thread.is_alive():
        pytest.fail("the call does not end: an alarm would wait for it")
    return told


__all__ = ["NotifierConformance", "Post"]
