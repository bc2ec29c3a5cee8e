# SPDX-License-Identifier: Apache-2.0
"""Service directories in every dialect of HSDS (Open Referral), read into one form.

with read("baltimore/") as directory:
    for step in plan(previous, directory):
        ...
print(directory.report.adds_up)
"""

from peerkit_hsds.filters import languages_of, needs_of, places_of, postal_words
from peerkit_hsds.mapping import entry
from peerkit_hsds.plan import Step, plan
from peerkit_hsds.reading import Directory, Progress, read
from peerkit_hsds.report import NOTES, REASONS, FileReport, Problem, Report
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
    "Phone",
    "Place",
    "Problem",
    "Progress",
    "Report",
    "Schedule",
    "Step",
    "entry",
    "languages_of",
    "needs_of",
    "places_of",
    "plan",
    "postal_words",
    "read",
]
