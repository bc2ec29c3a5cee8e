# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from peerkit.cli import main


def test_a_program_is_made_and_ones_login_is_its_coordinator(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'made.db'}?synchronous=off"
    runner = CliRunner()
    done = runner.invoke(main, ["simulate", "--db", url, "--people", "10", "--years", "1", "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["made"]["intact"] is True
    assert told["made"]["counts"]["person"][""] > 10
    due = runner.invoke(main, ["due", "--db", url])
    assert due.exit_code == 0, due.output
    again = runner.invoke(main, ["simulate", "--db", url, "--people", "10"])
    assert again.exit_code != 0
    assert "a program here already" in again.output


def test_too_few_people_is_a_sentence(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'made.db'}"
    done = CliRunner().invoke(main, ["simulate", "--db", url, "--people", "3"])
    assert done.exit_code != 0
    assert "10 people or more" in done.output
    assert not (tmp_path / "made.db").exists()
