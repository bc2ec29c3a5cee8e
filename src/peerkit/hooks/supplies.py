# SPDX-License-Identifier: Apache-2.0
"""What `peerkit_supply` may yield: frozen descriptions, each claiming its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from peerkit.errors import Malformed
from peerkit.hooks.ideas import GoalTemplate, WordList
from peerkit.hooks.packs import Wording
from peerkit.hooks.sections import ReportSection
from peerkit.library import Resource
from peerkit.model.base import Record
from peerkit.ports import Capabilities, Notifier, Storage

if TYPE_CHECKING:
    from peerkit.ports import Clock, Exporter


def _kinds(given: Iterable[str]) -> frozenset[str]:
    if isinstance(given, str):
        raise Malformed("Access takes sets of kinds, such as reads={'goal_plan'}", where="Access")
    return frozenset(given)


@attrs.frozen
class Access:
    """Which kinds the plugin reads and writes; `*` means every kind. It is handed nothing else.

    The kinds that it supplies itself need no line here. `worries` says that its observer may raise an alarm
    about somebody (`Worry`): where that one is stuck, alarms are missing, and `health` says so gravely.
    """

    reads: frozenset[str] = attrs.field(default=frozenset(), converter=_kinds)
    writes: frozenset[str] = attrs.field(default=frozenset(), converter=_kinds)
    worries: bool = False


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

    `supported` is the subject field that names who is supported: they take the record out whole. What is
    close to them, private or not, no office reads while they work here too, whatever `rights` say. `""` says
    that the kind is about somebody's work, and then the rows alone count. A kind without a field `person`
    that offices read says one of both (`MOD-064` of `ModuleConformance`).
    """

    cls: type[Record]
    upcasters: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = attrs.field(factory=dict)
    rights: str = ""
    """Rows of the rights table for this kind (see `peerkit.rights`)."""
    labels: Mapping[tuple[str, str], str] = attrs.field(factory=dict)
    private: bool = False
    supported: str = "person"


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
