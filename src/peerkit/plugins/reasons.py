# SPDX-License-Identifier: Apache-2.0
"""Why a plugin is not taken, in sentences for whoever runs a program: they are no programmers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from peerkit.plugins.access import PluginRecord
from peerkit.plugins.finding import FOLDERS, Candidate
from peerkit.texts import Message, _, joined, listed

BLOCKED = _("switched off by block= or PEERKIT_DISABLE_PLUGINS")


def away(name: str, dist: str) -> Message:
    """Of a plugin that was accepted and is gone."""
    if dist == FOLDERS:
        return _(
            "was accepted and is not found any more: name its folder in {folders} again, or block it",
            folders=FOLDERS,
        )
    return _(
        "was accepted and is not installed any more: install {dist} again, or block it", dist=dist or name
    )


def twice(name: str, same: Sequence[Candidate]) -> Message:
    """Of installed plugins with one name."""
    labels = listed(one.label for one in same)
    if all(one.dist == FOLDERS for one in same):  # to block their distribution would block both
        return _(
            "two packs are called {name}: {plugins}. Take one of them out of {folders}",
            name=name,
            plugins=labels,
            folders=FOLDERS,
        )
    return _(
        "two plugins are called {name}: {plugins}. Remove one, or block it by its distribution",
        name=name,
        plugins=labels,
    )


def waits(name: str, others: Sequence[Candidate]) -> Message:
    """Of one that nobody accepted yet; and what else has its name."""
    told = _("waits to be accepted: peerkit plugins accept {name}", name=name)
    if not others:
        return told
    labels = joined((one.label for one in others), ", ")
    return joined([told, _("({plugins} has this name too)", plugins=labels)])


def unreadable(folder: Path, why: str) -> Message:
    """Of a folder with a pack that cannot be read: others may have its name, so it is named whole."""
    return _("the folder {folder}: {why}", folder=str(folder), why=why)


def same_name(held: PluginRecord, record: PluginRecord) -> Message:
    """Of a plugin whose name another has."""
    return _(
        "two plugins are called {name}: {one} and {other}. Block one, or give an object a name of its own "
        "(`name = …`)",
        name=record.name,
        one=held.label,
        other=record.label,
    )


def more_than(accepted: Message, name: str) -> Message:
    """Of one that wants more than was accepted."""
    return _("it now {more}, which was not accepted: peerkit plugins accept {name}", more=accepted, name=name)
