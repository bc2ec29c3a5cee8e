# SPDX-License-Identifier: Apache-2.0
"""What peerkit says to people, in their language.

A text is written once, in English, where it is said, and marked: `_("{name} says yes.", name=name)`. That is
a `Message`: a text like any other, which a `Texts` can say in its own language too:

    fr = texts.for_locale("fr-CA")
    fr(_("Stay together."))                          # the text, said in French
    fr(many("{n} meeting", "{n} meetings", 3))       # with the language's own plural
    fr.label("relationship", "state", "agreed")      # a code, as a person reads it

The translations are gettext catalogues beside this file, one folder a language. A plugin marks its texts
with a marker of its own, which knows where theirs lie:

    _ = texts.catalogue_of(Path(__file__).parent / "texts", "peerkit_garden")

How to add a language, and how a host says something in its own words, stands in `docs/how-to/languages.md`.
"""

from __future__ import annotations

from peerkit.texts.catalogue import Texts, catalogue_of, for_locale, locales
from peerkit.texts.message import Catalogue, Message, _, joined, listed, many, verbatim

__all__ = [
    "Catalogue",
    "Message",
    "Texts",
    "_",
    "catalogue_of",
    "for_locale",
    "joined",
    "listed",
    "locales",
    "many",
    "verbatim",
]
