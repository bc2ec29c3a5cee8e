# SPDX-License-Identifier: Apache-2.0
"""The sections of a report that plugins count: each is called for itself, reads what its plugin declared, and
has its small cells taken out by the core. One that fails is left out and named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeVar, cast
from zoneinfo import ZoneInfo

from peerkit.errors import PluginError, StorageError
from peerkit.hooks import Cell, ReportSection, Version
from peerkit.kinds import PLACES
from peerkit.kit.counts import Section, SectionCell
from peerkit.kit.reading import Reading
from peerkit.kit.showing import Showing, Tally
from peerkit.model.base import Record
from peerkit.plugins import PluginRecord, Plugins
from peerkit.plugins.faults import Misused

if TYPE_CHECKING:
    from peerkit.kit.kit import Kit

R = TypeVar("R", bound=Record)

MOST = 1000
"""Cells of one section at most. Own choice: more is no section of a report that somebody reads."""


class Sections:
    """The sections of one report: what is shown of each, and the names of those that are left out."""

    def __init__(self, plugins: Plugins) -> None:
        self._plugins = plugins
        self._supplied = plugins.supplies(ReportSection)
        self.shown: list[Section] = []
        self.left_out: list[str] = []

    def kinds(self, kit: Kit) -> frozenset[str]:
        """The kinds that their plugins read."""
        known = (*PLACES, *kit.plugin_kinds)
        return frozenset(kind for record, _ in self._supplied for kind in known if record.reads(kind))

    def count(self, reading: Reading, show: Showing) -> None:
        """Ask each. An error of the store's is raised; what else rises leaves a section out, and in a
        sandbox that is strict is raised too."""
        for record, one in self._supplied:
            period = _Period(reading, record)
            try:
                cells = _cells(record, one, period)
            except StorageError:
                raise
            except Exception as error:
                if period.fault is not None:
                    raise period.fault from None
                if self._plugins.raises:
                    why = f"plugin {record.label}: its section {one.name} raised {type(error).__name__}"
                    raise PluginError(why) from error
                self.left_out.append(f"{one.name} ({record.label})")
            else:
                self.shown.append(_shown(record, one, cells, show))


def _cells(record: PluginRecord, section: ReportSection, period: _Period) -> list[Cell]:
    """What it gives, if that is cells, each under a code of its own."""
    found: dict[str, Cell] = {}
    for cell in section.count(period):
        if not isinstance(cast("object", cell), Cell):
            raise Misused(record.label, f"its section {section.name} gave a {type(cell).__name__} for a Cell")
        if cell.code in found:
            raise Misused(record.label, f"its section {section.name} gave the cell {cell.code} twice")
        if len(found) >= MOST:
            raise Misused(record.label, f"its section {section.name} gave more than {MOST} cells")
        found[cell.code] = cell
    if period.fault is not None:  # it swallowed an error of the store's: what it counted is not whole
        raise period.fault
    return list(found.values())


def _shown(record: PluginRecord, section: ReportSection, cells: list[Cell], show: Showing) -> Section:
    groups: dict[str, dict[str, Tally]] = {}
    for cell in cells:
        groups.setdefault(cell.group, {})[cell.code] = Tally(cell.count, people=set(cell.people or ()))
    numbers = show.groups(groups.values())
    return Section(
        name=section.name,
        title=section.title,
        plugin=record.name,
        cells=tuple(SectionCell(code=one.code, label=one.label, number=numbers[one.code]) for one in cells),
    )


class _Period:
    """What a section is handed: see `peerkit.hooks.Period`."""

    def __init__(self, reading: Reading, plugin: PluginRecord) -> None:
        self._reading, self._plugin = reading, plugin
        self.fault: StorageError | None = None

    @property
    def first(self) -> date:
        """The first day."""
        return self._reading.first

    @property
    def last(self) -> date:
        """The last day."""
        return self._reading.last

    @property
    def zone(self) -> ZoneInfo:
        """The program's zone."""
        return self._reading.zone

    @property
    def start(self) -> datetime:
        """The instant at which the first day begins."""
        return self._reading.start

    @property
    def end(self) -> datetime:
        """The instant at which the last day has ended."""
        return self._reading.end

    def find(self, kind: type[R]) -> Iterator[R]:
        """Every record of a kind, at its newest version by then."""
        self._allow(kind)
        try:
            for stored, _newest in self._reading.heads(kind):
                one = self._reading.read(kind, stored)
                if one is not None:
                    yield one
        except StorageError as error:
            self.fault = error
            raise

    def history(self, kind: type[R], id: str) -> Sequence[Version[R]]:
        """What a record was by then, oldest first."""
        self._allow(kind)
        try:
            found = self._reading.versions(kind.kind, id)
        except StorageError as error:
            self.fault = error
            raise
        read = ((stored.envelope, self._reading.read(kind, stored)) for stored in found)
        return tuple(
            Version(envelope.at, tuple(line.name for line in envelope.acts), one)
            for envelope, one in read
            if one is not None
        )

    def _allow(self, kind: type[Record]) -> None:
        name = getattr(kind, "kind", None)
        if not isinstance(name, str) or not self._plugin.reads(name):
            raise Misused(
                self._plugin.label,
                f"counts {name or 'something that is no kind'}, which its Access does not declare: add it to "
                "Access(reads=…)",
            )
