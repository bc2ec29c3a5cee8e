# SPDX-License-Identifier: Apache-2.0
"""Where an output cannot be written, as on a full disk: what to do now is said in the other one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from peerkit.kit import Kit

Run = Callable[..., Any]
Opened = Callable[[], Kit]
FULL = Path("/dev/full")

pytestmark = pytest.mark.skipif(not FULL.exists(), reason="needs a device that is always full")


@pytest.fixture
def worry(tmp_path: Path) -> str:
    """A file with somebody's words."""
    file = tmp_path / "worry.txt"
    file.write_text("CANARY on the bridge", encoding="utf-8")
    return str(file)


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_a_concern_whose_output_is_full_says_what_to_do_on_the_other(
    process: Any, db: str, worry: str, opened: Opened, more: tuple[str, ...]
) -> None:
    with FULL.open("w") as full:
        done = process("concern", "--db", db, "--words", worry, *more, stdout=full)
    said = done.stderr.decode()
    assert "What was stored before is stored." in said
    assert ('"reference"' if more else "The alarm is stored.") in said
    assert "9-8-8" in said
    assert "half-done" not in said
    assert done.returncode in {4, 6}, said
    with opened() as kit:
        assert len(kit._find_all("alert")) == 1


def test_what_is_not_saved_is_said_on_the_other_output_too(process: Any, worry: str) -> None:
    with FULL.open("w") as full:
        done = process("concern", "--db", "sqlite:///nothing-here.db", "--words", worry, stderr=full)
    assert done.returncode == 6
    assert "NOT SAVED" in done.stdout.decode()
    assert "9-8-8" in done.stdout.decode()


def test_where_nothing_can_be_said_the_exit_code_says_it(
    process: Any, db: str, worry: str, opened: Opened
) -> None:
    with FULL.open("w") as full:
        done = process("concern", "--db", db, "--words", worry, stdout=full, stderr=full)
    assert done.returncode in {4, 6}
    with opened() as kit:
        assert len(kit._find_all("alert")) == 1


def test_answers_from_a_file_whose_output_is_full_say_what_to_do(
    process: Any, db: str, maya: str, tmp_path: Path, opened: Opened
) -> None:
    from peerkit.cli.app import login

    with opened() as kit:
        kit.link("login", login(), kit.actor_for("login", "robin").person)
    (tmp_path / "answers.json").write_text('{"q5": true}', encoding="utf-8")
    given = ("screen", "asq", "Maya Example", "--answers", str(tmp_path / "answers.json"))
    with FULL.open("w") as full:
        done = process(*given, "--db", db, stdout=full)
    assert "1 answer is stored" in done.stderr.decode()
    assert "9-8-8" in done.stderr.decode()


def test_what_is_no_alarm_does_not_go_where_a_log_may_be(process: Any, db: str, maya: str) -> None:
    with FULL.open("w") as full:
        done = process("policy", "--db", db, stdout=full)
    assert done.returncode == 4
    said = done.stderr.decode()
    assert "The output cannot be written (is a disk full?). What was stored before is stored." in said
    assert "9-8-8" not in said
    assert "Traceback" not in said
    assert "Exception ignored" not in said
