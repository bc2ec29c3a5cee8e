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
from peerkit.ideas import BARRIERS as BARRIERS  # noqa: PLC0414  # public here
from peerkit.ideas import NEEDS as NEEDS  # noqa: PLC0414  # public here
from peerkit.ideas import GoalTemplate as GoalTemplate  # noqa: PLC0414  # public here
from peerkit.ideas import Suggestion as Suggestion  # noqa: PLC0414  # public here
from peerkit.ideas import WordList as WordList  # noqa: PLC0414  # public here
from peerkit.ideas import WordRow as WordRow  # noqa: PLC0414  # public here
from peerkit.ideas import several as _several
from peerkit.library import Resource as Resource  # noqa: PLC0414  # a name of hooks
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
    """A record kind. `upcasters` turns a raw document of the version named into the next.

    `labels` says what its codes say to people, by field and code: `("state", "planned")`, `("act", "plan")`,
    of a part `("goals.state", "adopted")`; `("field", "wish")` is what a field is called, and `("kind",
    "garden_visit")` the kind itself (`visit to a garden`, which may stand behind *your*). What is not
    described reads as it is written, with blanks.

    `private` says that it is somebody's alone: nobody reads it but whom the rows of `rights` name; no other
    plugin, part of the program or export, whatever they read otherwise or the person agreed to. A broken
    glass opens it only by a row of its own. The person takes it out, and erases what is theirs alone.
    """

    cls: type[Record]
    upcasters: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = attrs.field(factory=dict)
    rights: str = ""
    """Rows of the rights table for this kind (see `peerkit.rights`)."""
    labels: Mapping[tuple[str, str], str] = attrs.field(factory=dict)
    private: bool = False


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
class Label:
    """What a code of a kind of peerkit's says, where the plugin brings the code: what a task is about
    (`Label("task", "what", "garden-visit", _("look after a visit"))`), a need of a goal (`Label("", "need",
    "garden", _("a garden"))`). `kind` is empty for codes of no one kind. Without it, the code is read as it
    is written. Codes of the plugin's own kinds are described beside them (`Kind.labels`)."""

    kind: str
    field: str
    code: str
    words: str


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
    | Label
    | ReportSection
    | Resource
)
"""What `peerkit_supply` may yield."""


# -- peerkit_suggest -------------------------------------------------------------------------------


@attrs.frozen
class Question:
    """What suggestions are asked for: `topic` is `match`, `goal`, `service` or `words`. `barriers` are codes
    of what is short in the person's life (`BARRIERS`, or a need's own code), as whoever asks was told."""

    topic: str
    view: View
    about: Record | None = None
    text: str = attrs.field(default="", repr=False)
    locale: str = "en"
    barriers: tuple[str, ...] = attrs.field(default=(), converter=_several)


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
