# SPDX-License-Identifier: Apache-2.0
"""Goals such as many people have had, as data: `goals/en.toml` and `goals/fr.toml`, in the form of a pack.

A goal is nobody's until a person says one in words of their own. Its source names the publication, and behind
it the goal's own id: by that it is known again in a plan, in whatever words and language.
"""

from __future__ import annotations

import functools
import re
import tomllib
from importlib.resources import files

from peerkit.hooks import GoalTemplate

LANGUAGES = ("en", "fr")
_FOLDER = files("peerkit_diabetes") / "goals"
_MARK = re.compile(r" \[peerkit-diabetes/(?P<id>[a-z-]+)\]$")


@functools.cache
def templates() -> tuple[GoalTemplate, ...]:
    """Every goal, in each language."""
    return tuple(one for language in LANGUAGES for one in _read(language))


def id_of(source: str) -> str:
    """Which goal of this module a source names (`walk-after`); blank for any other."""
    found = _MARK.search(source)
    return found["id"] if found else ""


def _read(language: str) -> list[GoalTemplate]:
    held = tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    return [
        GoalTemplate(
            name=one["id"],
            words=one["words"],
            reason=one["reason"],
            source=f"{one['source']} [peerkit-diabetes/{one['id']}]",
            area=one["area"],
            locale=language,
            cost=one["cost"],
            needs=tuple(one.get("needs", ())),
            instead=one.get("instead", {}),
        )
        for one in held["goals"]
    ]
