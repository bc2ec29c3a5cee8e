# SPDX-License-Identifier: Apache-2.0
"""How a command ends: exit codes, and errors as one sentence each.

The numbers are public (`docs/reference/cli.md`). No error shows a person's words: peerkit's own errors
hold none, and of anybody else's only the type and the place are shown.
"""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
import traceback
from typing import TYPE_CHECKING, Any, ClassVar

import click

from peerkit import errors
from peerkit.cli.speaking import label, say, texts
from peerkit.texts import Message, _, joined, verbatim
from peerkit.texts.catalogue import SOURCE
from peerkit.texts.labels import DESCRIBED
from peerkit.texts.refusals import explained

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
"""The database cannot be opened, read or written; nor can the output."""
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
        """One paragraph for each sentence, to standard error; at a terminal as wide as that. A command to be
        copied, which is indented, stays on its line."""
        stream: Any = sys.stderr if file is None else file
        width = shutil.get_terminal_size().columns if stream is not None and stream.isatty() else 0
        for line in self.message.splitlines():
            whole = not width or line.startswith(" ")
            wrapped = [line] if whole else textwrap.wrap(line, width, break_on_hyphens=False) or [line]
            for one in wrapped:
                click.secho(one, fg="red", err=file is None, file=file)


def told(error: errors.PeerkitError) -> Told:
    """One of peerkit's errors, as the command line shows it."""
    code = next((code for kind, code in _CODES if isinstance(error, kind)), FAULT)
    what_to_do = [say(one) for one in getattr(error, "__notes__", ())]
    if isinstance(error, errors.Refused):
        return Told("\n".join([*map(_refusal, error.objections), *what_to_do]), code)
    if isinstance(error, errors.UnsavedScreen):
        from peerkit.cli.steps import lines  # wanted in the worst case only

        return Told(
            say(joined([_("NOT SAVED: {why}", why=_sentence(error)), *lines(error.steps)], "\n")), code
        )
    return Told("\n".join([say(_("Error: {message}", message=_sentence(error))), *what_to_do]), code)


def _refusal(one: errors.Objection) -> str:
    """An objection as it is shown. Its code stands behind the first line; a list goes on under it."""
    first, *listed = say(_objection(one)).splitlines() or [""]
    return "\n".join([say(_("Refused: {why} [{code}]", why=first, code=one.code)), *listed])


def _objection(one: errors.Objection) -> Message:
    """Why, in the reader's language: the sentence itself where that can be, else what its code says."""
    if isinstance(one.sentence, Message):
        return one.sentence
    if texts().locale != SOURCE and one.code in DESCRIBED["", "objection"]:
        return label("", "objection", one.code)
    return verbatim(one.sentence)


def _sentence(error: errors.PeerkitError) -> Message:
    """What an error says. Of one that only speaks English, its sort comes first in the reader's language."""
    sentence = error.args[0] if error.args else ""
    if isinstance(getattr(error, "sentence", sentence), Message) or texts().locale == SOURCE:
        return explained(error)
    sort = next((one.__name__ for one in type(error).__mro__ if one.__name__ in DESCRIBED["", "error"]), "")
    return (
        _("{what} ({detail})", what=label("", "error", sort), detail=sentence) if sort else verbatim(sentence)
    )


def fault(error: BaseException) -> Told:
    """Anything else that went wrong: its type and place, never its text."""
    from peerkit.plugins.faults import reason

    _trace(error)
    why = reason(error, "peerkit")
    sentence = _(
        "Error: peerkit met a fault of its own: it {why}. What was stored before is stored, and nothing "
        "half-done; please report it ({variable}=1 shows more, people's words too).",
        why=why,
        variable=TRACE,
    )
    return Told(say(sentence), FAULT)


def plugin_fault(error: BaseException, plugin: PluginRecord, load: Any) -> Told:
    """What a plugin's command raised that is none of peerkit's errors: its type and place."""
    from peerkit.plugins.faults import reason

    _trace(error)
    package = str(getattr(load, "__module__", "")).partition(".")[0]
    why = _("Error: plugin {plugin}: its command {why}", plugin=plugin.label, why=reason(error, package))
    return Told(say(why), PLUGIN)


def _trace(error: BaseException) -> None:
    """Show the traceback on standard error, where that was asked for. It ends nothing: delivery goes on."""
    if os.environ.get(TRACE):
        traceback.print_exception(error)
