# SPDX-License-Identifier: Apache-2.0
"""Packs: what an organization brings as files alone, and the words for questionnaires that ship without.

A pack is a plugin without code: a folder whose `pack.toml` says what it is and by what right it is passed
on. Nothing is read here; whoever loads the plugins reads it (`peerkit.plugins`).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from peerkit.errors import Malformed

if TYPE_CHECKING:
    from peerkit.instruments.definition import Licence


@attrs.frozen
class Wording:
    """The words for a questionnaire that ships without them, or lacks a language: the text of the TOML file
    and the file's name for errors.

    It is the file that `peerkit instruments add` takes: `instrument`, `version`, a `licence` record that
    permits the words, and `texts`. It changes no question and no rule. Words in a language that the
    questionnaire has already are left out and said so; two plugins with words for one questionnaire, version
    and language are an error that names both.
    """

    text: str = attrs.field(repr=False)
    source: str = ""


@attrs.frozen
class Pack:
    """A folder that is a plugin; `pack` makes it. Its name and version stand in its `pack.toml`."""

    folder: Path


def pack(folder: str | os.PathLike[str]) -> Pack:
    """A folder with a `pack.toml` as a plugin: questionnaires, wordings, goal templates, course rules and
    word lists as TOML files, and no code.

    `peerkit.open(url, plugins=[hooks.pack("riverside")])` loads one; a distribution names one in its entry
    point. Nothing is read before it is loaded; one file that cannot be used makes the whole pack fail, with
    its name, item and field, and nothing else. Malformed for what is no path.

    ```python
    PACK = peerkit.hooks.pack(Path(__file__).parent)
    ```
    """
    try:
        return Pack(Path(os.path.abspath(folder)))  # noqa: PTH100  # a link stays a link: it may be turned
    except (TypeError, ValueError):
        raise Malformed("a folder is named by its path", where="pack.folder") from None


@attrs.frozen
class PackItem:
    """One thing in a pack: its `sort` (`instrument`, `wording`, `goal`, `course`, `words`), its name, the
    languages of its words, and its file. `licence` is the ground of an instrument or a wording; what has none
    of its own stands on the pack's."""

    sort: str
    name: str
    languages: tuple[str, ...]
    file: str
    licence: Licence | None = None


@attrs.frozen
class PackRecord:
    """What a pack says of itself, and what is in it, as `kit.plugins` lists it beside the plugin.

    `licence` is the ground on which its goals, words and courses are passed on. `sha256` is the hash of all
    its files together: a version is never edited once it was used.
    """

    name: str
    version: str
    title: str
    languages: tuple[str, ...]
    licence: Licence
    contents: tuple[PackItem, ...]
    sha256: str
