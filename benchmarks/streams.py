# SPDX-License-Identifier: Apache-2.0
"""Every record of a large program streamed out in a process of its own, and the memory that it takes.

`python -m benchmarks.streams FILE` is that process: it reads page after page of every kind, turns each record
into a line of JSON and throws it away, and prints what it counted.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.large import large
from benchmarks.lines import Line, Setup
from benchmarks.program import opened
from peerkit import Actor
from peerkit.kinds import PLACES, core_kind

PAGE = 1000
MOST = 150


def streamed(setup: Setup) -> list[Line]:
    """Memory at the end beside memory after the first tenth."""
    file = large(setup.kept, setup.size.many)
    ran = subprocess.run(
        [sys.executable, "-m", __name__, str(file)],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[1],
    )
    found = json.loads(ran.stdout)
    told = (
        f"{found['bytes'] / 1e6:,.0f} MB of JSON in {found['seconds']:.0f} s; at most {MOST} MB: "
        f"{'kept' if found['peak'] <= MOST else '**missed**'}"
    )
    work = f"{found['records']:,} records streamed out, peak memory"
    against = "after the first tenth of them"
    return [Line(work, against, None, None, None, found["peak"], found["tenth"], "MB", told=told)]


def stream(file: Path) -> dict[str, Any]:
    """Read everything that there is, as a part of the program may."""
    kit = opened(file)
    began, records, size, tenth = time.perf_counter(), 0, 0, 0.0
    with kit, kit.session(actor=Actor.system("benchmark")) as s:
        kinds = [kind for kind in map(core_kind, PLACES) if kind is not None]
        whole = sum(s.count(kind) for kind in kinds)
        for kind in kinds:
            after: str | None = None
            while True:
                page = s.find(kind, limit=PAGE, after=after)
                for record in page:
                    size += len(kit.codec.encode(record)) + 1
                records += len(page)
                if not tenth and records * 10 >= whole:
                    tenth = peak()
                if (after := page.after) is None:
                    break
    seconds = time.perf_counter() - began
    return {"records": records, "bytes": size, "seconds": seconds, "tenth": tenth, "peak": peak()}


def peak() -> float:
    """The process's largest resident size so far, in MB.

    On Linux as the kernel knows it of this program's memory alone: what `getrusage` gives begins with the
    size of the process that started this one.
    """
    status = Path("/proc/self/status")
    if status.exists():
        told = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(told["VmHWM"].split()[0]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024)  # bytes, on macOS


if __name__ == "__main__":
    print(json.dumps(stream(Path(sys.argv[1]))))
