# SPDX-License-Identifier: Apache-2.0
"""The public names as somebody would use them. Not run: read by mypy and by pyright, both strict."""

import peerkit
from peerkit import GoalPlan, Person

with peerkit.open("memory:") as kit:
    with kit.session() as s:
        maya = s.save(Person.enrol(name="Maya"))
    with kit.session(actor=maya) as s:
        s.save(GoalPlan.begin(person=maya).add_goal("Walk to the library on Saturdays"))
        print([goal.words for plan in s.find(GoalPlan) for goal in plan.goals])


def who(one: peerkit.Ref) -> str:
    return peerkit.ref(one)
