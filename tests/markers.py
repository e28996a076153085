"""The marks `pty` and `slow`, derived from what a test uses.

A test that starts a program or works on a terminal is marked `pty`; a test that starts the whole
app is marked `slow`. Both follow from the code of the test, of its fixtures and of its helpers, so
that no new test is forgotten. Any other test of more than 0.3 seconds of CPU has its mark itself.
"""

from __future__ import annotations

import multiprocessing
import os
import pty
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType

import pytest

_STARTERS = frozenset({subprocess, subprocess.Popen, subprocess.run, multiprocessing, pty, os.fork})
_APP = ("chatkit_tui.ui.app", "ChatKitApp")
"""The module and the name of the app, which is not imported for this alone."""


def mark(items: Iterable[pytest.Item]) -> None:
    """Mark the tests that start programs and those that start the app."""
    functions = {
        item: frozenset(_functions(item)) for item in items if isinstance(item, pytest.Function)
    }
    users: dict[object, list[object]] = {}
    for value in used_by(*frozenset().union(*functions.values())):
        for named in _named_in(value):
            users.setdefault(named, []).append(value)
    starting, showing = _reaching(_STARTERS, users), _reaching(filter(_is_app, users), users)
    for item, used in functions.items():
        if used & starting:
            item.add_marker("pty")
        if used & showing:
            item.add_marker("slow")


def _reaching(ends: Iterable[object], users: Mapping[object, Iterable[object]]) -> set[object]:
    """Return what uses one of the ends, directly or through others."""
    seen: set[object] = set()
    pending = [*ends]
    while pending:
        value = pending.pop()
        if value not in seen:
            seen.add(value)
            pending += users.get(value, ())
    return seen


def _functions(item: pytest.Function) -> Iterator[object]:
    """Yield the function of a test and those of its fixtures."""
    yield item.function
    for fixtures in item._fixtureinfo.name2fixturedefs.values():
        yield from (fixture.func for fixture in fixtures)


def _is_app(value: object) -> bool:
    return getattr(value, "__name__", "") == _APP[1] and value.__module__ == _APP[0]


def used_by(*functions: object) -> frozenset[object]:
    """Return what functions of the tests use, directly or through others of the tests."""
    seen: set[object] = set()
    pending = [*functions]
    while pending:
        value = pending.pop()
        if value not in seen:
            seen.add(value)
            pending += _named_in(value)
    return frozenset(seen)


@cache
def _named_in(value: object) -> tuple[object, ...]:
    """Return the functions, classes and modules that a function or class of the tests names."""
    if not str(getattr(value, "__module__", "")).startswith("tests."):
        return ()
    if isinstance(value, type):
        named = (member for base in value.__mro__ for member in vars(base).values())
        return tuple(member for member in named if isinstance(member, FunctionType))
    if not (function := _as_written(value)):
        return ()
    found: list[object] = []
    names = set(_names(function.__code__))
    for name in names & function.__globals__.keys():
        value = function.__globals__[name]
        members = vars(value) if isinstance(value, ModuleType) else {}
        found += filter(_is_code, [value, *map(members.get, names & members.keys())])
    return tuple(found)


def _as_written(function: object) -> FunctionType | None:
    """Return the function without what is wrapped around it."""
    function = getattr(getattr(function, "hypothesis", None), "inner_test", function)
    while inner := getattr(function, "__wrapped__", None) or getattr(function, "__func__", None):
        function = inner
    return function if isinstance(function, FunctionType) else None


def _is_code(value: object) -> bool:
    return isinstance(value, FunctionType | BuiltinFunctionType | ModuleType | type)


def _names(code: CodeType) -> Iterator[str]:
    """Yield the names in a function and in the functions inside it."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
