# SPDX-License-Identifier: Apache-2.0
"""The languages that there are, and saying a message in one of them.

Translations are gettext catalogues (`fr/LC_MESSAGES/peerkit.mo`), read by the standard library when a
language is first spoken. A folder named in `PEERKIT_TEXTS`, laid out alike, goes before them: what a host
says in its own words. Nothing here fails for want of a translation: English stands where there is none.
"""

from __future__ import annotations

import functools
import os
import struct
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from peerkit.errors import Malformed
from peerkit.texts.message import JOINED, Message, filled, verbatim

if TYPE_CHECKING:
    from gettext import NullTranslations

HERE = Path(__file__).parent
DOMAIN = "peerkit"
SOURCE = "en"
"""The language of the texts in the code."""

OVERRIDES = "PEERKIT_TEXTS"
"""The variable of the environment that names a folder of a host's own catalogues."""


@attrs.frozen
class Texts:
    """All texts in one language. Call it with a message; it gives the message, said in that language.

    `locale` is the language that it speaks (`en`, `fr`), which may be less than was asked for (`fr-CA`).
    """

    locale: str
    _catalogues: tuple[NullTranslations, ...] = attrs.field(default=(), repr=False)

    def __call__(self, message: str) -> Message:
        """The message in this language. A text that nobody marked stays as it is."""
        if not isinstance(message, Message):
            return verbatim(message)
        values = {name: self(v) if isinstance(v, Message) else v for name, v in message.values.items()}
        if message.context == JOINED:
            return message.said(filled(message.source, values))
        for catalogue in self._catalogues:
            try:
                return message.said(filled(_looked_up(catalogue, message), values))
            except (LookupError, ValueError, AttributeError):
                continue  # a translation that does not fit must not keep the text from being said
        return message.said(filled(message.source if message.n in {None, 1} else message.other, values))

    def label(self, kind: str, field: str, code: str) -> str:
        """A code as a person reads it: `label("relationship", "state", "agreed")`.

        `field` is a field of the kind (`state`, `level`, …) or `act`; `kind` is empty for codes that belong
        to no one kind, such as `label("", "objection", "no-consent")`. A code that nobody described (a
        plugin's) reads as it is written, with blanks.
        """
        from peerkit.texts.labels import label

        return self(label(kind, field, code))


def _looked_up(catalogue: NullTranslations, message: Message) -> str:
    """The translation with its placeholders; LookupError if the catalogue has none."""
    if message.n is not None:
        return catalogue.ngettext(message.source, message.other, message.n)
    if message.context:
        return catalogue.pgettext(message.context, message.source)
    return catalogue.gettext(message.source)


@functools.cache
def locales() -> tuple[str, ...]:
    """The languages that peerkit speaks, English first."""
    return (SOURCE, *sorted(path.parent.name for path in HERE.glob("*/LC_MESSAGES")))


def for_locale(*wanted: str) -> Texts:
    """The texts in the first of these languages that there are texts in, else in English.

    A language is written as in records and in the environment: `fr`, `fr-CA`, `fr_CA.UTF-8`. Malformed if one
    of them is no text.
    """
    spoken = locales()
    for one in wanted:
        if not isinstance(one, str):
            raise Malformed("a language is a text, such as fr or fr-CA", where="for_locale")
        if (found := language(one)) in spoken:
            return _texts(found, os.environ.get(OVERRIDES, ""))
    return _texts(SOURCE, os.environ.get(OVERRIDES, ""))


def language(locale: str) -> str:
    """The language of a locale: `fr` of `fr_CA.UTF-8`."""
    return locale.strip().replace("_", "-").partition(".")[0].partition("@")[0].partition("-")[0].lower()


@functools.cache
def _texts(locale: str, overrides: str) -> Texts:
    folders = [*([Path(overrides)] if overrides else []), *([HERE] if locale != SOURCE else [])]
    found = [_read(folder, locale) for folder in folders]
    return Texts(locale, tuple(one for one in found if one is not None))


def _read(folder: Path, locale: str) -> NullTranslations | None:
    from gettext import GNUTranslations

    try:
        with (folder / locale / "LC_MESSAGES" / f"{DOMAIN}.mo").open("rb") as file:
            made = GNUTranslations(file)
    except (OSError, ValueError, LookupError, AttributeError, struct.error):  # none there, or none to be read
        return None
    made.add_fallback(_Missing())  # type: ignore[arg-type]  # it answers what is asked here
    return made


class _Missing:
    """Stands behind a catalogue: what it has not got raises, where gettext would give the source."""

    def gettext(self, *_asked: object) -> str:
        raise LookupError

    ngettext = pgettext = gettext
