# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: D102  # a clause stands in the decorator of its test
"""The exporter port's contract: `ExporterConformance`, its clauses numbered EXP-001 to EXP-008.

from peerkit.testing import ExporterConformance, Press


class TestLines(ExporterConformance):
@pytest.fixture
def backend(self):
return Press(Lines)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import attrs
import pytest

from peerkit.errors import Objection, Refused
from peerkit.ports import Exporter
from peerkit.testing.contract import Contract, clause

promise = partial(clause, page="docs/reference/testing.md")
IDS = tuple(f"0192f3a0-0000-7000-8000-{number:012x}" for number in range(10))
Pages = Iterable[Sequence[Mapping[str, Any]]]


@attrs.define
class Press:
    """What is tested: `make()` gives the exporter. `kind` is a kind that the format knows and `field` one of
    its texts, where it does not take any. `read(bytes)` gives the texts of what came out, as its reader sees
    them; left out, it is UTF-8."""

    make: Callable[[], Exporter]
    kind: str = "goal_plan"
    field: str = "hopes"
    read: Callable[[bytes], str] = bytes.decode

    def document(self, number: int, words: str) -> Mapping[str, Any]:
        """A document as the gate gives it."""
        return {"kind": self.kind, "id": IDS[number % len(IDS)], self.field: words, "state": "active"}

    def export(self, pages: Pages, exporter: Exporter | None = None) -> str:
        """The texts of a whole export."""
        return self.read(b"".join((exporter or self.make()).export(pages)))

    def close_all(self) -> None:
        """Nothing is held between clauses."""


class ExporterConformance(Contract):
    """Every clause of the exporter port. Subclass it, and give the fixture `backend` (a `Press`)."""

    @promise("EXP-001", "it has a name, in a word", group="name")
    def test_exp_001_name(self, backend: Press) -> None:
        assert re.fullmatch(r"[a-z][a-z0-9_-]*", backend.make().name)

    @promise("EXP-002", "it gives bytes", group="whole")
    def test_exp_002_bytes(self, backend: Press) -> None:
        given = list(backend.make().export([[backend.document(0, "beans")]]))
        assert given
        assert all(type(one) is bytes for one in given)

    @promise("EXP-003", "every document of every page is in it, in any script", group="whole")
    def test_exp_003_everything(self, backend: Press) -> None:
        words = [f"garden-{number} ᐊᒃᓱᕐᓇᖅ 有人" for number in range(6)]
        made = [backend.document(number, one) for number, one in enumerate(words)]
        told = backend.export([made[:2], made[2:3], [], made[3:]])
        assert [one for one in words if one not in told] == []

    @promise("EXP-004", "an export of nothing ends well", group="whole")
    def test_exp_004_nothing(self, backend: Press) -> None:
        several: tuple[Pages, ...] = ([], [[]])
        for pages in several:
            backend.export(pages)

    @promise("EXP-005", "it goes page by page: no page is read long before it is written", group="flow")
    def test_exp_005_page_by_page(self, backend: Press) -> None:
        read: list[int] = []

        def pages() -> Iterator[Sequence[Mapping[str, Any]]]:
            for number in range(2000):
                read.append(number)
                yield [backend.document(number, f"garden-{number}") for _ in range(5)]

        size = 0
        for one in backend.make().export(pages()):
            size += len(one)
            if size:
                break
        assert len(read) < 1000, "the whole export would have to fit into memory"  # half

    @promise("EXP-006", "an error of the gate's ends the export as that error", group="flow")
    def test_exp_006_the_gates_error(self, backend: Press) -> None:
        def pages() -> Iterator[Sequence[Mapping[str, Any]]]:
            yield [backend.document(0, "garden")]
            raise Refused([Objection("no-consent", "no consent lets this leave now")])

        with pytest.raises(Refused):
            backend.export(pages())

    @promise("EXP-007", "what a redaction names is dropped, whenever it was seen", group="erase")
    def test_exp_007_redactions(self, backend: Press) -> None:
        redaction = {"kind": "redaction", "id": IDS[9], "erased": [IDS[0]], "basis": "wish"}
        gone, kept = backend.document(0, "marker-gone"), backend.document(1, "marker-kept")
        told = backend.export([[redaction], [gone, kept]])
        assert "marker-gone" not in told
        assert "marker-kept" in told
        exporter = backend.make()
        backend.export([[gone]], exporter)
        assert "marker-gone" not in backend.export([[redaction], [kept]], exporter)

    @promise("EXP-008", "nothing of one export is in the next", group="erase")
    def test_exp_008_apart(self, backend: Press) -> None:
        exporter = backend.make()
        backend.export([[backend.document(0, "marker-first")]], exporter)
        told = backend.export([[backend.document(1, "marker-second")]], exporter)
        assert "marker-first" not in told
        assert "marker-second" in told


__all__ = ["ExporterConformance", "Press"]
