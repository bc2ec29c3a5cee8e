# SPDX-License-Identifier: Apache-2.0
"""Gates as data: what somebody needs before they take up a piece of work, such as a module in a relationship.

A gate is met by a credential that a human issued and that holds. One evaluator for every module; what a gate
is called, and how to get through it, is said by the module whose gate it is. Nothing here grades anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import attrs

from peerkit.codes import is_code
from peerkit.model.credential import RECOGNIZED, Credential, trained
from peerkit.model.program import Program
from peerkit.texts import Message, _, joined
from peerkit.training.rules import FORMAT, document

_WHY = {
    "missing": _("not there yet"),
    "lapsed": _("it ran out, rests or was taken back"),
    "order": _("what comes before it has to be there first"),
}


@attrs.frozen
class Gate:
    """One thing that is needed. `met_by` are codes of credentials (`Credential.what`), any of which meets it;
    `recognized-course` among them stands for every course that the program recognizes. `after` is the gate
    that comes before it (empty: none), `groups_only` says that only whoever leads groups needs it."""

    id: str
    met_by: tuple[str, ...]
    after: str = ""
    groups_only: bool = False


@attrs.frozen
class OpenGate:
    """A gate that somebody has not passed. `why`: `missing`, `lapsed` (it held once) or `order` (what comes
    before it was got later, or is missing)."""

    gate: Gate
    why: str


@attrs.frozen
class Passage:
    """How somebody stands to gates on a day: those that are `open`, and the last day on which all of them
    go on being passed as they are now (`until`; None: for good, or some are open)."""

    open: tuple[OpenGate, ...]
    until: date | None = None


def still_needed(what: Message, why: str, how: Message) -> Message:
    """What somebody lacks, why (as `OpenGate.why`), and how to get it, as one text. What a gate is called,
    and how to get through it, are the module's own words."""
    return joined([_("{what} ({why}).", what=what, why=_WHY[why]), how])


def all_needed(head: Message, needed: Iterable[Message]) -> Message:
    """All that somebody lacks, as a list: a head, and under it a line for each (`still_needed`)."""
    return joined([head, *needed], "\n  – ")


def gates(text: str, source: str = "gates") -> tuple[Gate, ...]:
    """Read gates, in their order, from the text of a TOML file; `source` is the file's name, for errors.

    Malformed names file and field: a code that is none, a gate that stands twice, one that comes `after` none
    of those before it.
    """
    root, _hash = document(text, source)
    if root.whole("format") != FORMAT:
        root.fail(_("this peerkit reads format {format}", format=FORMAT), "format")
    found: list[Gate] = []
    for one in root.tables("gates"):
        made = Gate(
            one.id(),
            one.strings("met_by"),
            one.string("after", ""),
            one.boolean("groups_only", False),  # noqa: FBT003  # the default
        )
        if not made.met_by or not all(map(is_code, made.met_by)):
            one.fail(_("a gate is met by codes of credentials, such as core-essentials"), "met_by")
        if made.id in {other.id for other in found}:
            one.fail(_("this gate stands there twice"), "id")
        if made.after and made.after not in {other.id for other in found}:
            one.fail(_("a gate comes after one that stands before it"), "after")
        one.done()
        found.append(made)
    root.done()
    return tuple(found)


def passage(
    gates: Iterable[Gate],
    program: Program,
    credentials: Iterable[Credential],
    on: date,
    *,
    groups: bool = False,
) -> Passage:
    """How somebody with these credentials stands to these gates on a day of the program's; `groups`: to lead
    a group. Pure, and blind to the order in which the credentials are given."""
    wanted, held = tuple(gates), tuple(credentials)
    still, ends = [], []
    for gate in wanted:
        if gate.groups_only and not groups:
            continue
        meeting = [one for one in _meeting(gate, program, held) if one.state != "withdrawn"]
        holding = [one for one in meeting if one.holds(on)]
        if not holding:
            ever = any(one.since <= on for one in _meeting(gate, program, held))
            still.append(OpenGate(gate, "lapsed" if ever else "missing"))
        elif not _in_order(gate, holding, wanted, program, held):
            still.append(OpenGate(gate, "order"))
        else:
            ends.append(max(one.until or date.max for one in holding))
    until = min(ends, default=date.max)
    return Passage(tuple(still), None if still or until == date.max else until)


def _meeting(gate: Gate, program: Program, held: Iterable[Credential]) -> Iterator[Credential]:
    """The credentials that meet a gate whenever they hold."""
    for one in held:
        recognized = RECOGNIZED in gate.met_by and trained(program, [_as_held(one)], one.since)
        if recognized or one.what in gate.met_by:
            yield one


def _as_held(one: Credential) -> Credential:
    """The credential as it was on its first day: what it is of does not change as it lapses."""
    return attrs.evolve(one, state="valid")


def _in_order(
    gate: Gate,
    holding: Iterable[Credential],
    wanted: Iterable[Gate],
    program: Program,
    held: Iterable[Credential],
) -> bool:
    """Whether one of these was got on the day on which the gate before it was passed, or later."""
    before = next((one for one in wanted if one.id == gate.after), None)
    if before is None:
        return not gate.after
    first = min((one.since for one in _meeting(before, program, held)), default=None)
    return first is not None and any(one.since >= first for one in holding)
