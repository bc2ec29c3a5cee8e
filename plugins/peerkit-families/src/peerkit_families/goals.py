# SPDX-License-Identifier: Apache-2.0
"""Goals such as family members have had: for themselves, each with what it costs, what it needs, and a
version that does without.

None of them is about changing, watching or rescuing anybody else, and none about having somebody taken to
hospital against their will. Hard hours are planned together with whom they are about, if *they* want it.
"""

from __future__ import annotations

from collections.abc import Iterator

from peerkit.hooks import GoalTemplate
from peerkit_families.words import _

SOURCE = _("families module of peerkit, in its own words, 2026")
FREE = _("free")


def templates() -> Iterator[GoalTemplate]:
    """Every goal, those for rest first."""
    yield GoalTemplate(
        name="family-rest",
        words=_("Keep half an hour a day in which I look after nobody"),
        reason=_("rest is no reward for when all is well: who goes on for years needs it on ordinary days"),
        source=SOURCE,
        area="health and rest",
        cost=FREE,
        needs=("private-place",),
        instead={
            "private-place": _(
                "Keep half an hour a day in which I look after nobody, out of the "
                "house: on a bench, in a library"
            )
        },
    )
    yield GoalTemplate(
        name="family-sleep",
        words=_("Silence my phone at night, but for the numbers that may wake me"),
        reason=_("half listening all night is no sleep; who may ring can be settled in the daytime"),
        source=SOURCE,
        area="health and rest",
        cost=FREE,
        needs=("phone",),
        instead={
            "phone": _(
                "Go to bed at the same hour on five nights of the week, and leave the door as I like it"
            )
        },
    )
    yield GoalTemplate(
        name="family-friends",
        words=_("See a friend once a week and talk about something else too"),
        reason=_("people of one's own often drift away when one person takes all the worry"),
        source=SOURCE,
        area="people",
        cost=FREE,
        needs=("transport",),
        instead={
            "transport": _(
                "Talk with a friend once a week, by phone or on a walk near home, about something else too"
            )
        },
    )
    yield GoalTemplate(
        name="family-boundaries",
        words=_("Say once this week what I can do and what I cannot, and leave it at that"),
        reason=_("a boundary is about what I do, not about what somebody else must do"),
        source=SOURCE,
        area="being myself",
        cost=FREE,
    )
    yield GoalTemplate(
        name="family-listening",
        words=_("Listen for ten minutes without advice, and ask what would help"),
        reason=_("being heard is often what was missing, and nobody has to mend anything for it"),
        source=SOURCE,
        area="people",
        cost=FREE,
    )
    yield GoalTemplate(
        name="family-learning",
        words=_(
            "Read one thing about what is going on, from a source that I trust, and note what I want to ask"
        ),
        reason=_("to know more takes away some of the fear, and shows what is nobody's fault"),
        source=SOURCE,
        area="learning",
        cost=FREE,
        needs=("internet",),
        instead={
            "internet": _(
                "Ask at a library for one good book about what is going on, and note what I want to ask"
            )
        },
    )
    yield GoalTemplate(
        name="family-hard-hours",
        words=_(
            "Ask whether they would like to plan for hard hours together; if not, plan my own part alone"
        ),
        reason=_(
            "it is their plan: it helps if they want it, and my own part I may settle whatever they say"
        ),
        source=SOURCE,
        area="people",
        cost=FREE,
    )
    yield GoalTemplate(
        name="family-services",
        words=_(
            "Call one service this week and write down what it does, for whom, and when somebody answers"
        ),
        reason=_("finding one's way among services is work; a list makes it shorter the next time"),
        source=SOURCE,
        area="getting around",
        cost=FREE,
        needs=("phone",),
        instead={
            "phone": _(
                "Go by one service this week, or ask my supporter to look it up with "
                "me, and write down what it does"
            )
        },
    )
    yield GoalTemplate(
        name="family-money",
        words=_("Look up which help with money I may ask for: as a caregiver, for rent, for trips"),
        reason=_("caring costs money and hours at work, and some of that can be asked back"),
        source=SOURCE,
        area="money",
        cost=FREE,
        needs=("internet",),
        instead={
            "internet": _(
                "Ask at a community centre which help with money I may ask for: as a "
                "caregiver, for rent, for trips"
            )
        },
    )
    yield GoalTemplate(
        name="family-budget",
        words=_("Decide how much I can give or lend in a month, and tell it before I am asked"),
        reason=_("a number that was settled on a calm day is easier to keep to"),
        source=SOURCE,
        area="money",
        cost=_("what I decide"),
        needs=("money",),
        instead={
            "money": _(
                "Decide what I can give that costs no money, such as an hour or a meal "
                "together, and say that it is this"
            )
        },
    )
    yield GoalTemplate(
        name="family-share",
        words=_("Ask one person for one thing that they could take over each week"),
        reason=_("many would help and do not know with what"),
        source=SOURCE,
        area="people",
        cost=FREE,
    )
    yield GoalTemplate(
        name="family-group",
        words=_("Go to a group for families twice, and see whether it is for me"),
        reason=_("there, nothing has to be explained first"),
        source=SOURCE,
        area="community",
        cost=FREE,
        needs=("transport",),
        instead={
            "transport": _("Join a group for families twice by phone or online, and see whether it is for me")
        },
    )
