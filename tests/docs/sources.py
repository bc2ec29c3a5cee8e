# SPDX-License-Identifier: Apache-2.0
"""What the source itself says that it has: codes of objections, obstacles, tasks and problems, and
variables of the environment.

Read from the syntax, so that a code is found on the day it is written, also where no test reaches it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TRIED = ROOT / "src" / "peerkit" / "testing"
"""What is only tried: modules made up for it say codes of their own."""

SOURCES = sorted(path for path in (ROOT / "src" / "peerkit").rglob("*.py") if not path.is_relative_to(TRIED))
HYPHENATED = re.compile(r"[a-z]+(?:-[a-z]+)+")


def trees(*names: str) -> Iterator[ast.Module]:
    """The syntax of every module, or of those with these file names."""
    for path in SOURCES:
        if not names or path.name in names:
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


def _said(node: ast.AST) -> bool:
    """Whether an expression is a sentence, with or without values in it."""
    return isinstance(node, ast.JoinedStr) or any(" " in text for text in _texts(node))


def objection_codes() -> set[str]:
    """Every code that an `Objection` of peerkit's can have."""
    found: set[str] = set()
    for tree in trees():
        makers = {"Objection"} | _passed_on(tree, "Objection", 0)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _name(node) in makers and node.args:
                found.update(_texts(node.args[0]))
            # Or the code stands beside its sentence, until an objection is made of the two.
            if isinstance(node, ast.Tuple) and len(node.elts) == 2 and _said(node.elts[1]):
                found.update(text for text in _texts(node.elts[0]) if HYPHENATED.fullmatch(text))
    return found


def task_codes() -> set[str]:
    """Every `what` of a task that peerkit gives, written out or by the name of a constant."""
    constants = {
        node.targets[0].id: node.value.value
        for tree in trees()
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }
    found: set[str] = set()
    for tree in trees():
        for call in ast.walk(tree):
            if not isinstance(call, ast.Call) or _name(call) not in {"give", "_task", "task"}:
                continue
            given = [word.value for word in call.keywords if word.arg == "what"]
            given += call.args[1:3] if _name(call) != "give" else []
            for one in given:
                found.update(text for text in _texts(one) if " " not in text)
                name = one.attr if isinstance(one, ast.Attribute) else getattr(one, "id", "")
                found.update(value for value in [constants.get(name)] if isinstance(value, str))
    return found


def problem_codes() -> set[str]:
    """Every code of a `Problem` of `kit.health()`."""
    return {
        text
        for name in ("watching.py", "concerns.py", "whom.py", "put_back.py", "dead_letters.py")
        for tree in trees(name)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and _name(call) == "Problem"
        for text in _texts(call.args[0])
    }


def written_out() -> set[str]:
    """Every text in the source that stands for itself, docstrings apart."""
    return {node.value for tree in trees() for node in _constants(tree)}


def codes_of_rules_and_lane() -> set[str]:
    """Every text in the rules, the kit, the lane and delivery that looks like a code: `no-consent`."""
    folders = {"rules", "kit", "safety", "delivery"}
    return {
        node.value
        for path in SOURCES
        if folders & set(path.relative_to(ROOT).parts)
        for node in _constants(ast.parse(path.read_text(encoding="utf-8")))
        if HYPHENATED.fullmatch(node.value)
    }


def _constants(tree: ast.Module) -> Iterator[ast.Constant]:
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node


def variables() -> set[str]:
    """Every variable of the environment that peerkit reads."""
    named = re.compile(r"\bPEERKIT_[A-Z_]*[A-Z]\b(?!_)")
    return {name for path in SOURCES for name in named.findall(path.read_text(encoding="utf-8"))}
