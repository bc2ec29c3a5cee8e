# SPDX-License-Identifier: Apache-2.0
"""How often what happens in a simulated program: every probability of it, in one place.

A table maps ways to weights. `Dice.deal` gives each way of a table once before it draws by weight, so that
small programs hold every way too. None of these numbers is a finding about anybody: they are own choices
that give plausible shapes, and nothing may be concluded from them about real programs.
"""

from __future__ import annotations

from collections.abc import Mapping

Table = Mapping[str, float]

SUPPORTERS_FOR = 8
"""People a supporter wishes to walk beside at most (their `capacity`), with room to spare for who comes
later."""

PEOPLE_FOR = 6
"""For so many people at a time there is one supporter."""

ARRIVALS_END = 0.6
"""By this part of the time everybody has come for the first time, so that what begins can also end."""

WEEKS_TOGETHER = (4, 40)
"""How many weeks two people walk together, fewest and most (less where the whole time is short)."""

MEETS = 0.6
"""How probable a meeting is in a week."""

HAPPENS = 0.35
"""How probable anything else (`EPISODES`) is in a week."""

ENQUIRIES: Table = {"agreed": 8, "wish_first": 2, "person_declines": 1, "supporter_declines": 1, "family": 2}
"""How an enquiry comes to an agreement."""

ENDINGS: Table = {
    "died": 1,
    "not_died": 1,
    "left": 2,
    "erased": 1,
    "came_back": 2,
    "goals_met": 8,
    "moved_on": 6,
    "moved_away": 2,
    "stopped_by_person": 3,
    "lost_touch": 3,
    "handed_over": 3,
    "stays": 2,
}
"""How walking together ends."""

EPISODES: Table = {
    "plan": 5,
    "review": 3,
    "signing": 1,
    "measure": 2,
    "safety_plan": 1,
    "feedback": 2,
    "reply": 1,
    "follow_up": 1,
    "referral": 4,
    "sharing": 2,
    "notice": 1,
    "screen": 2,
    "concern": 0.5,
    "duty": 0.3,
    "rest": 1,
    "agreement": 1,
    "reading": 2,
    "glass": 0.3,
    "wall": 0.3,
    "authority": 0.3,
    "double": 0.3,
    "erasing": 0.3,
    "refused": 1,
    "task": 1,
    "training": 1,
    "group": 1,
    "interaction": 2,
    "reflection": 0.5,
}
"""What else happens in a week: the name of the table that says how (`WAYS`)."""

TAKES: Mapping[str, int] = {"follow_up": 110}
"""How many days must be left so that one of them is dealt: 30 unless told here."""

MEETINGS: Table = {
    "held": 6,
    "noted": 4,
    "noted_together": 4,
    "answered": 2,
    "moved": 1,
    "cancelled": 1,
    "entered": 1,
    "fell_through": 0.3,
    "no_note": 1,
}

WAYS: Mapping[str, Table] = {
    "plan": {
        "own_goal": 4,
        "suggested": 2,
        "adopted": 4,
        "step": 4,
        "set_aside": 2,
        "achieved": 2,
        "scaled": 2,
        "declined": 1,
    },
    "safety_plan": {"shared": 3, "own": 2, "spoken": 1, "aside": 1, "reviewed": 1},
    "review": {"held": 4, "moved": 1, "declined": 1, "stopped": 1},
    "signing": {"plan": 1, "agreement": 1},
    "measure": {"taken": 4, "declined": 2, "not_asked": 2},
    "feedback": {"given": 3, "declined": 2, "quoted": 1, "not_quoted": 1, "quoting_stopped": 1, "shared": 1},
    "reply": {"stands": 3, "spoken": 1, "taken_back": 1},
    "follow_up": {"asked": 3, "withdrawn": 1, "declined": 1},
    "referral": {
        "answered": 4,
        "gone_along": 2,
        "closed_by_a_human": 2,
        "declined_then_another": 2,
        "on_hold": 2,
        "taken_back": 1,
        "consent_withdrawn": 1,
        "alone": 2,
        "silent": 1,
        "draft": 1,
    },
    "sharing": {"standing": 3, "withdrawn": 2, "refused": 1, "lifted": 1, "let_out": 2, "held_back": 1},
    "notice": {"gone": 3, "stopped": 1, "consent_withdrawn": 1},
    "screen": {
        "quiet": 8,
        "today": 2,
        "now": 2,
        "raised": 1,
        "incomplete": 1,
        "cannot": 1,
        "lapsed": 1,
        "handed_on": 1,
        "reminded": 1,
        "speaks_again": 1,
        "answered_in_hand": 1,
        "abandoned": 1,
        "wrong_person": 1,
    },
    "concern": {"about_somebody": 2, "anonymous": 1, "about_a_supporter": 1},
    "duty": {"told": 2, "told_later": 1, "not_reported": 1},
    "rest": {"resumed": 3, "until_a_day": 2},
    "agreement": {"reworded": 1, "learned": 1, "person_updated": 1},
    "reading": {"own": 1, "supporter": 4, "coordinator": 1},
    "glass": {"told": 2, "told_later": 1, "not_sound": 1},
    "wall": {"stands": 1, "taken_down": 1},
    "authority": {"decides": 2, "ended": 1, "objected_to": 1},
    "double": {"joined": 2, "parted": 1},
    "erasing": {"feedback": 1, "meeting": 1},
    "refused": {"adopting_for_them": 1, "sending_without_consent": 1, "no_act": 1},
    "task": {"done": 3, "handed_on": 1, "dropped": 1},
    "training": {
        "course": 1,
        "hours": 4,
        "hours_questioned": 1,
        "letter": 1,
        "role": 1,
        "role_ended": 0.5,
        "check": 1,
        "renewed": 1,
        "suspended": 0.5,
        "withdrawn": 0.5,
    },
    "group": {"held": 3, "moved": 1, "cancelled": 1, "fell_through": 0.5, "entered": 2},
    "interaction": {"named": 3, "nameless": 2, "struck": 0.5},
    "reflection": {"written": 2, "reworded": 1},
}
"""How each of them goes."""

SUPPORTER_YEARS = (1.0, 4.0)
"""How long somebody supports others, fewest and most."""

SUPPORTER_EVENTS: Table = {
    "leave": 4,
    "leave_cancelled": 1,
    "ill": 2,
    "ill_covered": 2,
    "described_anew": 2,
    "another_supervisor": 1,
}
"""What happens with a supporter in a quarter of a year."""

SUPPORTER_ENDINGS: Table = {"steps_down": 4, "ended": 1, "leaves": 2, "dies": 0.3}
"""How somebody stops supporting."""

PROGRAM_EVENTS: Table = {
    "settings": 2,
    "on_call_changes": 2,
    "recipient": 2,
    "service_assured": 4,
    "service_gone_and_back": 1,
    "organization": 1,
}
"""What happens with the program in a month, beside its drill."""

DRILLS: Table = {"passed": 6, "not_answered": 1}
"""How a month's drill goes."""

TASK_DONE = 0.7
"""How probable it is that somebody does on a day what lay for a day past its time."""
