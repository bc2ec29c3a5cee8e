# SPDX-License-Identifier: Apache-2.0
"""What peerkit finds. Each subject has a module of its own: what it supplies, checks and answers."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from peerkit import Objection, Record, hookimpl
from peerkit.hooks import Access, Command, CourseRule, Kind, Proposal, Supply
from peerkit_diabetes import enrolment, risk, shelf, walking
from peerkit_diabetes.gates import COURSE

COMMANDS = {
    "gates": "Show what the module asks of a supporter.",
    "join": "Take the module into a relationship.",
    "go_on": "Go on with it beside somebody else.",
    "leave": "Leave the module, at any time.",
}
COURSES = files("peerkit_diabetes") / "courses"


def _command(name: str) -> Any:
    def load() -> Any:
        from peerkit_diabetes import commands

        return getattr(commands, name)

    return load


def _risk() -> Any:
    from peerkit_diabetes.risk.command import risk

    return risk


@hookimpl
def peerkit_supply() -> Iterator[Supply]:
    """What every subject supplies, and which kinds of others they read and write together."""
    yield Access(reads=walking.READS, writes=walking.WRITES)
    yield Kind(enrolment.DiabetesEnrolment, rights=enrolment.RIGHTS)
    yield Kind(risk.DiabetesRiskCheck, rights=risk.RIGHTS, labels=risk.LABELS, private=True)
    yield from shelf.supplies()
    yield CourseRule((COURSES / f"{COURSE}.toml").read_text(encoding="utf-8"), f"{COURSE}.toml")
    yield Command(
        "diabetes gates", "Show what a supporter needs before they take the module up.", _command("gates")
    )
    yield Command("diabetes join", "Take the module into a relationship.", _command("join"))
    yield Command("diabetes go-on", "Go on with it beside somebody else.", _command("go_on"))
    yield Command("diabetes leave", "Leave the module, at any time.", _command("leave"))
    yield Command("diabetes risk", "Estimate a risk of diabetes, and where to be tested.", _risk)


@hookimpl
def peerkit_check(proposal: Proposal) -> Iterator[Objection]:
    """What stands against a commit."""
    yield from walking.check(proposal)


@hookimpl
def peerkit_respond(proposal: Proposal) -> Iterator[Record]:
    """What follows from one."""
    yield from walking.respond(proposal)
