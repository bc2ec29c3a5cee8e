# SPDX-License-Identifier: Apache-2.0
"""`peerkit print` with names that not every font can draw."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from made_fonts import WESTERN, font

from peerkit import Person, Relationship
from peerkit.kit import Kit


@pytest.mark.usefixtures("maya")
def test_a_font_is_named_for_letters_that_the_others_lack(
    run: Callable[..., Any],
    db: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    opened: Callable[[], Kit],
) -> None:
    western, han = font(tmp_path / "western.ttf", WESTERN), font(tmp_path / "han.ttf", "李小龙")
    monkeypatch.setattr("peerkit.fonts.FONTS", (str(western),))
    with opened() as kit, kit.session(maya := kit.actor_for("login", "maya")) as s:
        s.save(s.get(Person, maya.person).update(name="李小龙"))
        walk = s.save(Relationship.enquire(person=maya.person, hopes="Company"))
    path = tmp_path / "agreement.pdf"
    told = ("print", "agreement", walk.id, "--to", str(path), "--db", db)
    lacking = run(*told, login="maya")
    assert (lacking.exit_code, "Han: 3" in lacking.stderr, path.exists()) == (2, True, False)
    assert "李" not in lacking.output
    again = run(*told, "--font", str(western), "--font", str(han), login="maya")
    assert again.exit_code == 0, again.output
    assert "Printed: the agreement, version 1." in again.stdout
    assert path.read_bytes().startswith(b"%PDF")
