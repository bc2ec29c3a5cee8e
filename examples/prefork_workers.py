# SPDX-License-Identifier: Apache-2.0
"""Pre-fork workers, as gunicorn and uWSGI have them: each worker opens its own kit, after the fork.

A kit does not go through a fork: an open database file must not be used from two processes through one
connection. Used in a child, a kit that its parent opened refuses with a sentence. So: found or migrate first,
close, then fork.

python examples/prefork_workers.py        (needs an operating system with fork)
"""

from __future__ import annotations

import functools
import multiprocessing
import os
import tempfile
from pathlib import Path

import peerkit
from peerkit import Actor, GoalPlan, Kit, Person, Progress, StorageError

SETTINGS = {
    "name": "Riverside Peer Support (fictional)",
    "coordinator": {"name": "Robin Example"},
    "path": [{"role": "coordinator", "minutes": 15}],
}
WORKERS, NOTES = 3, 5
FORK = multiprocessing.get_context("fork")


def worker(url: str, maya: str, plan_id: str) -> None:
    """One worker: its own kit, opened here."""
    with peerkit.open(url) as kit:
        for number in range(NOTES):
            words = f"worker {os.getpid()}, note {number}"
            work = functools.partial(note, maya=maya, plan_id=plan_id, words=words)
            kit.run(work, actor=Actor.of(maya), key=f"{os.getpid()}-{number}")


def note(s: peerkit.kit.Session, maya: str, plan_id: str, words: str) -> None:
    """How it goes; a record of its own, so that workers never conflict."""
    plan = s.get(GoalPlan, plan_id)
    s.save(Progress.note(plan=plan, goal=plan.goals[0].id, words=words, author=maya))


def careless(kit: Kit, maya: str) -> None:
    """What a worker must not do: use a kit that was opened before the fork."""
    try:
        with kit.session(actor=maya):
            pass
    except StorageError as error:
        print(f"in a child: {error}", flush=True)


def main(folder: Path) -> None:
    """Found, show the mistake, then fork workers that do it right."""
    url = f"sqlite:///{folder}/peer.db"
    with peerkit.open(url, settings=SETTINGS) as kit:
        with kit.session(actor=kit.first_coordinator) as s:
            maya = s.save(Person.enrol(name="Maya Example"))
        with kit.session(actor=maya) as s:
            plan = s.save(GoalPlan.begin(person=maya).add_goal("Walk to the library on Saturdays"))
        run([FORK.Process(target=careless, args=(kit, maya.id))])
    # Here the parent's kit is closed: nothing of it is carried into the workers.
    run([FORK.Process(target=worker, args=(url, maya.id, plan.id)) for _ in range(WORKERS)])
    with peerkit.open(url) as kit:
        with kit.session(actor=maya) as s:
            written = s.count(Progress, plan=plan.id)
        print(f"{WORKERS} workers wrote {written} notes; the chain is intact: {kit.verify().intact}")
        assert written == WORKERS * NOTES


def run(workers: list[multiprocessing.process.BaseProcess]) -> None:
    """Start them all, wait for them all."""
    for one in workers:
        one.start()
    for one in workers:
        one.join()
        assert one.exitcode == 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        main(Path(place))
