# SPDX-License-Identifier: Apache-2.0
"""A kept estimate of risk: the person's answers, theirs alone, and what they come to worked out anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Self

import attrs

from peerkit import Decision, Health, Malformed, NotFound, Operational, Record, Ref, act, record, ref
from peerkit.instruments import Instrument
from peerkit_diabetes.risk.result import RiskResult, reckon
from peerkit_diabetes.shelf import instrument as shipped
from peerkit_diabetes.words import _

if TYPE_CHECKING:
    from peerkit import Kit

RIGHTS = """
role             kind                 read  acts
own:person       diabetes_risk_check  yes   take,share,unshare
own:shared_with  diabetes_risk_check  yes   -
supporter        diabetes_risk_check  no    take,share,unshare
"""
"""A supporter writes it down with somebody who has no account, and then knows what was said, as anybody who
was there. They read it later only if the person names them, as with a safety plan."""

LABELS = {
    ("kind", "diabetes_risk_check"): _("estimate of a risk of diabetes"),
    ("act", "take"): _("keep an estimate of a risk"),
    ("act", "share"): _("let somebody read it"),
    ("act", "unshare"): _("let somebody read it no longer"),
    ("act", "reader_gone"): _("a reader has left"),
    ("state", "kept"): _("kept"),
    ("field", "form"): _("questionnaire"),
    ("field", "edition"): _("its version"),
    ("field", "sha256"): _("fingerprint of its file"),
    ("field", "answers"): _("answers"),
    ("field", "shared_with"): _("who may read it"),
}


@record(
    "diabetes_risk_check",
    """
    of  from  act          to    who     strength
    -   -     take         kept  person  said
    -   *     share        =     person  witnessed
    -   *     unshare      =     person  none
    -   *     reader_gone  =     anyone  none
    """,
    subjects="person shared_with",
    module="diabetes",
)
class DiabetesRiskCheck(Record):
    """What a person answered to CANRISK or FINDRISC, kept because they wanted to.

    It is the person's alone: nobody reads it by an office or a role, and it opens to whom they name
    (`shared_with`). `form`, `edition` and `sha256` say which questionnaire was asked, to the letter. Answers
    are kept and no result: `result` works it out. Two checks are never compared.
    """

    person: Operational[str]
    form: Health[str]
    edition: Health[str]
    sha256: Health[str]
    answers: Health[tuple[tuple[str, str], ...]] = ()
    shared_with: Operational[tuple[str, ...]] = ()
    state: Operational[str] = "kept"

    @classmethod
    @act
    def take(
        cls,
        *,
        person: Ref,
        answers: Mapping[str, str | None],
        form: str | Instrument = "canrisk",
        by: Decision | None = None,
    ) -> Self:
        """The person filled in a form and wants to keep it. `answers` come from `canrisk` or `findrisc`;
        `form` is the questionnaire's id, or the questionnaire as `kit.instrument` gives it.

        Malformed for what is no answer to it, and for whoever has diabetes already: that needs no estimate,
        and is not kept."""
        asked = form if isinstance(form, Instrument) else shipped(form)
        reckon(asked, answers)
        return cls(
            person=ref(person),
            form=asked.id,
            edition=asked.version,
            sha256=asked.sha256,
            answers=tuple((item, str(value)) for item, value in answers.items() if value is not None),
        )

    @act
    def share(self, reader: Ref, *, by: Decision | None = None) -> Self:
        """Somebody in the program whom the person chooses may read it, until they say otherwise."""
        if ref(reader) == self.person:
            raise Malformed(_("it is theirs to read anyway"), where="diabetes_risk_check.reader")
        return attrs.evolve(self, shared_with=tuple(dict.fromkeys((*self.shared_with, ref(reader)))))

    @act
    def unshare(self, reader: Ref, *, by: Decision | None = None) -> Self:
        """They may no longer read it."""
        return attrs.evolve(self, shared_with=tuple(one for one in self.shared_with if one != ref(reader)))

    @act
    def reader_gone(self, reader: Ref, *, by: Decision | None = None) -> Self:
        """Somebody who could read it has left the program; the module itself writes this."""
        return attrs.evolve(self, shared_with=tuple(one for one in self.shared_with if one != ref(reader)))

    def result(self, kit: Kit) -> RiskResult:
        """What the answers come to, by the very questionnaire that was asked. NotFound where the program no
        longer has it to the letter: no result, rather than one by other rules."""
        asked = kit.instrument(self.form, version=self.edition)
        if asked.sha256 != self.sha256:
            raise NotFound(_("the questionnaire of this id and version is not the one that was asked"))
        return reckon(asked, dict(self.answers))
