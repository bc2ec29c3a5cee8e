# SPDX-License-Identifier: Apache-2.0
"""What the source itself says that it has: codes of objections, codes of tasks, variables of the environment.

Read from the syntax, so that a code is found on the day it is written, also where no test reaches it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "src" / "peerkit").rglob("*.py"))
CODE = re.compile(r"[a-z][a-z-]*[a-z]")


def trees() -> Iterator[ast.Module]:
    """The syntax of every module."""
    for path in SOURCES:
        yield ast.parse(path.read_text(encoding="utf-8"), str(path))


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _texts(node: ast.AST | None) -> list[str]:
    """The texts that an expression may be, where it is written out: `"a" if x else "b"` may be two."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return _texts(node.body) + _texts(node.orelse)
    return []


def _passed_on(tree: ast.Module, callee: str, at: int) -> set[str]:
    """Functions that hand their own first argument on as argument `at` of `callee`: `_against(code, …)`."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.args.args:
            first = node.args.args[0].arg
            for call in ast.walk(node):
                if isinstance(call, ast.Call) and _name(call) == callee and len(call.args) > at:
                    given = call.args[at]
                    if isinstance(given, ast.Name) and given.id == first:
                        found.add(node.name)
    return found


def objection_codes() -> set[str]:
    """Every code that an `Objection` of peerkit's can have."""
    found: set[str] = set()
    for tree in trees():
        makers = {"Objection"} | _passed_on(tree, "Objection", 0)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _name(node) in makers and node.args:
                found.update(_texts(node.args[0]))
            # A function that finds what is wrong gives (code, sentence), or None.
            faults = isinstance(node, ast.FunctionDef) and node.returns is not None
            if faults and ast.unparse(node.returns) == "tuple[str, str] | None":
                for back in ast.walk(node):
                    if isinstance(back, ast.Return) and isinstance(back.value, ast.Tuple):
                        found.update(_texts(back.value.elts[0]))
    return found


def task_codes() -> set[str]:
    """Every `what` of a task that peerkit gives."""
    found: set[str] = set()
    for tree in trees():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            for word in node.keywords:
                if word.arg == "what" and _name(node) in {"give", "_task", "task"}:
                    found.update(_texts(word.value))
            if _name(node) == "_task":
                found.update(text for arg in node.args for text in _texts(arg))
    return found


def variables() -> set[str]:
    """Every variable of the environment that peerkit reads."""
    named = re.compile(r"\bPEERKIT_[A-Z_]+\b")
    return {name for path in SOURCES for name in named.findall(path.read_text(encoding="utf-8"))}
