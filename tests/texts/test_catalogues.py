# SPDX-License-Identifier: Apache-2.0
"""Every text has a translation that fits, in every language that peerkit speaks."""

from __future__ import annotations

import io
import re
import runpy
from gettext import GNUTranslations
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from babel.messages.mofile import write_mo

TOOL: dict[str, Any] = runpy.run_path(str(Path(__file__).with_name("catalogue.py")))
CATALOGUES = TOOL["catalogues"]()
HOW = "run `uv run python tests/texts/catalogue.py`, then translate what is empty"
BAD_SPACE = re.compile(r"\S[ ]:|«[ ]|[ ]»|\w[ ][!?;]")
"""French: a space that does not break before a colon and inside guillemets; in Canada none before ! ? and ;
(Office québécois de la langue française, Banque de dépannage linguistique, "Espacement avant et après")."""


@pytest.fixture(params=CATALOGUES, ids=lambda path: path.parents[1].name)
def path(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


def strings(message: Any) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def ids(message: Any) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def names(text: str) -> set[tuple[str, str | None, str | None]]:
    """The placeholders of a text, with how they are shown."""
    return {(name, shown, spec) for _, name, spec, shown in Formatter().parse(text) if name is not None}


def test_french_is_there() -> None:
    assert "fr" in {path.parents[1].name for path in CATALOGUES}


def test_the_catalogue_has_exactly_todays_texts(path: Path) -> None:
    assert path.read_bytes().decode() == TOOL["updated"](path).decode(), HOW


def test_every_text_is_translated(path: Path) -> None:
    missing = [ids(m)[0] for m in TOOL["read"](path) if m.id and not all(strings(m))]
    assert missing == [], HOW


def test_no_translation_is_only_a_guess(path: Path) -> None:
    assert [ids(m)[0] for m in TOOL["read"](path) if m.id and m.fuzzy] == []


def test_placeholders_are_those_of_the_text(path: Path) -> None:
    for message in TOOL["read"](path):
        if not message.id or "{" not in "".join(ids(message)) + "".join(strings(message)):
            continue
        wanted = set().union(*(names(one) for one in ids(message)))
        for said in strings(message):
            assert names(said) <= wanted, ids(message)[0]
        assert set().union(*(names(one) for one in strings(message))) == wanted, ids(message)[0]
        assert not any("." in name or "[" in name for name, _, _ in wanted), ids(message)[0]


def test_commands_and_options_stay_as_one_types_them(path: Path) -> None:
    typed = re.compile(r"`[^`]*`|--[a-z-]+|\b9-[18]-[18]\b|PEERKIT_[A-Z]+")
    for message in TOOL["read"](path):
        if message.id and "click" not in {place for place, _ in message.locations}:
            for said in strings(message):
                assert set(typed.findall(said)) == set(typed.findall(ids(message)[0])), ids(message)[0]


def test_what_is_installed_was_compiled_from_this(path: Path) -> None:
    fresh = io.BytesIO()
    write_mo(fresh, TOOL["read"](path))
    fresh.seek(0)
    with path.with_suffix(".mo").open("rb") as file:
        held, wanted = (GNUTranslations(one)._catalog for one in (file, fresh))  # type: ignore[attr-defined]
    assert {k: v for k, v in held.items() if k} == {k: v for k, v in wanted.items() if k}, (
        "uv sync --reinstall-package peerkit"
    )


def test_french_is_spaced_as_in_canada() -> None:
    [path] = [one for one in CATALOGUES if one.parents[1].name == "fr"]
    odd = [
        said
        for message in TOOL["read"](path)
        if message.id and "click" not in {place for place, _ in message.locations}
        for said in strings(message)
        if BAD_SPACE.search(said) or "'" in said
    ]
    assert odd == []


def test_no_word_of_a_clinic(path: Path) -> None:
    """Vocabulary of CONTRIBUTING.md, and its French counterparts."""
    clinic = re.compile(
        r"\b(patient|client|case|treatment|traitement|dossier médical|cas clinique)s?\b", re.IGNORECASE
    )
    for message in TOOL["read"](path):
        for one in (*ids(message), *strings(message)):
            assert not clinic.search(one), one
