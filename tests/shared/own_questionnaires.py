# SPDX-License-Identifier: Apache-2.0
"""Questionnaires of a made-up program, and what a coordinator does with them."""

from __future__ import annotations

from typing import Any

import attrs

from peerkit import Actor, Program, Questionnaire, hookimpl
from peerkit.hooks import Instrument, Supply
from peerkit.kit.steps import stage
from peerkit.ports import Batch

LICENCE = """\
[licence]
status = "own-words"
holder = "Walking Together (fictional)"
basis = "Our own words."
checked_on = 2026-11-22
redistribution_permitted = true
item_text_included = true
"""
WEEK = f"""\
format = 1
id = "week"
version = "1.0"
title = "How was the week?"

{LICENCE}
[answers.yes-no]
kind = "yes-no"

[[items]]
id = "q1"
answers = "yes-no"

[[items]]
id = "q2"
answers = "yes-no"

[scoring]
method = "rule"

[[triage]]
id = "alone"
level = "today"
when = {{ item = "q1", op = "=", value = false }}

[[texts]]
language = "en"
verified = true
source = "Our own words"
title = "How was the week?"
[texts.items]
q1 = "Did you have company?"
q2 = "Did you sleep?"
[texts.answers.yes-no]
true = "Yes"
false = "No"
"""
BARE = WEEK[: WEEK.index("[[texts]]")].replace("item_text_included = true", "item_text_included = false")
PACK = f"""\
format = 1
instrument = "week"
version = "1.0"
{LICENCE}[[texts]]
language = "fr"
verified = true
source = "Nos propres mots"
title = "Comment était la semaine ?"
[texts.items]
q1 = "Aviez-vous de la compagnie ?"
q2 = "Avez-vous dormi ?"
[texts.answers.yes-no]
true = "Oui"
false = "Non"
"""
MILDER = WEEK.replace('"1.0"', '"1.1"').replace('level = "today"', 'level = "talk"')
CLINICAL = WEEK.replace('title = "How', 'pack = "clinical"\ntitle = "How', 1)


class Supplies:
    """A plugin that supplies texts."""

    name = "supplies"

    def __init__(self, *texts: str) -> None:
        self.texts = texts

    @hookimpl
    def peerkit_supply(self) -> list[Supply]:
        return [Instrument(text, f"{n}.toml") for n, text in enumerate(self.texts)]


def add(world: Any, text: str = WEEK, by: str = "cora") -> Any:
    with world.kit.session(actor=world.people[by]) as s:
        return s.save(Questionnaire.add(text))


def withdraw(world: Any, record: Any) -> None:
    with world.kit.session(actor=world.cora) as s:
        s.save(s.get(Questionnaire, record.id).withdraw())


def receive(world: Any, *lines: str) -> None:
    with world.kit.session(actor=world.cora) as s:
        s.save(s.get(Program, world.kit.program.id).update(settings={"receives": lines}))


def darken(world: Any, record: Any) -> None:
    """Its next version is one of a newer peerkit's."""
    change = stage(record.withdraw(), Actor.system("tomorrow"), world.kit.codec).change
    newer = attrs.evolve(change, doc_version=99, body=b'{"file": "a word of tomorrow"}')
    world.kit.storage.commit(Batch((newer,), world.clock.now()))


def lines(world: Any) -> list[tuple[str, str, str]]:
    return [(one.id, one.version, one.state) for one in world.kit.instruments() if one.origin != "peerkit"]


def tasks(world: Any, what: str = "screen-result", about: str = "") -> list[str]:
    names = {id_: name for name, id_ in world.people.items()}
    found = [t for t in world.all("task") if t.what == what and about in ("", t.about)]
    return [names[t.owner] for t in found]
