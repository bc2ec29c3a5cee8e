# SPDX-License-Identifier: Apache-2.0
"""Service directories in every dialect of HSDS (Open Referral), read into one form and into peerkit.

with read("baltimore/") as directory:
    for step in plan(previous, directory):
        ...
print(directory.report.adds_up)

import_directory(kit, "baltimore/", actor=coordinator)

Each name is loaded on first use: a program that has this plugin opens no slower for it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from peerkit_hsds.filters import languages_of, needs_of, places_of, postal_words
    from peerkit_hsds.importing import import_directory
    from peerkit_hsds.mapping import digest, entry
    from peerkit_hsds.outcome import Outcome, Turned
    from peerkit_hsds.reading import Directory, Progress, read
    from peerkit_hsds.report import NOTES, REASONS, FileReport, Problem, Report
    from peerkit_hsds.steps import Step, plan
    from peerkit_hsds.values import (
        Address,
        Area,
        Contact,
        Cost,
        Document,
        Language,
        Listing,
        Need,
        Origin,
        Phone,
        Place,
        Schedule,
    )

_PLACES = {
    "filters": ("languages_of", "needs_of", "places_of", "postal_words"),
    "importing": ("import_directory",),
    "mapping": ("digest", "entry"),
    "outcome": ("Outcome", "Turned"),
    "steps": ("Step", "plan"),
    "reading": ("Directory", "Progress", "read"),
    "report": ("NOTES", "REASONS", "FileReport", "Problem", "Report"),
    "values": (
        "Address",
        "Area",
        "Contact",
        "Cost",
        "Document",
        "Language",
        "Listing",
        "Need",
        "Origin",
        "Phone",
        "Place",
        "Schedule",
    ),
}
_MODULE = {name: module for module, names in _PLACES.items() for name in names}

__all__ = [
    "NOTES",
    "REASONS",
    "Address",
    "Area",
    "Contact",
    "Cost",
    "Directory",
    "Document",
    "FileReport",
    "Language",
    "Listing",
    "Need",
    "Origin",
    "Outcome",
    "Phone",
    "Place",
    "Problem",
    "Progress",
    "Report",
    "Schedule",
    "Step",
    "Turned",
    "digest",
    "entry",
    "import_directory",
    "languages_of",
    "needs_of",
    "places_of",
    "plan",
    "postal_words",
    "read",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULE:
        raise AttributeError(f"module 'peerkit_hsds' has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f"peerkit_hsds.{_MODULE[name]}"), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
