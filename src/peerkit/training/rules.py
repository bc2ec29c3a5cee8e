# SPDX-License-Identifier: Apache-2.0
"""A course rule from its TOML file. What is wrong is `Malformed`, and names file and field."""

from __future__ import annotations

import functools
import hashlib
import importlib.resources
import re
import tomllib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import attrs

from peerkit.errors import Malformed, NotFound
from peerkit.instruments.table import Table, listed, near
from peerkit.texts import _

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

FORMAT = 1
MOST_SESSIONS = 1000
SEEN = ("seen", "partly", "mirror", "unverified")
"""How well a source was seen: itself, in part, in somebody else's copy, or not at all."""

_VERSION = re.compile(r"[0-9]+(\.[0-9]+){0,3}")


@attrs.frozen
class Source:
    """Where a rule comes from. `year` is None for what bears no date; `says` is in our own words."""

    title: str
    publisher: str
    seen: str
    says: str
    year: int | None = None


@attrs.frozen
class Sessions:
    """The sessions of a course: how many, how long each is, and whether one that was made up for counts."""

    count: int
    minutes: int
    made_up_counts: bool = False


@attrs.frozen
class Outcome:
    """One outcome and all that it asks, what the outcomes before it ask included: that no more than
    `most_missed` sessions were missed (None: any number), that none of `must` was, and minutes of training
    and of confirmed practicum."""

    id: str
    most_missed: int | None = None
    must: tuple[int, ...] = ()
    training_minutes: int = 0
    practicum_minutes: int = 0


@attrs.frozen
class Rule:
    """A course rule: outcomes from the lowest, which asks nothing, to the highest. `works` are the kinds of
    work that count as practicum. `our_reading` is what no source says and we read into it; `file` and
    `sha256` are the file's name and the hash of its bytes."""

    id: str
    version: str
    title: str
    sources: tuple[Source, ...]
    our_reading: tuple[str, ...]
    sessions: Sessions | None
    works: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    file: str
    sha256: str


def installed() -> tuple[str, ...]:
    """The ids of the course rules that peerkit itself ships, in alphabetical order."""
    return tuple(sorted(_files()))


def load(id: str, supplied: Iterable[Rule] = ()) -> Rule:
    """A course rule by id: one of peerkit's, or one of those `supplied`. NotFound names the closest id."""
    if id in _files():
        return _shipped(id)
    by_id = {rule.id: rule for rule in supplied}
    if id in by_id:
        return by_id[id]
    known = sorted({*installed(), *by_id})
    raise NotFound(
        _(
            "there is no course rule of that id{near} (there are {known})",
            near=near(str(id), known),
            known=listed(known),
        )
    )


def parse(data: str | bytes, source: str = "course rule") -> Rule:
    """Read a course rule: the text or the bytes of a TOML file. `source` is the file's name, for errors.

    Malformed names file and field: what is missing or misspelt, a session that there is not, an outcome
    that asks no more than the one before it.
    """
    root, sha256 = document(data, source)
    if root.whole("format") != FORMAT:
        root.fail(_("this peerkit reads format {format}", format=FORMAT), "format")
    version = root.string("version")
    if not _VERSION.fullmatch(version):
        root.fail(_("a version is numbers and dots, such as 2026.1"), "version")
    sessions = _sessions(root.table("sessions")) if "sessions" in root else None
    hours = root.table("hours", optional=True)
    works = hours.strings("works", [])
    hours.done()
    rule = Rule(
        id=root.id(),
        version=version,
        title=root.string("title"),
        sources=tuple(_source(one) for one in root.tables("sources")),
        our_reading=root.strings("our_reading", []),
        sessions=sessions,
        works=works,
        outcomes=_outcomes(root, sessions, works),
        file=source,
        sha256=sha256,
    )
    if not rule.sources:
        root.fail(_("a rule says where it comes from"), "sources")
    root.done()
    return rule


def document(data: str | bytes, source: str) -> tuple[Table, str]:
    """The table of a TOML file, and the hash of its bytes. Malformed names the file."""
    raw = data.encode() if isinstance(data, str) else bytes(data)
    try:
        content: dict[str, Any] = tomllib.loads(raw.decode("utf-8"))
    except UnicodeDecodeError:
        raise Malformed(_("the file is not UTF-8"), where=source) from None
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at (line \d+, column \d+|end of document)", str(error))
        raise Malformed(
            _("the file is no TOML{place}", place=f" ({place[0]})" if place else ""), where=source
        ) from None
    return Table(content, source), hashlib.sha256(raw).hexdigest()


def _sessions(table: Table) -> Sessions:
    count, minutes = table.whole("count", low=1), table.whole("minutes", low=1)
    if count > MOST_SESSIONS:
        table.fail(_("a course has at most {n} sessions", n=MOST_SESSIONS), "count")
    made = Sessions(count, minutes, table.boolean("made_up_counts", False))  # noqa: FBT003  # the default
    table.done()
    return made


def _source(table: Table) -> Source:
    made = Source(
        title=table.string("title"),
        publisher=table.string("publisher"),
        seen=table.one_of("seen", SEEN),
        says=table.string("says"),
        year=table.whole("year", low=1) if "year" in table else None,
    )
    table.done()
    return made


def _outcomes(root: Table, sessions: Sessions | None, works: tuple[str, ...]) -> tuple[Outcome, ...]:
    found: list[Outcome] = []
    for table in root.tables("outcomes"):
        before = found[-1] if found else Outcome("")
        made = _outcome(table, before, sessions)
        if found and attrs.evolve(made, id=before.id) == before:
            table.fail(_("an outcome asks more than the one before it"))
        if not found and made != Outcome(made.id):
            table.fail(_("the first outcome is that of whoever has done nothing yet: it asks nothing"))
        if made.practicum_minutes and not works:
            table.fail(_("hours.works says which kinds of work count"), "practicum_minutes")
        if any(made.id == one.id for one in found):
            table.fail(_("two outcomes have this id"), "id")
        found.append(made)
    if not found:
        root.fail(_("a rule has outcomes"), "outcomes")
    return tuple(found)


def _outcome(table: Table, before: Outcome, sessions: Sessions | None) -> Outcome:
    name = table.id()
    count = sessions.count if sessions is not None else 0
    missed = table.whole("most_missed") if "most_missed" in table else None
    must = table.take("must", list, _("a list of numbers of sessions"), [])
    for one in must:
        if type(one) is not int or not 1 <= one <= count:
            table.fail(_("it names sessions of this course, counted from 1"), "must")
    if missed is not None and missed >= count:
        table.fail(_("fewer sessions are missed than there are"), "most_missed")
    made = Outcome(
        id=name,
        most_missed=before.most_missed if missed is None else _least(missed, before.most_missed),
        must=tuple(sorted({*before.must, *must})),
        training_minutes=max(before.training_minutes, table.whole("training_minutes", 0)),
        practicum_minutes=max(before.practicum_minutes, table.whole("practicum_minutes", 0)),
    )
    table.done()
    return made


def _least(missed: int, before: int | None) -> int:
    return missed if before is None else min(missed, before)


@functools.cache
def _files() -> dict[str, Traversable]:
    folder = importlib.resources.files(__package__ or __name__) / "data"
    return {f.name.removesuffix(".toml"): f for f in folder.iterdir() if f.name.endswith(".toml")}


@functools.cache
def _shipped(name: str) -> Rule:
    rule = parse(_files()[name].read_bytes(), source=f"{name}.toml")
    if rule.id != name:
        raise Malformed(_("the file's name is not its rule's id"), where=f"{name}.toml")
    return rule
