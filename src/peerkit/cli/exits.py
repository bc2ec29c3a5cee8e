# SPDX-License-Identifier: Apache-2.0
"""How a command ends: exit codes, and errors as one sentence each.

The numbers are public (`docs/reference/cli.md`). No error shows a person's words: peerkit's own errors
hold none, and of anybody else's only the type and the place are shown.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, ClassVar

import click

from peerkit import errors

if TYPE_CHECKING:
    from peerkit.plugins import PluginRecord

OK = 0
REFUSED = 1
"""A rule, a right or somebody else's change stands against it."""
USAGE = 2
"""The command, an option, a file or a setting cannot be read as it is."""
NOT_FOUND = 3
"""Not there, or not there for this human."""
STORAGE = 4
"""The database cannot be opened, read or written."""
PLUGIN = 5
"""A plugin is missing, failing, or waits to be accepted."""
ALARM = 6
"""A human must look: alerts are due and nobody delivers, an alert or a concern reached nobody, the chain is
broken, a screen is not saved."""
FAULT = 70
"""A fault of peerkit's own (EX_SOFTWARE of BSD's sysexits)."""
INTERRUPTED = 130
PIPE = 141
"""Who read the output went away; as a shell shows a program that SIGPIPE ended."""

_CODES: tuple[tuple[type[errors.PeerkitError], int], ...] = (
    (errors.Refused, REFUSED),
    (errors.Conflict, REFUSED),
    (errors.Malformed, USAGE),
    (errors.NotFound, NOT_FOUND),
    (errors.StorageError, STORAGE),
    (errors.PluginError, PLUGIN),
    (errors.UnsavedScreen, ALARM),
)

TRACE = "PEERKIT_TRACEBACK"
"""Set in the environment, a fault shows its traceback. It may then show what people wrote."""


class Told(click.ClickException):
    """An error in one sentence, with its exit code."""

    exit_code: ClassVar[int] = REFUSED

    def __init__(self, sentence: str, code: int) -> None:
        super().__init__(sentence)
        self.exit_code = code  # type: ignore[misc]  # click reads it from the instance too

    def show(self, file: Any = None) -> None:
        """One line for each sentence, to standard error."""
        for line in self.message.splitlines():
            click.secho(line, fg="red", err=file is None, file=file)


def told(error: errors.PeerkitError) -> Told:
    """One of peerkit's errors, as the command line shows it."""
    code = next((code for kind, code in _CODES if isinstance(error, kind)), FAULT)
    if isinstance(error, errors.Refused):
        return Told("\n".join(f"Refused: {o.sentence} [{o.code}]" for o in error.objections), code)
    if isinstance(error, errors.UnsavedScreen):
        from peerkit.cli.steps import lines  # wanted in the worst case only

        return Told("\n".join((f"NOT SAVED: {error}", *lines(error.steps))), code)
    return Told(f"Error: {error}", code)


def fault(error: BaseException) -> Told:
    """Anything else that went wrong: its type and place, never its text."""
    from peerkit.plugins.faults import reason

    if os.environ.get(TRACE):
        raise error
    why = reason(error, "peerkit")
    sentence = (
        f"Error: peerkit met a fault of its own: it {why}. Nothing half-done was kept; please report it"
    )
    return Told(f"{sentence} ({TRACE}=1 shows more, people's words too).", FAULT)


def plugin_fault(error: BaseException, plugin: PluginRecord, load: Any) -> Told:
    """What a plugin's command raised that is none of peerkit's errors: its type and place."""
    from peerkit.plugins.faults import reason

    if os.environ.get(TRACE):
        raise error
    package = str(getattr(load, "__module__", "")).partition(".")[0]
    return Told(f"Error: plugin {plugin.label}: its command {reason(error, package)}", PLUGIN)


def hush() -> None:
    """Give standard output somewhere to go, once its reader is gone."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
    except (OSError, ValueError):  # no real file behind it: nothing will be flushed there
        return
