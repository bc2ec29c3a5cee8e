# SPDX-License-Identifier: Apache-2.0
"""Course rules as data: one TOML file each, one evaluator for all, no code in any of them.

    rule = load("core-essentials")
    found = evaluate(rule, attendances, hours)     # of one person
    found.outcome, found.missing                   # "level-1", (Missing("session", 6),)
    assess(s, person, "core-essentials")           # the same from what a session may read
    passage(gates(text), program, credentials, on)  # what of a module's gates is open
    still_needed(title, one.why, how)              # and the same said to a person
    letter(person, hours, program=…, on=…)         # what stands on a letter of hours, and its hash

A rule never decides anything: what somebody completed is a `Credential` that a human issues. An
organization's file, or a plugin's (`hooks.CourseRule`), works as peerkit's own do.
"""

from __future__ import annotations

from peerkit.model.credential import Standing, standing, trained
from peerkit.training.assessing import assess
from peerkit.training.evaluating import Evaluation, Missing, evaluate
from peerkit.training.gates import Gate, OpenGate, Passage, all_needed, gates, passage, still_needed
from peerkit.training.letters import Content, Verification, agrees, certificate, issue, letter, verify
from peerkit.training.rules import Outcome, Rule, Sessions, Source, installed, load, parse

__all__ = [
    "Content",
    "Evaluation",
    "Gate",
    "Missing",
    "OpenGate",
    "Outcome",
    "Passage",
    "Rule",
    "Sessions",
    "Source",
    "Standing",
    "Verification",
    "agrees",
    "all_needed",
    "assess",
    "certificate",
    "evaluate",
    "gates",
    "installed",
    "issue",
    "letter",
    "load",
    "parse",
    "passage",
    "standing",
    "still_needed",
    "trained",
    "verify",
]
