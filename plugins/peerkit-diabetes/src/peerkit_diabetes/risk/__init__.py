# SPDX-License-Identifier: Apache-2.0
"""Understanding one's risk of diabetes: from what somebody knows and measured to a form's answers, to what
they come to, and, if the person wants that, to a record that is theirs alone."""

from __future__ import annotations

from peerkit_diabetes.risk.boxes import canrisk, findrisc
from peerkit_diabetes.risk.check import LABELS, RIGHTS, DiabetesRiskCheck
from peerkit_diabetes.risk.result import RiskResult, reckon

__all__ = ["LABELS", "RIGHTS", "DiabetesRiskCheck", "RiskResult", "canrisk", "findrisc", "reckon"]
