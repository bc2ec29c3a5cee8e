# SPDX-License-Identifier: Apache-2.0
"""An async app: `await kit.arun(…)` for every piece of work, ordinary functions inside.

A kit's calls wait for a disk. `arun` runs one in a thread of its own, so the event loop goes on; what is
awaited is durable. The handlers here are plain coroutines; in a web framework they would look the same.

python examples/async_app.py
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

import peerkit
from peerkit import Actor, GoalPlan, Kit, PeerkitError, Person, Progress, Refused

SETTINGS = {
    "name": "Riverside Peer Support (fictional)",
    "coordinator": {"name": "Robin Example"},
    "path": [{"role": "coordinator", "minutes": 15}],
}


@attrs.frozen
class App:
    """What the handlers need. One kit a process; it is safe to use from every thread."""

    kit: Kit

    async def answer(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """One request, one answer. Who asks was signed in elsewhere."""
        try:
            actor = self.kit.actor_for("app", asked["user"])
            match asked["do"]:
                case "note":
                    return await self.note(actor, asked)
                case "notes":
                    return await self.notes(actor, asked["plan"])
                case _:
                    return {"error": "there is no such request"}
        except Refused as refused:
            return {"error": str(refused), "codes": refused.codes}
        except PeerkitError as error:
            return {"error": str(error)}

    async def note(self, actor: Actor, asked: Mapping[str, Any]) -> dict[str, Any]:
        """How it goes. The client's own id of the request is the key: sending it again does nothing twice."""

        def work(s: Any) -> None:
            plan = s.get(GoalPlan, asked["plan"])
            s.save(Progress.note(plan=plan, goal=plan.goals[0].id, words=asked["words"], author=actor.person))

        receipt = await self.kit.arun(work, actor=actor, key=asked["request"])
        return {"done": True, "again": receipt.replayed}

    async def notes(self, actor: Actor, plan: str) -> dict[str, Any]:
        """What was noted. Reading waits for the disk too."""
        receipt = await self.kit.arun(lambda s: [n.words for n in s.find(Progress, plan=plan)], actor=actor)
        return {"notes": receipt.result}


def found(url: str) -> tuple[Kit, str]:
    """A program in which Maya has a plan; the kit and the plan's id."""
    kit = peerkit.open(url, settings=SETTINGS)
    with kit.session(actor=kit.first_coordinator) as s:
        maya = s.save(Person.enrol(name="Maya Example"))
    kit.link("app", "maya", maya)
    with kit.session(actor=maya) as s:
        plan = s.save(GoalPlan.begin(person=maya).add_goal("Walk to the library on Saturdays"))
    return kit, plan.id


async def main(folder: Path) -> None:
    """Twenty requests at once, one of them twice, one of somebody whom nobody knows."""
    kit, plan = await asyncio.to_thread(found, f"sqlite:///{folder}/peer.db")
    with kit:
        app = App(kit)
        common = {"user": "maya", "do": "note", "plan": plan}
        asked = [{**common, "words": f"Week {n}", "request": f"r{n}"} for n in range(20)]
        await asyncio.gather(*(app.answer(one) for one in asked))
        print("again:", await app.answer(asked[7]))
        found_notes = await app.answer({"user": "maya", "do": "notes", "plan": plan})
        print(len(found_notes["notes"]), "notes")
        print("stranger:", await app.answer({"user": "nobody", "do": "notes", "plan": plan}))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        asyncio.run(main(Path(place)))
