# SPDX-License-Identifier: Apache-2.0
"""What a supporter needs before they take the module into a relationship, or lead a group: gates, as data.

A gate is met by a credential that a human issued and that holds. Nothing here grades anybody: quizzes are the
organization's, and what came of them is a credential or is not.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from importlib.resources import files

import attrs

from peerkit import Credential, Program, training
from peerkit.texts import Message, joined
from peerkit_diabetes.words import _

RECOGNIZED = "recognized-course"
"""Stands for every course that the program recognizes (`Program.recognizes`)."""

COURSE = "becoming-diabetes-informed"
"""The id of the module's own course rule."""


@attrs.frozen
class Gate:
    """One thing that a supporter needs. `met_by` are codes of credentials, any of which meets it; `after` is
    the gate that comes before it, `groups_only` says that only whoever leads groups needs it."""

    id: str
    met_by: tuple[str, ...]
    after: str = ""
    groups_only: bool = False

    @property
    def title(self) -> Message:
        """What it is."""
        return _TITLES[self.id]

    @property
    def how(self) -> Message:
        """How to get it."""
        return _HOW[self.id]


@attrs.frozen
class Open:
    """A gate that somebody has not passed. `why`: `missing`, `lapsed` (it held once) or `order` (what comes
    before it was got later, or is missing)."""

    gate: Gate
    why: str

    @property
    def told(self) -> Message:
        """What is missing, and how to get it."""
        return joined([_("{what} ({why}).", what=self.gate.title, why=_WHY[self.why]), self.gate.how])


_TITLES = {
    "foundations": _("a recognized course in the foundations of peer support"),
    "review": _("the self-guided review with its quiz"),
    "session": _("the two-day session"),
    "application": _("the application quiz"),
    "facilitation": _("skill in leading groups"),
}
_HOW = {
    "foundations": _(
        "Core Essentials, or another course that your program recognizes; a coordinator writes it down."
    ),
    "review": _("Go through the review by yourself and take your program's quiz: `diabetes-review`."),
    "session": _("Take part in both days, after the review: `diabetes-session`."),
    "application": _("Take your program's application quiz, after the session: `diabetes-application`."),
    "facilitation": _("Learn to lead groups in a way that your program recognizes: `group-facilitation`."),
}
_WHY = {
    "missing": _("not there yet"),
    "lapsed": _("it ran out, rests or was taken back"),
    "order": _("what comes before it has to be there first"),
}


@cache
def gates() -> tuple[Gate, ...]:
    """Every gate, in order."""
    text = (files("peerkit_diabetes") / "data" / "gates.toml").read_text(encoding="utf-8")
    return tuple(
        Gate(
            one["id"],
            tuple(one["met_by"]),
            one.get("after", ""),
            one.get("groups_only", False),
        )
        for one in tomllib.loads(text)["gates"]
    )


@attrs.frozen
class Passage:
    """How somebody stands to the gates on a day: those that are `open`, and the last day on which all of them
    go on being passed as they are now (`until`; None: for good, or some are open)."""

    open: tuple[Open, ...]
    until: date | None = None


def passage(
    program: Program, credentials: Iterable[Credential], on: date, *, groups: bool = False
) -> Passage:
    """How somebody with these credentials stands to the gates on a day of the program's; `groups`: to lead a
    group. Pure, and blind to the order in which the credentials are given."""
    held = tuple(credentials)
    still, ends = [], []
    for gate in gates():
        if gate.groups_only and not groups:
            continue
        meeting = [one for one in _meeting(gate, program, held) if one.state != "withdrawn"]
        holding = [one for one in meeting if one.holds(on)]
        if not holding:
            ever = any(one.since <= on for one in _meeting(gate, program, held))
            still.append(Open(gate, "lapsed" if ever else "missing"))
        elif not _in_order(gate, holding, program, held):
            still.append(Open(gate, "order"))
        else:
            ends.append(max(one.until or date.max for one in holding))
    until = min(ends, default=date.max)
    return Passage(tuple(still), None if still or until == date.max else until)


def _meeting(gate: Gate, program: Program, held: Iterable[Credential]) -> Iterator[Credential]:
    """The credentials that meet a gate whenever they hold."""
    for one in held:
        recognized = RECOGNIZED in gate.met_by and training.trained(program, [_as_held(one)], one.since)
        if recognized or one.what in gate.met_by:
            yield one


def _as_held(one: Credential) -> Credential:
    """The credential as it was on its first day: what it is of does not change as it lapses."""
    return attrs.evolve(one, state="valid")


def _in_order(
    gate: Gate, holding: Iterable[Credential], program: Program, held: Iterable[Credential]
) -> bool:
    """Whether one of these was got on the day on which the gate before it was passed, or later."""
    if not gate.after:
        return True
    before = next(one for one in gates() if one.id == gate.after)
    first = min((one.since for one in _meeting(before, program, held)), default=None)
    return first is not None and any(one.since >= first for one in holding)
