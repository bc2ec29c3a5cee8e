# SPDX-License-Identifier: Apache-2.0
"""The language of one call of `peerkit`: `--lang`, else `PEERKIT_LANG`, else what the system speaks.

A language that there is not never stops a command (one of them raises alarms): it speaks English then, and
says so.
"""

from __future__ import annotations

import copy
import gettext
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from typing import TypeVar

import click

from peerkit.texts import Message, Texts, _, for_locale, joined, locales, verbatim
from peerkit.texts.catalogue import DOMAIN, HERE, SOURCE, Labels, language
from peerkit.texts.message import Catalogue, paragraphs

C = TypeVar("C", bound=click.Command)

OPTION = "--lang"
VARIABLE = "PEERKIT_LANG"
SYSTEM = ("LC_ALL", "LC_MESSAGES", "LANG")
"""Variables of the system, in the order in which they count (POSIX)."""

_texts: ContextVar[Texts | None] = ContextVar("peerkit_texts", default=None)


def texts() -> Texts:
    """The texts in the language of this call."""
    return _texts.get() or for_locale()


def say(message: str) -> str:
    """A message in the language of this call. A text that nobody marked stays as it is."""
    return texts()(message) if isinstance(message, Message) else message


@contextmanager
def knowing(labels: Labels) -> Iterator[None]:
    """Know what plugins call their codes, inside."""
    held = _texts.set(texts().knowing(labels))
    try:
        yield
    finally:
        _texts.reset(held)


def label(kind: str, field: str, code: str) -> Message:
    """A code as a person reads it."""
    from peerkit.texts.labels import label as of

    return of(kind, field, code)


def chosen(arguments: Sequence[str], environ: Mapping[str, str]) -> tuple[str, list[str], str]:
    """Which language was asked for (empty: none), the arguments without it, and the one that peerkit does
    not speak, if that was asked for by name."""
    rest: list[str] = []
    named = ""
    given = iter(arguments)
    for one in given:
        if one == "--":
            rest += [one, *given]
        elif one == OPTION:
            named = next(given, "")
        elif one.startswith(f"{OPTION}="):
            named = one.partition("=")[2]
        else:
            rest.append(one)
    named = named or environ.get(VARIABLE, "")
    if named:
        return named, rest, "" if language(named) in locales() else named
    return next((environ[name] for name in SYSTEM if environ.get(name)), ""), rest, ""


LANGUAGES = {"en": _("English"), "fr": _("French")}
"""What the languages are called that peerkit has questions in."""


def language_named(tag: str) -> Message:
    """A language by its name, with the tag that a command takes."""
    name = LANGUAGES.get(language(tag))
    return verbatim(tag) if name is None else joined([name, verbatim(f"({tag})")])


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Speak this language inside; what click says itself too, which asks gettext's own global catalogue."""
    spoken = for_locale(locale)
    held = _texts.set(spoken)
    domain, folder = gettext.textdomain(), gettext.bindtextdomain(DOMAIN)
    before = os.environ.get("LANGUAGE")
    gettext.bindtextdomain(DOMAIN, str(HERE))
    gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = spoken.locale
    try:
        with nullcontext() if spoken.locale == SOURCE else _logging():
            yield
    finally:
        _texts.reset(held)
        gettext.textdomain(domain)
        gettext.bindtextdomain(DOMAIN, folder)
        if before is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = before


@contextmanager
def _logging() -> Iterator[None]:
    """Inside, a plugin that failed is logged in the language of this call: at a terminal the log is read."""
    import logging  # only where it has something to say otherwise

    def translated(record: logging.LogRecord) -> bool:
        record.msg = say(record.msg)
        return True

    logger = logging.getLogger("peerkit.plugins")
    logger.addFilter(translated)
    try:
        yield
    finally:
        logger.removeFilter(translated)


def warn() -> None:
    """Say that there are no texts in the language that was asked for."""
    sentence = _(
        "There are no texts in that language; there are: {languages}.", languages=", ".join(locales())
    )
    click.echo(say(sentence), err=True)


# -- help ------------------------------------------------------------------------------------------


def help_text(text: str | None, catalogue: Catalogue | None = None) -> str | None:
    """A help text in the language of this call, paragraph by paragraph; of a plugin, from its catalogue."""
    if not text:
        return text
    return "\n\n".join(_helping(one, catalogue) for one in paragraphs(text))


def _helping(text: str, catalogue: Catalogue | None) -> str:
    """A paragraph of help; what a plugin's catalogue does not know may be of an option of peerkit's own."""
    said = texts()(Message(text, catalogue=catalogue))
    return said if catalogue is None or said != text else texts()(Message(text))


def localized(command: C, catalogue: Catalogue | None = None) -> C:
    """The command with its help in the language of this call; the command itself where that is English. A
    plugin's is in its `catalogue`."""
    if texts().locale == SOURCE:
        return command
    made = copy.copy(command)
    made._help_option = None  # click keeps the one that it made, in the language in which it was first asked
    made.help, made.epilog = help_text(command.help, catalogue), help_text(command.epilog, catalogue)
    made.short_help = help_text(command.short_help, catalogue)
    made.params = [option(one, catalogue) for one in command.params]
    if isinstance(made, click.Group):
        made.commands = {name: localized(one, catalogue) for name, one in made.commands.items()}
    return made


def option(one: click.Parameter, catalogue: Catalogue | None = None) -> click.Parameter:
    """The option with its help in the language of this call."""
    if isinstance(one, click.Option) and one.help:
        one = copy.copy(one)
        one.help = help_text(one.help, catalogue)
    return one
