# SPDX-License-Identifier: Apache-2.0
"""What an observer gives back: worries, and nothing else."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from typing import Any

from peerkit.hooks.worries import Worry
from peerkit.plugins import faults
from peerkit.plugins.access import PluginRecord

MOST_WORRIES = 100
"""What an observer may give back for a page, which has as many envelopes at most. Own choice."""


def worries_of(record: PluginRecord, given: Any) -> Iterable[Worry]:
    """The worries that an observer gave back. PluginError for anything else."""
    if given is None:
        return
    if inspect.iscoroutine(given):
        given.close()
        raise faults.Misused(record.label, "gave a coroutine: hooks are plain functions")
    if not isinstance(given, Iterable) or isinstance(given, str | bytes):
        raise faults.Misused(record.label, f"gave a {type(given).__name__} for worries")
    for number, one in enumerate(given):
        if not isinstance(one, Worry):
            raise faults.Misused(record.label, f"gave a {type(one).__name__} for a Worry")
        if number >= MOST_WORRIES:
            raise faults.Misused(record.label, f"gave more than {MOST_WORRIES} worries for a page")
        yield one
