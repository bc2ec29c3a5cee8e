# SPDX-License-Identifier: Apache-2.0
"""Ten lines and a bit: a goal is the person's, and the history says so.

python examples/quickstart.py
"""

from __future__ import annotations

import peerkit
from peerkit import Decision, GoalPlan, PeerSupporter, Person, Refused, Relationship


def main() -> None:
    """Two people agree, one suggests, the other adopts."""
    with peerkit.open("memory:") as kit:
        with kit.session() as s:  # a sandbox: its made-up coordinator
            maya = s.save(Person.enrol(name="Maya"))
            sam = s.save(Person.enrol(name="Sam"))
        with kit.session() as s:
            s.save(PeerSupporter.welcome(sam, by=Decision.of(sam, how="spoken")))
            walk = s.save(Relationship.enquire(person=maya, by=Decision.of(maya, how="spoken")))
        with kit.session() as s:
            walk = s.save(walk.propose(sam, reasons=("both like the river",)))
        with kit.session(actor=maya) as s:
            walk = s.save(walk.agree(helps="walking"))
        with kit.session(actor=sam) as s:
            walk = s.save(walk.take_on(boundaries="no calls after nine"))
        print(f"Maya and Sam: {walk.state}")

        with kit.session(actor=sam) as s:
            told = Decision.of(maya, how="spoken")
            plan = s.save(GoalPlan.begin(person=maya, by=told).suggest("Visit the market", author=sam))
        goal = plan.goals[0].id
        try:
            with kit.session(actor=sam) as s:
                s.save(plan.adopt(goal))
        except Refused as refused:
            print(f"Sam adopts it for Maya: refused, {refused}")
        with kit.session(actor=maya) as s:
            s.save(plan.adopt(goal))

        print("What happened, from the feed:")
        for line in kit.changes(limit=1000).envelopes:
            if line.kind == "goal_plan":
                for act in line.acts:
                    who = {maya.id: "Maya", sam.id: "Sam"}
                    print(
                        f"  {act.name}: {who[act.decided_by]}'s decision, written down by {who[line.actor]}"
                    )
        assert kit.verify().intact


if __name__ == "__main__":
    main()
