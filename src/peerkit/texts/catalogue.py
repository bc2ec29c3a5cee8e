# SPDX-License-Identifier: Apache-2.0
"""The languages that there are, and saying a message in one of them.

Translations are gettext catalogues (`fr/LC_MESSAGES/peerkit.mo`), read by the standard library when a
language is first spoken. A folder named in `PEERKIT_TEXTS`, laid out alike, goes before them: what a host
says in its own words. A plugin's messages bring the folder of their own (`catalogue_of`), where the `.po`
that people edit is enough: what reads it takes a hundredth of a second, and nobody has to compile anything.
Nothing here fails for want of a translation: English stands where there is none.
"""

from __future__ import annotations

import functools
import os
import re
import struct
from collections.abc import Mapping
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from peerkit.errors import Malformed
from peerkit.texts.message import JOINED, Catalogue, Message, filled, verbatim

if TYPE_CHECKING:
    from gettext import NullTranslations

HERE = Path(__file__).parent
DOMAIN = "peerkit"
SOURCE = "en"
"""The language of the texts in the code."""

OVERRIDES = "PEERKIT_TEXTS"
"""The variable of the environment that names a folder of a host's own catalogues."""

Labels = Mapping[tuple[str, str], str]
"""What plugins call their codes: the context and the English of a code's bare label → their own words."""

_NAME = re.compile(r"[a-z][a-z0-9_-]*", re.ASCII)


@attrs.frozen
class Texts:
    """All texts in one language. Call it with a message; it gives the message, said in that language.

    `locale` is the language that it speaks (`en`, `fr`), which may be less than was asked for (`fr-CA`).
    """

    locale: str
    _catalogues: tuple[NullTranslations, ...] = attrs.field(default=(), repr=False)
    _overrides: str = attrs.field(default="", repr=False)
    _labels: Labels = attrs.field(factory=dict, repr=False, eq=False)

    def __call__(self, message: str) -> Message:
        """The message in this language. A text that nobody marked stays as it is."""
        if not isinstance(message, Message):
            return verbatim(message)
        own = message.catalogue
        if own is None and message.context and (held := self._labels.get((message.context, message.source))):
            return self(held)
        values = {name: self(v) if isinstance(v, Message) else v for name, v in message.values.items()}
        if message.context == JOINED:
            return message.said(filled(message.source, values))
        for catalogue in self._held(own):
            try:
                return message.said(filled(_looked_up(catalogue, message), values))
            except (LookupError, ValueError, AttributeError):
                continue  # a translation that does not fit must not keep the text from being said
        return message.said(filled(message.source if message.n in {None, 1} else message.other, values))

    def _held(self, own: Catalogue | None) -> tuple[NullTranslations, ...]:
        return self._catalogues if own is None else _own(own, self.locale, self._overrides)

    def label(self, kind: str, field: str, code: str) -> str:
        """A code as a person reads it: `label("relationship", "state", "agreed")`.

        `field` is a field of the kind (`state`, `level`, …) or `act`; `kind` is empty for codes that belong
        to no one kind, such as `label("", "objection", "no-consent")`. A code that nobody described reads as
        it is written, with blanks; what plugins call theirs is known to the texts of a kit (`kit.texts`).
        """
        from peerkit.texts.labels import label

        return self(label(kind, field, code))

    def described(self, kind: str, field: str, code: str) -> str:
        """What a plugin calls this code; the code itself where none described it, since it may be a word of
        somebody's."""
        from peerkit.texts.labels import place

        held = self._labels.get(place(kind, field, code))
        return code if held is None else self(held)

    def knowing(self, labels: Labels) -> Texts:
        """The same texts, which know what plugins call their codes."""
        return attrs.evolve(self, labels=labels) if labels else self


def _looked_up(catalogue: NullTranslations, message: Message) -> str:
    """The translation with its placeholders; LookupError if the catalogue has none."""
    if message.n is not None:
        return catalogue.ngettext(message.source, message.other, message.n)
    if message.context:
        return catalogue.pgettext(message.context, message.source)
    return catalogue.gettext(message.source)


def translates(texts: Texts, message: str) -> bool:
    """Whether a language has words for a text, the same as in English or not. For what nobody marked it has
    none."""
    if not isinstance(message, Message):
        return False
    if message.context == JOINED:
        return all(translates(texts, one) for one in message.values.values() if isinstance(one, Message))
    for catalogue in texts._held(message.catalogue):
        with suppress(LookupError, ValueError, AttributeError):
            return bool(_looked_up(catalogue, message))
    return False


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


def catalogue_of(folder: str | os.PathLike[str], domain: str) -> Catalogue:
    """The marker of a plugin's own texts, which stands where peerkit's own code has its `_`:

    ```python
    _ = catalogue_of(Path(__file__).parent / "texts", "garden")
    ```

    Translations lie in the folder as `fr/LC_MESSAGES/garden.po`, or compiled beside it as `.mo`, which goes
    first. A host's own words for them (`PEERKIT_TEXTS`) are called alike. Malformed for a domain that is not
    small letters, digits, `_` and `-`, or is peerkit's.
    """
    if not _NAME.fullmatch(domain) or domain == DOMAIN:
        told = "a domain is small letters, digits, _ and -, such as the distribution's name, and not peerkit"
        raise Malformed(told, where="catalogue_of.domain")
    return Catalogue(str(Path(folder).absolute()), domain)


@functools.cache
def _texts(locale: str, overrides: str) -> Texts:
    folders = [*([overrides] if overrides else []), *([str(HERE)] if locale != SOURCE else [])]
    return Texts(locale, _found(folders, locale, DOMAIN), overrides)


@functools.cache
def _own(catalogue: Catalogue, locale: str, overrides: str) -> tuple[NullTranslations, ...]:
    folders = [*([overrides] if overrides else []), catalogue.folder]
    return _found(folders, locale, catalogue.domain)


def _found(folders: list[str], locale: str, domain: str) -> tuple[NullTranslations, ...]:
    found = [_read(Path(folder, locale, "LC_MESSAGES", f"{domain}.mo")) for folder in folders]
    return tuple(one for one in found if one is not None)


def _read(compiled: Path) -> NullTranslations | None:
    """A catalogue, else what people edit beside it; None where there is none, or none that can be read."""
    from gettext import GNUTranslations

    from peerkit.texts.po import compiled as anew

    try:
        try:
            held = compiled.read_bytes()
        except FileNotFoundError:
            held = anew(compiled.with_suffix(".po").read_text(encoding="utf-8"))
        made = GNUTranslations(BytesIO(held))
    except (OSError, ValueError, LookupError, AttributeError, struct.error):
        return None
    made.add_fallback(_Missing())  # type: ignore[arg-type]  # it answers what is asked here
    return made


class _Missing:
    """Stands behind a catalogue: what it has not got raises, where gettext would give the source."""

    def gettext(self, *_asked: object) -> str:
        raise LookupError

    ngettext = pgettext = gettext
