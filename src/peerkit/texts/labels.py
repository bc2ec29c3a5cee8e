# SPDX-License-Identifier: Apache-2.0
"""Codes as a person reads them. A code that is a plain word reads as itself, so only the others stand here.

States and acts of the core's kinds need no line: they are found in the lifecycle tables.
"""

from __future__ import annotations

from collections.abc import Mapping

from peerkit.texts.message import Message
from peerkit.texts.refusals import ERRORS, OBJECTIONS

_NEEDS = {
    "money": "some money",
    "food-choice": "a say in what one eats",
    "kitchen": "somewhere to cook",
    "fridge": "somewhere to keep things cold",
    "fixed-address": "the same place to sleep for some weeks",
    "private-place": "a place to oneself",
    "transport": "a way to get there",
    "phone": "a phone",
    "internet": "the internet",
    "care-nearby": "a health service that takes one on",
    "getting-about": "moving about without much pain or help",
}
_BARRIERS = {
    "income": "money is short",
    "housing": "housing is short",
    "food": "food is short",
    "transport": "it is hard to get anywhere",
    "access": "services or buildings are hard to get into",
}

DESCRIBED: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("", "level"): {
        "none": "nobody has to be told",
        "talk": "talk about it",
        "today": "today",
        "now": "now",
    },
    ("", "role"): {
        "person": "the person",
        "supporter": "peer supporter",
        "cover": "standing in",
        "called": "has taken an alert about them",
        "alerted": "was told of its alert",
        "supervisor": "supervisor",
        "on-call": "on call",
        "coordinator": "coordinator",
        "privacy": "privacy contact",
        "outside": "outside body",
        "holder": "who held the screen",
        "first": "whom it reaches first",
        "nobody": "nobody",
    },
    ("alert", "step"): {
        "acknowledged": "somebody has it in hand",
        "acting": "something was done",
        "unheard": "in hand, and something urgent was answered since",
        "unreadable": "it cannot be read",
    },
    ("", "source"): {"concern": "a concern", "unknown": "a screen that cannot be read"},
    ("", "how"): {
        "account": "in their own account",
        "link": "by a one-time link",
        "paper": "on paper",
        "device": "by their own hand, on another's device",
        "spoken": "spoken",
    },
    ("", "strength"): {
        "none": "none",
        "said": "said",
        "witnessed": "with a witness",
        "signed": "signed",
        "own": "in their own account",
    },
    ("peer_supporter", "experience"): {
        "own": "own lived experience",
        "family": "experience as family",
        "both": "own and family experience",
    },
    ("relationship", "way"): {"one_to_one": "one to one", "group": "in a group", "either": "either way"},
    ("relationship", "seeking_as"): {"self": "for themselves", "family": "as family"},
    ("safety_response", "need"): {
        "supervisor_knows": "a supervisor knows",
        "acted": "something was done",
        "person_told": "the person knows who was told",
        "handed_over": "whoever helps now has received it",
        "followed_up": "somebody asked afterwards how it is",
        "debrief_offered": "a talk was offered to who was there",
    },
    ("", "class"): {
        "identity": "who they are",
        "contact": "how to reach them",
        "own": "their own words",
        "safety": "what is about safety",
        "health": "what is about health",
        "operational": "what running the program needs",
        "public": "what anybody may know",
    },
    ("alert", "skipped"): {
        "nobody": "nobody holds it",
        "away": "away",
        "barred": "may not know of it",
        "spared": "raised it, and is there",
        "cannot": "cannot come",
        "hours": "not in these hours",
        "unreachable": "cannot be reached",
        "quiet": "rests now",
    },
    ("risk_screen", "obstacle"): {
        "instrument-off": "nobody receives what this questionnaire finds",
        "instrument-withdrawn": "this questionnaire was withdrawn",
        "instrument-changed": "the questionnaire is not the one that it began with",
        "language-changed": "the words are not in the language that it began in",
        "no-language": "the language that was said is none",
        "unknown-instrument": "nobody here knows the questions",
        "closed-screen": "something was answered after it was over",
    },
    ("meeting", "support"): {
        one: one.replace("_", " ")
        for one in (
            "mentorship",
            "emotional",
            "problem_solving",
            "goal_setting",
            "social",
            "practical",
            "accompaniment",
            "navigation",
        )
    },
    ("meeting", "present"): {
        "interpreter": "interpreter",
        "adult_interpreting": "an adult who interpreted",
        "companion": "companion",
        "family": "family",
        "colleague": "colleague",
        "child": "child",
        "other": "somebody else",
    },
    ("interaction", "channel"): {
        one: one.replace("_", " ") for one in ("call", "text", "chat", "video", "in_passing")
    },
    ("activity", "format"): {
        "drop_in": "drop-in",
        "self_help_meeting": "self-help meeting",
        "social_recreation": "social recreation",
        "patient_council": "council of people in hospital",
        "alternative_business": "alternative business or social enterprise",
        "survivor_run_service": "service run by survivors",
        "crisis_support": "crisis support",
        "warm_line": "warm line",
        "historical_remembrance": "historical remembrance",
        "worker_association": "association of workers",
        "arts_culture": "arts and culture",
        "specialized_justice": "around justice",
        "specialized_trauma": "around trauma",
        "specialized_substance_use": "around substance use",
        "hospital_to_home": "from hospital to home",
        **{
            one: one
            for one in ("group", "research", "evaluation", "housing", "training", "advocacy", "network")
        },
    },
    ("relationship", "ending"): {
        "goals_met": "goals were met",
        "moved_on": "moved on",
        "moved_away": "moved away",
        "stopped_by_person": "the person stopped",
        "supporter_left": "the supporter left",
        "handed_over": "handed over",
        "died": "died",
        "lost_touch": "lost touch",
        "none_given": "no reason given",
    },
    ("practicum", "work"): {
        "one_to_one": "one to one",
        "group": "groups",
        "drop_in": "drop-in",
        "warm_line": "warm line",
        "accompanying": "going along",
        "supervision": "supervision",
        "training": "training",
        "other": "other work",
    },
    ("peer_role", "role"): {
        one: one for one in ("mentor", "facilitator", "trainer", "advisor", "researcher")
    },
    ("authority", "areas"): {"sharing": "what is shared with whom", "referral": "whether a referral is sent"},
    ("authority", "basis"): {
        "power_of_attorney": "a power of attorney for personal care",
        "guardian": "a guardian whom a court appointed",
        "board": "a representative whom a board appointed",
        "parent": "a parent",
        "family": "a relative whom the law names",
        "public_guardian": "a public guardian",
        "other": "another basis in law",
    },
    ("referral", "reason"): {
        "consent_withdrawn": "the consent it stood on is gone",
        "person_asked": "they asked for it",
        "full": "there is no room",
        "papers": "papers are missing",
        "waiting_list": "there is a waiting list",
        "more_to_ask": "there is more to ask",
        "service_closed": "the service is closed",
        "not_eligible": "it is not for them",
        "not_offered": "they do not offer it",
        "out_of_area": "it is too far away",
        "no_contact": "nobody could be reached",
        "other": "another reason",
    },
    ("referral", "outcome"): {
        "received": "received what was asked for",
        "partly": "received part of it",
        "not_received": "did not receive it",
        "declined": "the service declined",
        "recalled": "recalled",
        "unreachable": "could not be reached",
        "no_longer_needed": "no longer needs it",
    },
    ("referral", "answered"): {
        "yes": "yes",
        "partly": "partly",
        "no": "no",
        "no_longer_needed": "it is no longer needed",
        "prefer_not_to_say": "would rather not say",
    },
    ("duty_report", "how"): {"phone": "by phone", "in_person": "in person", "writing": "in writing"},
    ("duty_report", "told"): {"before": "beforehand", "after": "afterwards", "later": "later"},
    ("safety_response", "reason"): {
        "unreachable": "could not be reached",
        "anonymous": "nobody knows who it is",
        "died": "died",
        "declined": "did not want it",
        "not_applicable": "does not apply",
        "done_elsewhere": "done elsewhere",
    },
    ("safety_response", "outcome"): {
        "talked": "talking was what it needed",
        "helped": "somebody came, and it helped",
        "handed-over": "others help now",
        "emergency": "emergency help came",
        "not-known": "nobody knows what came of it",
        "nothing-there": "nothing was the matter",
        "misunderstood": "a question or an answer was misunderstood",
        "by-mistake": "entered by mistake",
        "trial": "it was a trial",
    },
    ("safety_plan", "act"): {
        "let_callers": "let whoever takes an alert read it",
        "shut_callers": "let nobody read it who takes an alert",
        "stay_closed": "not open first any more",
    },
    ("resource", "about"): {
        one: one
        for one in (
            "what peer support is",
            "guidelines",
            "values",
            "language",
            "training",
            "toolkits",
            "safety",
            "families",
            "diabetes",
            "evidence",
        )
    },
    ("", "yours"): {
        "answer": "an answer in a questionnaire",
        "goal_plan": "your goal plan",
        "person": "your name and how to reach you",
        "log": "this log",
        "peer_supporter": "your role as a supporter",
        "risk_screen": "a safety questionnaire",
        "safety_plan": "your safety plan",
        "safety_response": "what was done about an alert",
        "progress": "a note on a goal",
        "break_glass": "a record of somebody opening yours",
        "consent": "your word on sharing",
        "authority": "an authority to decide in somebody's place",
        "duty_report": "a report that the law asks for",
        "reply": "your reply",
    },
    ("program", "governance"): {
        "ocap": "the First Nations principles of OCAP®",
        "care": "the CARE principles for Indigenous data governance",
        "metis-ethics": "the Principles of Ethical Métis Research",
    },
    ("", "purpose"): {one: one for one in ("referral", "care", "report", "research", "export", "notice")},
    ("plugin", "status"): {one: one for one in ("loaded", "failed", "proposed", "blocked")},
    ("plugin", "supply"): {
        one: one
        for one in (
            "kind",
            "instrument",
            "wording",
            "course rule",
            "storage scheme",
            "notifier channel",
            "export format",
            "command",
            "word list",
            "goal template",
            "label",
            "report section",
            "resource",
        )
    },
    ("", "printed"): {one: f"the {one}" for one in ("agreement", "consent", "plan", "letter", "card")},
    ("instrument", "state"): {"replaced": "replaced by another version", "withdrawn": "withdrawn"},
    ("", "stored"): {one: one for one in ("answer", "concern", "screen")},
    ("task", "what"): {
        "match": "find somebody to walk beside this person",
        "ask-about-support": "a sheet says that they ask for support, and no paper attests it: ask them",
        "ask-about-role": "a sheet says that they support others, and no paper attests it: ask them",
        "reassign": "find somebody else to walk beside this person",
        "credential-soon": "renew what lapses soon, or see that it is renewed",
        "credential-lapsed": "renew what does not hold any more, or see that it is renewed",
        "yours-meanwhile": "be there for this person until their supporter's credential is renewed",
        "routes-left": "name who is there for the people that are left",
        "cover": "stand in for somebody who is away",
        "ask-after-referral": "ask how the referral went",
        "how-to-go-on": "talk about how to go on after the rest",
        "goodbye": "say goodbye, as the two planned",
        "review": "look at the plan together, as the person wished",
        "look-again": "look again at what somebody wrote for themselves, on the day that they chose",
        "follow-up": "ask again how it is, as the person agreed",
        "hear-from-service": "hear whether the service can help",
        "look-after-referral": "look how it goes on with the referral",
        "go-along": "go along to the service",
        "find-another-service": "look for another service",
        "hand-over-referral": "hand the referral over another way",
        "consent-for-referral": "ask whether the referral may still go",
        "debrief": "talk over how it was, with a supervisor or another peer",
        "tell-signed-up": "tell those who signed up that it is called off, or at another time",
        "confirm-death": "somebody wrote down that this person died: see whether it is so",
        "confirm-leaving": "somebody wrote down that this person wished to go: see whether it is so",
        "be-there-after-death": "somebody whom this supporter walked beside has died: be there for them",
        "tell-of-death": "this person's supporter has died: tell them yourself, and be there for them",
        "read-words": "read what this person wrote",
        "care-for-the-peer": "look after each other: it is more than the supporter wishes",
        "plugin-failed": "look at a plugin that failed",
        "look-at-screen": "look at a safety check-in",
        "screen-result": "look at what somebody answered to a questionnaire",
        "look-at-moved-screen": "look at a safety check-in that was moved to another person",
        "screen-offer-more": "offer a longer talk about how it is, or somebody else to talk to",
        "screen-declined": "talk about a safety check-in that was declined",
        "screen-unfinished": "talk about a safety check-in that was not finished",
        "screen-read": "read what somebody wrote in a conversation about safety",
        "screen-phq-9": "offer the longer questionnaire (PHQ-9), or another way to talk about it",
        "screen-offer-help": "offer help with making ends meet",
        "close-alert": "close an alert that was acted on",
        "settle-concern": "decide about those whom a concern names, or see that somebody decides",
        "yours-now": "this person is yours to be there for now",
        "hand-over-notice": "hand the notice over another way",
        "consent-for-notice": "ask whether the notice may still go",
        "tell-of-glass": "tell the person that their record was opened",
        "review-glass": "look whether the reason for opening a record held",
        "glass-not-sound": "see to a record that was opened without a sound reason",
        "duty-in-person": "write down whether you reported what the law may ask of you in person",
        "tell-of-report": "tell whom your report is about, or say why that has to wait",
        "finish-merge": "finish joining or parting two records",
        "look-at-merged": "look at what came together when two records were joined",
        "look-at-parted": "say whose it is that came while two records were one",
        "path-hole": "find somebody for hours that nobody covers",
        "confirm-time": "confirm that the clock is right",
        "unreachable-human": "see how this person can be reached: notices do not come to them",
        "walk-gaps": "walk what a backup that was put back has forgotten: peerkit restored",
        "look-at-authority": "look whether somebody may still decide in this person's place",
        "look-at-consents": "look with the person at what was decided on sharing in their place",
    },
    ("", "need"): _NEEDS,
    ("", "barrier"): _BARRIERS,
    ("", "shortage"): {code: code for code in (*_BARRIERS, *_NEEDS)},
    ("", "objection"): OBJECTIONS,
    ("", "error"): ERRORS,
}
"""The English for codes whose bare word does not say enough, by kind (empty: of no one kind) and field."""


def label(kind: str, field: str, code: str) -> Message:
    """What a code says to a person; `Texts.label` says it in a language."""
    said = DESCRIBED.get((kind, field), {}).get(code)
    return Message(_plain(code) if said is None else said, context=f"{kind}.{field}")


def place(kind: str, field: str, code: str) -> tuple[str, str]:
    """By what texts find a plugin's own words for a code (`Texts.knowing`): the context and the English that
    `label` would give it."""
    return f"{kind}.{field}", _plain(code)


def _plain(code: str) -> str:
    return code.replace("_", " ").replace("-", " ")
