# SPDX-License-Identifier: Apache-2.0
"""Goals that young people have had. Each stays nobody's until somebody says it in words of their own."""

from __future__ import annotations

from peerkit.hooks import GoalTemplate
from peerkit_youth.words import _

SOURCE = _("A drop-in for young people (fictional), 2026")

GOALS = (
    GoalTemplate(
        name="youth-one-adult",
        words=_("Find one adult I can call when it gets loud at home"),
        reason=_("one person who answers is a start"),
        source=SOURCE,
        area=_("people"),
        needs=("phone",),
        instead={"phone": _("Find one adult I can go to when it gets loud at home")},
    ),
    GoalTemplate(
        name="youth-back-to-class",
        words=_("Go to one class this week, the one I mind least"),
        reason=_("one class is easier to walk into than a whole week"),
        source=SOURCE,
        area=_("school and work"),
    ),
    GoalTemplate(
        name="youth-cook-together",
        words=_("Cook something on Thursdays and eat it with somebody"),
        reason=_("eating together is a reason to come back"),
        source=SOURCE,
        area=_("health and rest"),
        cost=_("about 5 $"),
        needs=("money", "kitchen"),
        instead={"money kitchen": _("Come to the drop-in's supper on Thursdays")},
    ),
)
