# SPDX-License-Identifier: Apache-2.0
"""Whom a family member loves is no record: no kind, no field, no question and no command of the module holds
their name, what they have, or what happened to them."""

from __future__ import annotations

from typing import Any

import attrs
import click
import peerkit_families
from peerkit_families import commands, plugin
from peerkit_families.words import _

from peerkit import hooks, texts
from peerkit.testing import texts_of

FIELDS: frozenset[str] = frozenset()
"""Every field of every kind of the module, `kind.field`, that somebody looked at and found to hold nothing
of a loved one. There is none, for the module has no kind; whoever adds one adds its fields here, and says why
none of them can hold who somebody else is."""

ASKED = {
    "track": {"supporter", "groups"},
    "enquire": {"person", "way", "asked"},
    "worry": {"about", "words", "today"},
}
"""Every argument and option of the module's commands that asks for something. `about` and `words` of a worry
go to the safety lane, where naming somebody may save their life, and make no record of theirs."""

COMMON = {
    "as", "db", "json", "decided_by", "how", "evidence", "witness", "supported_by", "on_behalf_of",
}  # fmt: skip
"""Options of every command: who acts, where, and whose decision it was."""

WORDS = ("son", "daughter", "diagnos", "loved one", "relative", "illness", "fils", "fille", "maladie")
"""How a question for them would begin."""


def supplied() -> list[Any]:
    return list(plugin.peerkit_supply())


def test_every_field_of_every_kind_was_looked_at() -> None:
    kinds = [one.cls for one in supplied() if isinstance(one, hooks.Kind)]
    own = {"id", "state", "extra", "trail"}
    fields = {f"{cls.kind}.{one.name}" for cls in kinds for one in attrs.fields(cls) if one.name not in own}
    assert fields == FIELDS


def test_it_brings_no_questionnaire() -> None:
    assert not [one for one in supplied() if isinstance(one, hooks.Instrument | hooks.Wording)]


def test_every_command_was_looked_at() -> None:
    found = {one.path.split()[-1]: one.load() for one in supplied() if isinstance(one, hooks.Command)}
    assert set(found) == set(ASKED)
    for name, command in found.items():
        assert isinstance(command, click.Command)
        assert {str(one.name) for one in command.params} - COMMON == ASKED[name]


def test_where_free_words_are_asked_for_the_prompt_says_not_to_name_them() -> None:
    assert "Leave out the name" in commands.HOPES
    assert "ni le nom" in texts.for_locale("fr")(commands.HOPES)
    asked = [one for one in commands.enquire.params if one.name == "asked"]
    assert "Leave out whom they care about" in str(getattr(asked[0], "help", ""))


def test_no_question_of_the_module_asks_for_them() -> None:
    french = texts.for_locale("fr")
    for one in texts_of(peerkit_families):
        if "?" in one.source:
            said = f"{one.source} {french(_(one.source))}".casefold()
            assert not [word for word in WORDS if word in said.split()], one.source
