# SPDX-License-Identifier: Apache-2.0
"""What the how-to pages show as files founds a program as it stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import peerkit

DOCS = Path(__file__).resolve().parents[2] / "docs" / "how-to"


def test_the_settings_on_the_page_found_a_program(run: Callable[..., Any], tmp_path: Path) -> None:
    page = (DOCS / "found-a-program.md").read_text(encoding="utf-8")
    found = re.search(r"```toml[^\n]*\n(.*?)```", page, re.DOTALL)
    assert found is not None
    file = tmp_path / "program.toml"
    file.write_text(found[1].replace("# login", "login"), encoding="utf-8")  # as for the people whom it names
    url = f"sqlite:///{tmp_path / 'program.db'}"
    founded = run("init", "--db", url, "--settings", str(file))
    assert founded.exit_code == 0, founded.output
    with peerkit.open(url, discover=False) as kit:
        assert kit.program.lines[0].number == "555-0100"
        assert kit.actor_for("login", "jo").person != kit.actor_for("login", "robin").person
