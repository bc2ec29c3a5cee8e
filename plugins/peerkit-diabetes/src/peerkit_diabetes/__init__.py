# SPDX-License-Identifier: Apache-2.0
"""Diabetes self-management, as a module of peer support: informed, not expert."""

from __future__ import annotations

from peerkit_diabetes.enrolment import DiabetesEnrolment
from peerkit_diabetes.forward import suggested
from peerkit_diabetes.log import DiabetesLog, DiabetesReading
from peerkit_diabetes.needs import services_for
from peerkit_diabetes.notebook import DiabetesNotebook
from peerkit_diabetes.noting import note
from peerkit_diabetes.risk import DiabetesRiskCheck, RiskResult, canrisk, findrisc, reckon

__version__ = "0.1.0"
__all__ = [
    "DiabetesEnrolment",
    "DiabetesLog",
    "DiabetesNotebook",
    "DiabetesReading",
    "DiabetesRiskCheck",
    "RiskResult",
    "canrisk",
    "findrisc",
    "note",
    "reckon",
    "services_for",
    "suggested",
]
