# SPDX-License-Identifier: Apache-2.0
"""What a supporter needs before they take the module into a relationship, or lead a group: gates, as data.

A gate is met by a credential that a human issued and that holds. Nothing here grades anybody: quizzes are the
organization's, and what came of them is a credential or is not.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib.resources import files

from peerkit import Credential, Program, training
from peerkit.texts import Message
from peerkit.training import Gate, OpenGate, Passage
from peerkit_diabetes.words import _

COURSE = "becoming-diabetes-informed"
"""The id of the module's own course rule."""


def title(gate: Gate) -> Message:
    """What a gate is."""
    return _TITLES[gate.id]


def told(open: OpenGate) -> Message:
    """What is missing, and how to get it."""
    return training.still_needed(title(open.gate), open.why, _HOW[open.gate.id])


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


@cache
def gates() -> tuple[Gate, ...]:
    """Every gate, in order."""
    text = (files("peerkit_diabetes") / "data" / "gates.toml").read_text(encoding="utf-8")
    return training.gates(text, "gates.toml")


def passage(
    program: Program, credentials: Iterable[Credential], on: date, *, groups: bool = False
) -> Passage:
    """How somebody with these credentials stands to the gates on a day of the program's; `groups`: to lead a
    group."""
    return training.passage(gates(), program, credentials, on, groups=groups)
