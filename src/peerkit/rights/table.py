# SPDX-License-Identifier: Apache-2.0
"""The rights table, and its compilation to a scope.

One line is one role and one kind: whether it reads, and which acts it may record (`*`: all of the
kind's). *Whose decision* an act needs stands in the kind's lifecycle table; here stands who may
write it down. A role over persons (`supporter`, `cover`, `supervisor`) counts for records whose first
subject is such a person, and for kinds that are about nobody. `break-glass` reads, for a while, about one
person whose record somebody opened without their word, and writes nothing. `own:NAME` is everybody for the
records that hold their own id in the field NAME; `stand-in:NAME` likewise with the id of somebody whom they
stand in for while that one is away; `alone:NAME` is `own:NAME` where the record names nobody else, and reads
nothing. `called` is whoever has taken an open alert about somebody, `alerted` whoever was told of a screen's
open alert or has a task about it. `anyone` is every actor. The kind `?` is whatever no code here knows: its
plugin is gone, only envelopes are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from peerkit.model.base import Record, about
from peerkit.ports import Allow, Envelope
from peerkit.rights.exceptions import EXCEPTIONS, kept_from
from peerkit.rights.grants import Grants
from peerkit.rights.lines import Row
from peerkit.storage.conditions import visible

CORE = """
role            kind              read  acts
own:id          person            yes   update,leave,come_back,not_died
supporter       person            yes   leave,mark_died
cover           person            yes   leave,mark_died
supervisor      person            yes   -
coordinator     person            yes   enrol,update,leave,come_back,mark_died,not_died
on-call         person            yes   mark_died
own:person      peer_supporter    yes   update,step_down
anyone          peer_supporter    yes   -
coordinator     peer_supporter    yes   welcome,update,answer_to,step_down,end
anyone          peer_role         yes   -
own:person      peer_role         yes   lay_down
coordinator     peer_role         yes   take_on,lay_down,end
anyone          course            yes   -
coordinator     course            yes   *
own:person      attendance        yes   -
own:trainer     attendance        yes   *
coordinator     attendance        yes   *
own:person      practicum         yes   log,strike
own:mentor      practicum         yes   confirm,question,strike
supervisor      practicum         yes   -
coordinator     practicum         yes   log,confirm,question,strike
own:person      credential        yes   -
supervisor      credential        yes   -
coordinator     credential        yes   issue,check_done,renew,suspend,reinstate,withdraw
own:person      letter            yes   -
coordinator     letter            yes   issue,void
anyone          organization      yes   -
coordinator     organization      yes   *
anyone          program           yes   -
coordinator     program           yes   update
anyone          questionnaire     yes   -
coordinator     questionnaire     yes   *
anyone          appointment       yes   -
coordinator     appointment       yes   *
own:person      leave             yes   *
own:cover       leave             yes   -
coordinator     leave             yes   *
supervisor      leave             yes   *
supporter       leave             no    fall_ill
on-call         leave             yes   fall_ill,stand_in
own:person      route             yes   -
own:holder      route             yes   -
coordinator     route             yes   -
own:person      relationship      yes   enquire,wish,agree,decline,pause,resume,end,reword,plan_ending,learn
own:supporter   relationship      yes   agree,take_on,decline,pause,resume,end,reword,plan_ending,learn
supporter       relationship      no    hand_over
cover           relationship      yes   -
supervisor      relationship      yes   hand_over,pause,end
coordinator     relationship      yes   enquire,wish,propose,hand_over,agree,take_on,decline,pause,end
own:person      wall              yes   put_up,take_down
own:human       wall              yes   put_up
coordinator     wall              yes   put_up,take_down
own:person      meeting           yes   plan,move,cancel,fall_through,write_note,no_note,answer_note
supporter       meeting           yes   plan,enter,move,cancel,hold,fall_through,write_note,no_note
cover           meeting           yes   plan,enter,move,cancel,hold,fall_through,write_note,no_note
anyone          activity          yes   -
own:facilitators  activity        yes   *
coordinator     activity          yes   *
own:person      sign_up           yes   sign_up,withdraw
own:facilitators  sign_up         yes   sign_up,withdraw
supporter       sign_up           no    sign_up
own:person      interaction       yes   -
own:supporter   interaction       yes   note,strike
own:author      reflection        yes   write,reword
own:person      goal_plan         yes   *
supporter       goal_plan         yes   begin,suggest,adopt,add_goal,add_step,achieve,set_aside
supporter       goal_plan         yes   change_goal,take_step,reword,write_scale,decline_scaling
cover           goal_plan         yes   suggest
own:person      progress          yes   note,place
supporter       progress          yes   note,place
own:person      review            yes   plan,move,hold,decline,stop
supporter       review            yes   plan,move,hold,decline,stop
cover           review            yes   -
coordinator     review            yes   -
own:person      follow_up         yes   agree,withdraw,decline
supporter       follow_up         yes   agree,withdraw,decline
coordinator     follow_up         yes   agree,withdraw,decline,ask
own:person      signature         yes   sign
own:signer      signature         yes   sign
supporter       signature         yes   sign
cover           signature         yes   -
coordinator     signature         no    sign
own:person      measure           yes   *
supporter       measure           yes   *
own:person      safety_plan       yes   begin,add,suggest,adopt,change,move,drop,share,unshare,let_callers
own:person      safety_plan       yes   shut_callers,open_first,stay_closed,review,look_again,stop_review
own:person      safety_plan       yes   set_aside,take_up
own:shared_with  safety_plan      yes   suggest
called:callers  safety_plan       yes   -
supporter       safety_plan       no    begin,add,adopt,change,move,drop,share,unshare,let_callers
supporter       safety_plan       no    shut_callers,open_first,stay_closed,review,look_again,stop_review
supporter       safety_plan       no    set_aside,take_up
own:person      feedback          yes   *
own:shared_with  feedback         yes   -
coordinator     feedback          yes   give,decline,let_quote,refuse_quotes,stop_quoting
own:person      authority         yes   end
own:human       authority         yes   end
supporter       authority         yes   end
cover           authority         yes   end
coordinator     authority         yes   record,look_again,end
privacy         authority         yes   end
own:person      reply             yes   *
supporter       reply             yes   give,take_back
cover           reply             yes   -
supervisor      reply             yes   -
on-call         reply             yes   -
coordinator     reply             yes   -
own:person      consent           yes   *
supporter       consent           yes   give,give_once,refuse,withdraw,lift
cover           consent           yes   refuse,withdraw
supervisor      consent           no    refuse
on-call         consent           no    refuse
coordinator     consent           yes   give,give_once,refuse,withdraw,lift
anyone          recipient         yes   -
coordinator     recipient         yes   *
supporter       recipient         yes   add
anyone          service           yes   -
coordinator     service           yes   *
supporter       service           yes   assure
own:person      referral          yes   begin,go_alone,reroute,send,recall,answer,change_words
own:person      referral          yes   record_outcome
supporter       referral          yes   begin,go_alone,reroute,send,recall,change_words,answer,close
supporter       referral          yes   received,accepted,start,hold,introduce,declined,record_outcome
cover           referral          yes   received,accepted,start,hold,introduce,declined,record_outcome
cover           referral          yes   answer,recall
coordinator     referral          yes   received,accepted,start,hold,introduce,declined,record_outcome
coordinator     referral          yes   close,recall
own:kept        merge             yes   -
own:away        merge             yes   -
coordinator     merge             yes   -
privacy         merge             yes   -
own:reader      break_glass       yes   close
own:person      break_glass       yes   -
supporter       break_glass       yes   tell,tell_later
coordinator     break_glass       yes   close,tell,tell_later,review
cover           break_glass       yes   tell,tell_later
supervisor      break_glass       yes   tell,tell_later,review
on-call         break_glass       yes   tell,tell_later,review
privacy         break_glass       yes   close,tell,tell_later,review
break-glass     person            yes   -
break-glass     relationship      yes   -
break-glass     route             yes   -
break-glass     meeting           yes   -
break-glass     goal_plan         yes   -
break-glass     safety_plan       yes   -
break-glass     progress          yes   -
break-glass     reply             yes   -
break-glass     consent           yes   -
break-glass     referral          yes   -
break-glass     notice            yes   -
break-glass     risk_screen       yes   -
break-glass     answer            yes   -
break-glass     alert             yes   -
break-glass     safety_response   yes   -
own:person      disclosure        yes   -
coordinator     disclosure        yes   -
own:owner       task              yes   done,hand_to,drop
alone:owner     task              no    give
own:asked_too   task              yes   done,hand_to,drop
stand-in:owner  task              yes   done,hand_to
own:person      withheld          yes   -
coordinator     withheld          yes   -
privacy         withheld          yes   -
privacy         disclosure        yes   -
own:person      notice            yes   queue,stop
supporter       notice            yes   queue,stop
cover           notice            yes   stop
coordinator     notice            no    stop
own:person      task              yes   -
supporter       task              yes   give
cover           task              no    give
supervisor      task              no    give
on-call         task              no    give
privacy         task              no    give
coordinator     task              yes   give,done,hand_to,drop
own:person      risk_screen       yes   begin,finish
supporter       risk_screen       yes   begin,finish
cover           risk_screen       yes   begin,finish
supervisor      risk_screen       yes   begin,finish,move
on-call         risk_screen       yes   begin,finish
coordinator     risk_screen       no    begin,finish,move
own:person      answer            yes   -
supporter       answer            yes   -
cover           answer            yes   -
supervisor      answer            yes   -
on-call         answer            yes   -
alerted:screen  risk_screen       yes   -
alerted:screen  answer            yes   -
own:person      alert             yes   -
own:told        alert             yes   acknowledge,cannot,act_on
own:holder      alert             yes   acknowledge,cannot,act_on
supporter       alert             yes   acknowledge,cannot,act_on
cover           alert             yes   acknowledge,cannot,act_on
supervisor      alert             yes   acknowledge,cannot,act_on
on-call         alert             yes   acknowledge,cannot,act_on
coordinator     alert             yes   acknowledge,cannot,act_on
own:author      concern           yes   -
on-call         concern           yes   -
coordinator     concern           yes   settle
own:person      safety_response   yes   -
own:holder      safety_response   yes   -
supporter       safety_response   yes   -
cover           safety_response   yes   -
supervisor      safety_response   yes   -
on-call         safety_response   yes   -
coordinator     safety_response   yes   -
own:author      duty_report       yes   *
own:person      duty_report       yes   -
own:shared_with  duty_report      yes   -
coordinator     drill             yes   begin
on-call         drill             yes   -
supervisor      drill             yes   -
coordinator     delivery          yes   -
own:person      read              yes   -
privacy         read              yes   -
coordinator     refusal           yes   -
privacy         refusal           yes   -
own:erased      redaction         yes   -
privacy         redaction         yes   -
coordinator     redaction         yes   -
coordinator     restoration       yes   settle,finish
privacy         restoration       yes   -
coordinator     ?                 yes   -
privacy         ?                 yes   -
"""


HIDING = frozenset({"reply", *(one.kind for one in EXCEPTIONS)})
"""Kinds of which some records inside a scope stay hidden, besides what is behind a wall and what lapsed."""

LAPSES = ("own:supporter", "relationship")
"""The line (role and kind) that ends by the clock, the program's `supporter_reads_days` after the end."""


class Rights:
    """The table in force: the core's rows and those that plugins bring for their own kinds."""

    def __init__(
        self,
        rows: Iterable[Row],
        answered: Callable[[str], tuple[str, Envelope] | None] = lambda _: None,
        private: frozenset[str] = frozenset(),
    ) -> None:
        """`answered` gives what a reply (its id) answers, with the first subject field of that kind.
        `private` kinds are read by whom their rows name, by no part of a program."""
        self._answered = answered
        self._private = private
        self._by_kind: dict[str, list[Row]] = {}
        for row in rows:
            self._by_kind.setdefault(row.kind, []).append(row)

    def rows(self) -> tuple[Row, ...]:
        """The whole table, for a host to show or compare."""
        return tuple(row for rows in self._by_kind.values() for row in rows)

    def knows(self, kind: str, grants: Grants) -> bool:
        """Whether the actor has any row of this kind to read by; if not, `find` is refused.

        That a concern names them is not told by a refusal: those rows count, and reach nothing.
        """
        return self._all(kind, grants) or any(
            row.read and self._reach(row, "person", grants) != frozenset()
            for row in self._by_kind.get(kind, ())
        )

    @property
    def roles(self) -> frozenset[str]:
        """The roles that an actor may be narrowed to: those of the table, and `person` for what is about
        themselves."""
        held = {row.role.partition(":")[0] for rows in self._by_kind.values() for row in rows}
        return frozenset(held - {"own", "alone", "anyone"}) | {"person"}

    def allow(self, kind: str, relation: str, grants: Grants) -> Allow:
        """The compiled scope: which records of a kind may be read. `relation` is its first subject field."""
        return self._allow(kind, relation, grants)

    def _allow(self, kind: str, relation: str, grants: Grants, but: str = "") -> Allow:
        """`allow`, of every line but this role's."""
        if self._all(kind, grants):
            return None
        pairs: set[tuple[str, str]] = set()
        for row in self._by_kind.get(kind, ()):
            if not row.read or row.role == but or (grants.named and row.shuts):
                continue
            reach = self._reach(row, relation, grants)
            if reach is None:
                return None
            pairs |= reach
        return frozenset(pairs)

    def lapsed(self, kind: str, grants: Grants) -> frozenset[str]:
        """The ids of records inside the scope that have lapsed for this actor: relationships that are over
        for too long, unless something else than having been the supporter opens them."""
        if kind != LAPSES[1] or not grants.lapsed:
            return frozenset()
        other = self._allow(kind, "person", grants, but=LAPSES[0])
        if other is None:
            return frozenset()
        return frozenset(one for one, subjects in grants.lapsed.items() if other.isdisjoint(subjects))

    def hides(self, envelope: Envelope, grants: Grants) -> bool:
        """Whether a record inside the scope stays hidden all the same: what an exception keeps from the actor
        (`rights.exceptions`), from a part of the program too if it is kept from everybody; what is about
        somebody behind a wall, unless they stand in the record themselves; a reply from everybody else who
        may not read what it answers; and what has `lapsed`."""
        if kept_from(envelope, grants.actor.person) is not None:
            return True
        persons = about(envelope.subjects)
        if grants.actor.person not in persons and not grants.walled.isdisjoint(persons):
            return True
        if envelope.kind == "reply":
            return "system" not in grants.roles and self._not_theirs(envelope, grants)
        return envelope.id in self.lapsed(envelope.kind, grants)

    def _not_theirs(self, reply: Envelope, grants: Grants) -> bool:
        """Whether a reply is neither the actor's own nor beside something that they may read."""
        if ("person", grants.actor.person) in reply.subjects and grants.actor.role in {"", "person"}:
            return False
        if (found := self._answered(reply.id)) is None:
            return True
        relation, answered = found
        allow = self.allow(answered.kind, relation, grants)
        return not visible(allow, answered.subjects) or self.hides(answered, grants)

    def may(self, act: str, record: Record, grants: Grants) -> bool:
        """Whether the actor may record this act on this record."""
        if "system" in grants.roles:
            return True
        relation = record.subject_fields[0] if record.subject_fields else ""
        persons = about(record.subjects)
        walled = not grants.walled.isdisjoint(persons)
        if walled and grants.actor.person not in persons:
            return False
        return any(
            row.may(act)
            and (not walled or row.role.startswith("own:"))  # who stands in it, and no office of theirs
            and not (grants.named and row.shuts)
            and not ((row.role, row.kind) == LAPSES and record.id in grants.lapsed)
            and self._touches(row, relation, grants, record.subjects)
            for row in self._by_kind.get(record.kind, ())
        )

    @classmethod
    def _touches(cls, row: Row, relation: str, grants: Grants, subjects: tuple[tuple[str, str], ...]) -> bool:
        """Whether the line reaches a record with these subjects: what `_reach` says, without listing it."""
        if ":" not in row.role:
            persons = grants.reach(row.role)
            if persons is None or not relation:  # a kind about nobody: having the role at all is enough
                return persons is None or bool(persons)
            return any(r == relation and one in persons for r, one in subjects)
        if row.role.startswith("alone:"):
            return (row.role[6:], grants.actor.person) in subjects and len({one for _, one in subjects}) == 1
        reach = cls._reach(row, relation, grants)
        return reach is None or not reach.isdisjoint(subjects)

    def _all(self, kind: str, grants: Grants) -> bool:
        """Whether a part of the program asks, of a kind that is not somebody's alone."""
        return "system" in grants.roles and kind not in self._private

    @staticmethod
    def _reach(row: Row, relation: str, grants: Grants) -> Allow:
        if row.role.startswith("own:"):
            if row.role in {"own:person", "own:id"} and grants.actor.role not in {"", "person"}:
                return frozenset()  # acting in one of their roles: what is about themselves stays shut
            return frozenset({(row.role[4:], grants.actor.person)})
        role, _, field = row.role.partition(":")
        persons = grants.reach(role)
        if field:
            return frozenset((field, person) for person in persons or ())
        if persons is None or (persons and not relation):
            return None
        return frozenset((relation, person) for person in persons)
