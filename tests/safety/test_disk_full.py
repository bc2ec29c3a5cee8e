# SPDX-License-Identifier: Apache-2.0
"""A disk that takes no byte more (by the process's own limit on file sizes): what to do now is said, who is
asked sees the alert, and when there is room again it goes on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import os, resource, sys
import peerkit
from peerkit import UnsavedScreen

url = sys.argv[1]
settings = {"name": "Small", "coordinator": {"name": "Cora", "reach": ["console:desk"]},
            "path": [{"role": "coordinator", "minutes": 5}], "notifiers": ["console"]}
with peerkit.open(url, settings=settings, discover=False) as kit:
    cora = kit._find_all("appointment")[0].person
    with kit.session(actor=cora) as s:
        screen = s.screening("asq")
        screen.answer("q1", False)
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        path = url.removeprefix("sqlite:///").partition("?")[0]
        resource.setrlimit(resource.RLIMIT_FSIZE, (os.path.getsize(path + "-wal"), hard))
        try:
            screen.answer("q5", True)
            raise SystemExit("it was stored on a full disk")
        except UnsavedScreen as full:
            steps, told = full.steps, str(full)
        try:
            kit.concern("worried")
            raise SystemExit("it was stored on a full disk")
        except UnsavedScreen:
            pass
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert steps.level == "now" and not steps.saved, steps
        assert [line.number for line in steps.call][:2] == ["9-8-8", "9-1-1"]
        assert kit._find_all("alert") == []
        assert screen.answer("q5", True).level == "now"
    assert [a.level for a in kit._find_all("alert")] == ["now"]
    assert kit.verify().intact
    print("told:", told)
"""


LOOKING = """
import os, resource, sys
import peerkit

url = sys.argv[1]
settings = {"name": "Small", "coordinator": {"name": "Cora", "reach": ["console:desk"]},
            "path": [{"role": "coordinator", "minutes": 5}], "notifiers": ["console"]}
with peerkit.open(url, settings=settings, discover=False) as kit:
    cora = kit._find_all("appointment")[0].person
    kit.concern("worried")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    path = url.removeprefix("sqlite:///").partition("?")[0]
    resource.setrlimit(resource.RLIMIT_FSIZE, (os.path.getsize(path + "-wal"), hard))
    [alert] = kit.alerts(cora)
    assert "reads-unlogged" in {one.code for one in kit.health().problems}
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert kit._find_all("read") == []
    kit.deliver()
    assert [(one.reader, one.records) for one in kit._find_all("read")] == [(cora, (alert.id,))]
    assert "reads-unlogged" not in {one.code for one in kit.health().problems}
"""


def _run(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    script = folder / "program.py"
    script.write_text(program, encoding="utf-8")
    url = f"sqlite:///{folder / 'full.db'}"
    return subprocess.run([sys.executable, str(script), url], capture_output=True, text=True, check=False)


@pytest.mark.skipif(sys.platform == "win32", reason="the limit on file sizes is POSIX")
def test_a_full_disk_raises_with_what_to_do_now_and_loses_nothing(tmp_path: Path) -> None:
    done = _run(PROGRAM, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "could not be stored (StorageError)" in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="the limit on file sizes is POSIX")
def test_who_is_asked_sees_the_alert_on_a_full_disk_and_that_is_logged_when_there_is_room(
    tmp_path: Path,
) -> None:
    done = _run(LOOKING, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
