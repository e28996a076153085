"""Every private name of Textual that the program uses is listed, and Textual still has it."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import resolve_name, walk_packages

import pytest

import chatkit_tui
from chatkit_tui.terminal.textual_private import ACCESSED, INHERITED

MODULE = "chatkit_tui.terminal.textual_private"
FOLDER = Path(chatkit_tui.__file__).parent
PRIVATE_IMPORT = re.compile(r"^\s*(?:from|import) textual[.\w]*\._", re.MULTILINE)


@cache
def private_names(owner: type) -> frozenset[str]:
    """Return the private names that a class of Textual defines, apart from its bases."""
    assigned = re.findall(r"\bself\.(_[a-z]\w*)\b", inspect.getsource(owner))
    members = (name for name in vars(owner) if re.match(r"_[a-zA-Z]", name))
    return frozenset([*assigned, *members])


def origin(owner: type, name: str) -> type | None:
    """Return the first class of Textual that has a private name, seen from a subclass."""
    bases = [base for base in owner.__mro__ if base.__module__.startswith("textual")]
    return next((base for base in reversed(bases) if name in private_names(base)), None)


def used_names(definition: ast.ClassDef) -> Iterator[str]:
    """Yield the private names that a class defines or uses of itself."""
    for node in ast.walk(definition):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            name = node.name
        elif isinstance(node, ast.Attribute) and ast.unparse(node.value) in ("self", "super()"):
            name = node.attr
        else:
            continue
        if re.match(r"_[a-zA-Z]", name):
            yield name


def modules() -> Iterator[str]:
    """Yield the names of the modules that may import Textual."""
    for package in ("terminal", "ui"):
        names = walk_packages([str(FOLDER / package)], f"chatkit_tui.{package}.")
        yield from (module.name for module in names)


def uses() -> Iterator[tuple[str, str, str]]:
    """Yield each use of an inherited private name: Textual's class, the name, our class."""
    for name in modules():
        module = import_module(name)
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            owner = getattr(module, node.name, None) if isinstance(node, ast.ClassDef) else None
            if not isinstance(owner, type) or not isinstance(node, ast.ClassDef):
                continue
            for used in used_names(node):
                if (base := origin(owner, used)) is not None:
                    yield f"{base.__module__}.{base.__qualname__}", used, f"{name}.{node.name}"


@pytest.mark.parametrize("owner", [*INHERITED, *ACCESSED])
def test_textual_has_the_names(owner: str) -> None:
    names = {**INHERITED, **ACCESSED}[owner]
    moved = set(names) - private_names(resolve_name(owner))
    assert not moved, f"Textual moved {sorted(moved)} of {owner}"


def test_every_inherited_name_is_listed_and_used() -> None:
    found = {(owner, name): where for owner, name, where in uses()}
    listed = {(owner, name) for owner, names in INHERITED.items() for name in names}
    assert {key: where for key, where in found.items() if key not in listed} == {}
    assert listed - set(found) == set()


def test_nothing_else_reaches_into_textual() -> None:
    """Ruff reports private attributes of other objects, unless a comment allows one."""
    for name in modules():
        source = inspect.getsource(import_module(name))
        if name != MODULE:
            assert not PRIVATE_IMPORT.search(source), name
            assert "SLF001" not in source, name
