# SPDX-License-Identifier: Apache-2.0
"""The five hooks, and the values that pass through them.

A plugin is any object or module with functions marked `@peerkit.hookimpl`, named like these. Each
hook takes one value, so arguments never multiply. What happens when a hook raises stands beside it.
"""

from __future__ import annotations

from peerkit.hooks.ideas import BARRIERS, NEEDS, GoalTemplate, Suggestion, WordList, WordRow
from peerkit.hooks.packs import Pack, PackItem, PackRecord, Wording, pack
from peerkit.hooks.proposals import Proposal, Proposed, View
from peerkit.hooks.questions import Page, Question
from peerkit.hooks.reading import find_readable, get_readable
from peerkit.hooks.sections import Cell, Period, ReportSection, Version
from peerkit.hooks.specs import (
    PROJECT,
    hookimpl,
    hookspec,
    peerkit_check,
    peerkit_observe,
    peerkit_respond,
    peerkit_suggest,
    peerkit_supply,
)
from peerkit.hooks.supplies import (
    Access,
    Command,
    CourseRule,
    ExportFormat,
    Instrument,
    Kind,
    Label,
    NotifierChannel,
    StorageBackend,
    Supply,
)
from peerkit.hooks.worries import Worry
from peerkit.library import Resource

__all__ = [
    "BARRIERS",
    "NEEDS",
    "PROJECT",
    "Access",
    "Cell",
    "Command",
    "CourseRule",
    "ExportFormat",
    "GoalTemplate",
    "Instrument",
    "Kind",
    "Label",
    "NotifierChannel",
    "Pack",
    "PackItem",
    "PackRecord",
    "Page",
    "Period",
    "Proposal",
    "Proposed",
    "Question",
    "ReportSection",
    "Resource",
    "StorageBackend",
    "Suggestion",
    "Supply",
    "Version",
    "View",
    "WordList",
    "WordRow",
    "Wording",
    "Worry",
    "find_readable",
    "get_readable",
    "hookimpl",
    "hookspec",
    "pack",
    "peerkit_check",
    "peerkit_observe",
    "peerkit_respond",
    "peerkit_suggest",
    "peerkit_supply",
]
