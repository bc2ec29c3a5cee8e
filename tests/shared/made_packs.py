# SPDX-License-Identifier: Apache-2.0
"""Packs of a made-up organization, written into folders. All of their words are made up too."""

from __future__ import annotations

from pathlib import Path

from own_questionnaires import LICENCE, WEEK

HEAD = f"""\
format = 1
name = "riverside"
version = "1.0"
title = "Riverside's own (fictional)"
languages = ["en", "fr"]

{LICENCE.replace("item_text_included = true" + chr(10), "")}"""

QUESTIONS = "".join(f'q{n} = "Made up, number {n}"\n' for n in range(1, 6))
LABELS = "".join(f'{n} = "made up {n}"\n' for n in range(6))
WHO = f"""\
format = 1
instrument = "who-5"
version = "1.0"

[licence]
status = "permission-required"
holder = "Nobody (fictional)"
basis = "Made up for a test."
checked_on = 2026-11-28
redistribution_permitted = false
permission = "letter 7 (fictional)"
notice = "By permission of nobody (fictional)"
item_text_included = true

[[texts]]
language = "fr"
verified = true
source = "Made up for a test"
title = "Bien-être (inventé)"
[texts.items]
{QUESTIONS}
[texts.answers.how-much]
{LABELS}"""

GOALS = """\
format = 1
language = "en"

[[goals]]
id = "walk"
words = "Walk for ten minutes after supper"
reason = "short walks are easier to keep up than long ones"
source = "Riverside (fictional), 2026"
area = "health and rest"
"""
COURSE = """\
format = 1
id = "garden"
version = "1"
title = "Gardening"
outcomes = [{ id = "begun" }]
sources = [{ title = "t", publisher = "p", seen = "seen", says = "s" }]
"""
WORDS = """\
format = 1
id = "riverside"
language = "fr"
source = "Riverside (fictional), 2026"

[[rows]]
look_for = ["bénéficiaire"]
say = ["personne"]
verified = true
"""
WHOLE = {
    "pack.toml": HEAD,
    "instruments/week.toml": WEEK,
    "wordings/who-5-fr.toml": WHO,
    "goals/en.toml": GOALS,
    "courses/garden.toml": COURSE,
    "words/fr.toml": WORDS,
}
"""One of everything."""


def written(folder: Path, files: dict[str, str]) -> Path:
    """A folder with these files."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def only(*names: str, languages: str, **changes: str) -> dict[str, str]:
    """A pack with some of its files, in these languages, and other words in its head (`name="other"`)."""
    head = HEAD.replace('["en", "fr"]', languages)
    for key, value in changes.items():
        old = {"name": '"riverside"', "version": '"1.0"'}[key]
        head = head.replace(f"{key} = {old}", f'{key} = "{value}"')
    return {"pack.toml": head, **{name: WHOLE[name] for name in names}}
