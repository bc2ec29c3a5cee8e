# SPDX-License-Identifier: Apache-2.0
"""What the codes of the module's kinds say to people; those of an estimate of risk stand beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from peerkit.hooks import Label
from peerkit.texts import Message
from peerkit_diabetes.words import _

Labels = Mapping[tuple[str, str], Message]

ENROLMENT: Labels = {
    ("kind", "diabetes_enrolment"): _("taking part in the diabetes module"),
    ("state", "joined"): _("in the module"),
    ("state", "left"): _("left the module"),
    ("act", "join"): _("take the module into a relationship"),
    ("act", "go_on"): _("go on in another relationship"),
    ("act", "leave"): _("leave the module"),
    ("act", "look_again"): _("look at the gates again"),
    ("field", "relationship"): _("relationship"),
    ("field", "gates_until"): _("the gates hold until"),
    ("field", "gates_open"): _("gates that opened since"),
}
LOG: Labels = {
    ("kind", "diabetes_log"): _("own log"),
    ("state", "on"): _("is kept"),
    ("state", "off"): _("is not kept"),
    ("act", "turn_on"): _("begin a log"),
    ("act", "turn_on_again"): _("go on with a log"),
    ("act", "turn_off"): _("stop keeping a log"),
    ("act", "set_target"): _("set an aim"),
    ("act", "drop_target"): _("drop an aim"),
    ("act", "watch_over"): _("have somebody told"),
    ("act", "stop_watching"): _("have nobody told"),
    ("field", "targets"): _("aims"),
    ("field", "watched"): _("somebody is told"),
    ("field", "first"): _("who is told first"),
    ("field", "low"): _("below"),
    ("field", "high"): _("above"),
}
READING: Labels = {
    ("kind", "diabetes_reading"): _("entry of an own log"),
    ("state", "noted"): _("noted"),
    ("state", "struck"): _("struck out"),
    ("act", "note"): _("note something"),
    ("act", "tell"): _("have somebody told of it"),
    ("act", "strike"): _("strike an entry out"),
    ("what", "glucose"): _("glucose"),
    ("what", "a1c"): _("A1C"),
    ("what", "blood_pressure"): _("blood pressure"),
    ("what", "feet"): _("feet"),
    ("moment", "before_meal"): _("before a meal"),
    ("moment", "after_meal"): _("after a meal"),
    ("moment", "bedtime"): _("at bedtime"),
    ("moment", "night"): _("at night"),
    ("found", "nothing_new"): _("nothing new"),
    ("found", "something_new"): _("something new"),
    ("field", "taken"): _("when it was"),
    ("field", "found"): _("what was seen"),
    ("field", "off_scale"): _("beyond what the meter shows"),
    ("field", "to_tell"): _("somebody is told"),
}
PAGE: Labels = {
    ("kind", "diabetes_page"): _("page of an own log"),
    ("state", "shown"): _("shown"),
    ("state", "kept"): _("taken back"),
    ("act", "show"): _("show a page"),
    ("act", "take_back"): _("take a page back"),
    ("act", "reader_gone"): _("a reader has left"),
    ("field", "entries"): _("entries"),
    ("field", "shared_with"): _("who may read it"),
}
NOTEBOOK: Labels = {
    ("kind", "diabetes_notebook"): _("own notebook"),
    ("state", "kept"): _.about("of a notebook", "kept"),
    ("act", "begin"): _("begin a notebook"),
    ("act", "say_barriers"): _("say what is short"),
    ("act", "write"): _("write a page"),
    ("act", "ask"): _("add a question"),
    ("act", "note_answer"): _("note an answer"),
    ("act", "drop_question"): _("take a question out"),
    ("act", "add_support"): _("add a support"),
    ("act", "drop_support"): _("take a support out"),
    ("act", "add_resource"): _("add a place"),
    ("act", "drop_resource"): _("take a place out"),
    ("act", "share"): _("let somebody read it"),
    ("act", "unshare"): _("let somebody read it no longer"),
    ("act", "reader_gone"): _("a reader has left"),
    ("questions.state", "open"): _.about("of a question", "open"),
    ("questions.state", "answered"): _("answered"),
    ("field", "barriers"): _("what is short"),
    ("field", "in_the_way"): _("What else is in the way"),
    ("field", "feelings"): _("How it is to live with it"),
    ("field", "medicines"): _("What I take"),
    ("field", "sick_day"): _("My own plan for sick days"),
    ("field", "questions"): _("Questions for my care team"),
    ("field", "supports"): _("Who and what helps me"),
    ("field", "resources"): _("Places nearby"),
    ("field", "shared_with"): _("who may read it"),
}


def others() -> Iterator[Label]:
    """What the module brings to peerkit's own kinds."""
    yield Label("task", "what", "diabetes-gates", _("look at what the diabetes module asks of you"))
    told = _("talk with a supporter about what the diabetes module asks")
    yield Label("task", "what", "diabetes-gates-of-supporter", told)
    yield Label("activity", "format", "diabetes_group", _("diabetes group"))
