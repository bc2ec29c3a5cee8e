# SPDX-License-Identifier: Apache-2.0
"""What made-up people say: a few sentences of each sort, none of them anybody's."""

from __future__ import annotations

HOPES = (
    "To be out among people again",
    "Somebody who has been through a long winter too",
    "Sortir de la maison une fois par semaine",
    "To talk with somebody who does not want to fix me",
    "Знайти когось, хто розуміє",
    "To sleep, and to have a reason to get up",
)
STRENGTHS = (
    "patient",
    "funny",
    "I notice things",
    "I keep promises to others",
    "je cuisine bien",
    "stubborn",
)
GOALS = (
    "Walk to the library on Saturdays",
    "Cook for somebody once a month",
    "Call my sister once a week",
    "Dormir avant une heure",
    "Find a choir that takes beginners",
    "Open the letters on the day they come",
    "Swim again 🏊",
    "Write down one good thing a day",
)
STEPS = ("Find out the opening hours", "Ask somebody along", "Buy a notebook", "Try it once")
WHY = ("It did me good before", "It is warm there", "Because I miss it", "")
PROGRESS = (
    "Went twice this week",
    "Not yet, and that is all right",
    "The first time since spring",
    "Encore une fois",
)
NOTES = (
    "We walked to the lake and back. Mornings are better than nights.",
    "We looked at the letters together and put them in order.",
    "Talked about the move, and what may stay in the boxes.",
    "On a ri deux fois.",
)
ANSWERS = ("I would add: I laughed twice.", "It was me who wanted to go on.", "Oui.", "That is how it was.")
HELPS = ("Walking while we talk.", "Being asked before advice is given.", "Silence, too.")
HINDERS = ("Being told that it will pass.", "Being called in the evening.", "")
BOUNDARIES = ("I answer messages until nine in the evening.", "We meet outside of our homes.")
RHYTHM = ("An hour a week, on a Friday.", "Every second week, by phone in between.")
REASONS = ("both walk a lot", "evenings suit both", "both have moved a lot", "they speak the same language")
NEEDS = (
    "groceries until the end of the month",
    "somebody who knows about leases",
    "a winter coat",
    "a choir",
)
SAID = (
    "Please call in the morning.",
    "I would like to know whether I may stay.",
    "Please nothing with nuts.",
    "",
)
NOTICES = ("I will not come on Monday.", "I would rather come in the afternoon.", "Please call me next week.")
CONCERNS = (
    "I could not reach them for four days, and that is not like them.",
    "They sounded as if they said goodbye.",
)
COMPLAINTS = ("They told others what was said between us.",)
DONE = (
    "Went there. We called the distress centre together.",
    "Called, and stayed on the line until their sister came.",
)
FEEDBACK = ("I was asked, not told.", "I would have liked to begin sooner.", "Merci, tout simplement.")
PLACES = ("the library's corner by the window", "a walk along the canal", "by phone", "the community kitchen")
SCALE = ("not at all", "once a month", "every second week", "every week", "twice a week")
SERVICES = (
    "Pantry",
    "Housing Help",
    "Community Kitchen",
    "Legal Clinic",
    "Drop-in",
    "Choir",
    "Clinic",
    "Transit Help",
)
"""What services are called, behind a made-up name."""
REPLIES = (
    "That is not how it was",
    "I would put it another way: I was tired, not cross",
    "Ce n'est pas ce que j'ai dit",
    "Yes, and please do call before you come",
)
LEARNED = (
    "That two can be quiet together",
    "To ask before I help",
    "Que je ne suis pas seul",
)
QUESTIONNAIRE = """\
format = 1
id = "last-week"
version = "{version}"
title = "Last week (fictional)"

[licence]
status = "own-words"
holder = "Simulated Peer Support (fictional)"
basis = "Made up."
checked_on = 2020-01-01
redistribution_permitted = true
item_text_included = true

[answers.yes-no]
kind = "yes-no"

[[items]]
id = "company"
answers = "yes-no"

[scoring]
method = "rule"

[[triage]]
id = "alone"
level = "talk"
when = {{ item = "company", op = "=", value = false }}

[[texts]]
language = "en"
verified = true
source = "Made up"
title = "Last week"
[texts.items]
company = "Did you have company?"
[texts.answers.yes-no]
true = "Yes"
false = "No"
"""
