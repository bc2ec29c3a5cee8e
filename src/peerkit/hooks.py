# SPDX-License-Identifier: Apache-2.0
"""The five hooks, and the values that pass through them.

A plugin is any object or module with functions marked `@peerkit.hookimpl`, named like these. Each
hook takes one value, so arguments never multiply. What happens when a hook raises stands beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import attrs
import pluggy

from peerkit.errors import Malformed, Objection
from peerkit.model.base import Record
from peerkit.packs import Pack as Pack  # noqa: PLC0414  # a name of hooks
from peerkit.packs import Wording as Wording  # noqa: PLC0414  # a name of hooks
from peerkit.packs import pack as pack  # noqa: PLC0414  # a name of hooks
from peerkit.ports import Capabilities, Envelope, Notifier, Storage
from peerkit.proposals import Proposal as Proposal  # noqa: PLC0414  # these are public here
from peerkit.proposals import Proposed as Proposed  # noqa: PLC0414
from peerkit.proposals import View as View  # noqa: PLC0414
from peerkit.sections import Cell as Cell  # noqa: PLC0414
from peerkit.sections import Period as Period  # noqa: PLC0414
from peerkit.sections import ReportSection as ReportSection  # noqa: PLC0414
from peerkit.sections import Version as Version  # noqa: PLC0414
from peerkit.worries import Worry as Worry  # noqa: PLC0414

if TYPE_CHECKING:
    from peerkit.ports import Clock, Exporter

PROJECT = "peerkit"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


# -- peerkit_supply --------------------------------------------------------------------------------


def _kinds(given: Iterable[str]) -> frozenset[str]:
    if isinstance(given, str):
        raise Malformed("Access takes sets of kinds, such as reads={'goal_plan'}", where="Access")
    return frozenset(given)


@attrs.frozen
class Access:
    """Which kinds the plugin reads and writes; `*` means every kind. It is handed nothing else.

    The kinds that it supplies itself need no line here.
    """

    reads: frozenset[str] = attrs.field(default=frozenset(), converter=_kinds)
    writes: frozenset[str] = attrs.field(default=frozenset(), converter=_kinds)


@attrs.frozen
class Kind:
    """A record kind. `upcasters` turns a raw document of the version named into the next."""

    cls: type[Record]
    upcasters: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = attrs.field(factory=dict)
    rights: str = ""
    """Rows of the rights table for this kind (see `peerkit.rights`)."""


@attrs.frozen
class Instrument:
    """A questionnaire as data: the text of its TOML file and the file's name for errors."""

    text: str = attrs.field(repr=False)
    source: str = ""


@attrs.frozen
class CourseRule:
    """A course rule as data: the text of its TOML file and the file's name for errors. How many sessions a
    course has, which must not be missed, how many hours follow, and what comes of it (`peerkit.training`)."""

    text: str = attrs.field(repr=False)
    source: str = ""


@attrs.frozen
class StorageBackend:
    """A storage for URLs with this scheme.

    `open(url, clock, create)` gives the store; with `create` False nothing is made: where there is
    no store it raises StorageError, naming `peerkit init`."""

    scheme: str
    open: Callable[[str, Clock, bool], Storage]
    capabilities: Capabilities


@attrs.frozen
class NotifierChannel:
    """A channel of notices, such as `console` or `email`, made from the program's settings."""

    channel: str
    make: Callable[[Mapping[str, Any]], Notifier]


@attrs.frozen
class ExportFormat:
    """A format that the gate can write, such as `jsonl`."""

    name: str
    make: Callable[[], Exporter]


@attrs.frozen
class Command:
    """A command for the command line. `path` is its place (`directory import`), `load` gives the click
    command, and is called only when the command is."""

    path: str
    help: str
    load: Callable[[], Any]


@attrs.frozen
class WordRow:
    """Words that a list looks for, and what could be said instead, with a source of their own.

    `verified` is False for a row that nobody has seen in a source; `note` says what else one should know.
    """

    look_for: tuple[str, ...]
    say: tuple[str, ...]
    source: str
    verified: bool = True
    note: str = ""


@attrs.frozen
class WordList:
    """Words with suggestions, for `suggest`: source, edition and locale stand beside them.

    `pairs` are words to look for and what could be said instead. `rows` gives those that name a source of
    their own; it is called when words are first asked for, so that a long list costs nothing before.
    """

    name: str
    locale: str
    source: str
    pairs: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    rows: Callable[[], Iterable[WordRow]] | None = None


@attrs.frozen
class GoalTemplate:
    """A goal such as many people have had, as data: `s.suggest("goal")` gives it with its `reason` and
    `source`, to whoever asks in its language (`locale`), first those of the area of life that is asked for.

    It is nobody's goal. `plan.suggest(found.what, source=found.source)` puts it forward, and the person
    adopts it in words of their own. All texts but `area` are needed.

    ```python
    GoalTemplate(
        name="walk",
        words="Walk for ten minutes after supper",
        reason="short walks after meals are easier to keep up than long ones",
        source="Riverside diabetes group (fictional), 2026",
        area="health and rest",
    )
    ```
    """

    name: str
    words: str
    reason: str
    source: str
    area: str = ""
    locale: str = "en"


Supply = (
    Access
    | Kind
    | Instrument
    | Wording
    | CourseRule
    | StorageBackend
    | NotifierChannel
    | ExportFormat
    | Command
    | WordList
    | GoalTemplate
    | ReportSection
)
"""What `peerkit_supply` may yield."""


# -- peerkit_suggest -------------------------------------------------------------------------------


@attrs.frozen
class Question:
    """What suggestions are asked for: `topic` is `match`, `goal`, `service` or `words`."""

    topic: str
    view: View
    about: Record | None = None
    text: str = attrs.field(default="", repr=False)
    locale: str = "en"


@attrs.frozen
class Suggestion:
    """One suggestion, with its reason and the source of the reason. It never decides anything."""

    what: str
    reason: str
    source: str = ""
    record: str = ""
    weight: float = 0.0


# -- peerkit_observe -------------------------------------------------------------------------------


@attrs.frozen
class Page:
    """A page of the feed for an observer: envelopes, and the cursor it stands at afterwards."""

    envelopes: tuple[Envelope, ...]
    cursor: str


# -- the specifications ----------------------------------------------------------------------------


@hookspec
def peerkit_supply() -> Iterable[Supply]:  # type: ignore[empty-body]
    """What the plugin gives: kinds, instruments, storages, notifiers, exporters, commands, words, goals.

    Called once, when the kit opens, before anybody's data is read. `Access` says which kinds of
    others the plugin reads and writes; without it, it sees none but its own.

    If it raises, a configured storage refuses `open`; any other plugin is listed as failed and left
    out, and if the program had accepted it, commits that its check would judge are refused.

    ```python
    @hookimpl
    def peerkit_supply():
        yield Access(reads={"leave"}, writes={"task"})
        yield Kind(GardenVisit, rights=RIGHTS)
    ```
    """


@hookspec
def peerkit_check(proposal: Proposal) -> Iterable[Objection]:  # type: ignore[empty-body]
    """Objections to a commit; one is enough to refuse it.

    Asked once a commit, with the responders' records in it. What it reads through the view guards
    the commit: if that changes meanwhile, it is asked again. It is never asked before the safety
    lane commits: what a check finds there becomes a task.

    If it raises, reads a kind that it did not declare, or gives something else than objections, that
    is an objection itself (`check-failed`), with plugin, version, type of error and line.

    ```python
    @hookimpl
    def peerkit_check(proposal):
        for visit, _ in proposal.of(GardenVisit, "plan"):
            for leave in proposal.view.find(Leave, person=visit.gardener, state="planned"):
                if isinstance(leave, Opaque) or leave.starts.date() <= visit.day < leave.ends.date():
                    yield Objection("away", "the gardener is away that day", visit.kind, visit.id)
    ```
    """


@hookspec
def peerkit_respond(proposal: Proposal) -> Iterable[Record]:  # type: ignore[empty-body]
    """More for the same commit: records that carry acts, of kinds that the plugin declares it writes.

    Asked again while there is something `new`, until everybody is quiet. Each plugin's answer is a
    version of its own; all of one answer is taken, or nothing of it.

    Time brings things too: with each delivery run it is asked with `proposal.tick`, when nothing is
    new, for what has become due. It finds that by indexed fields and answers with what changes what it
    found, so that it finds it once: the next tick comes within a minute.

    If it raises, the commit goes on without its answer and a task names plugin, version and commit. So
    it does where a plugin answers itself for ever (eight rounds), with more than a commit holds, or with
    what a check objects to: no answer of a plugin's refuses what somebody else saved.

    ```python
    @hookimpl
    def peerkit_respond(proposal):
        for visit, _ in proposal.of(GardenVisit, "plan"):
            yield Task.give(owner=visit.gardener, what="garden-visit", about=visit, person=visit.person)
        if proposal.tick:
            today = proposal.now.date()
            for visit in proposal.view.find(GardenVisit, lambda v: v.day < today, state="planned"):
                yield visit.lapse()
    ```
    """


@hookspec
def peerkit_suggest(question: Question) -> Iterable[Suggestion]:  # type: ignore[empty-body]
    """Suggestions for a match, a goal, a service or words. They never decide anything.

    If it raises, its suggestions are left out and the answer says so.

    ```python
    @hookimpl
    def peerkit_suggest(question):
        if question.topic == "goal":
            yield Suggestion("Water the beans on Tuesdays", "a garden is near", source="our garden")
    ```
    """


@hookspec
def peerkit_observe(page: Page, view: View) -> Iterable[Worry] | None:
    """The feed, page by page, each plugin from its own saved cursor, at least once, after the commit.

    The page holds the envelopes of kinds that the plugin reads, and every `redaction`, which means:
    drop what you hold of the ids in its subjects.

    Each `Worry` that it gives back is raised as a concern, once, before the cursor moves on, if it is about
    somebody in a record of a kind that the plugin reads: the net under a module that raises its own at once.

    If it raises, or gives back anything else, it is isolated, tried again from its cursor, and parked visibly
    if it stays stuck; what it gave before that is raised all the same.

    ```python
    @hookimpl
    def peerkit_observe(page, view):
        for envelope in page.envelopes:
            if envelope.kind == "garden_visit":
                calendar.refresh(envelope.id)
    ```
    """
