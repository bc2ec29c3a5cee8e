# SPDX-License-Identifier: Apache-2.0
"""Diabetes self-management, as a module of peer support: informed, not expert."""

from __future__ import annotations

from peerkit_diabetes.enrolment import DiabetesEnrolment
from peerkit_diabetes.risk import DiabetesRiskCheck, RiskResult, canrisk, findrisc, reckon

__version__ = "0.1.0"
__all__ = ["DiabetesEnrolment", "DiabetesRiskCheck", "RiskResult", "canrisk", "findrisc", "reckon"]
