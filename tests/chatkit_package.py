"""The package `openai-chatkit`, without what warns at its import and what only agents need."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import ModuleType
from typing import Any

from pydantic import TypeAdapter


@contextmanager
def _without_agents() -> Iterator[None]:
    """Give the server the version and the two variables that it takes from the toolkit of agents.

    It sets them while an agent answers, which no test lets it do. The toolkit itself takes three
    times as long to import as everything else that tests need.
    """
    names = "agents", "agents.models.chatcmpl_helpers", "agents.models.openai_responses"
    stand_ins = {name: ModuleType(name) for name in names}
    vars(stand_ins[names[0]])["__version__"] = ""
    vars(stand_ins[names[1]])["HEADERS_OVERRIDE"] = ContextVar("chat completions")
    vars(stand_ins[names[2]])["_HEADERS_OVERRIDE"] = ContextVar("responses")
    sys.modules.update(stand_ins)
    yield
    for name in names:
        del sys.modules[name]


with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    with _without_agents():
        from chatkit import server, store, types, widgets

__all__ = ["read_item", "serialize", "server", "store", "types", "widgets"]

_ITEM: TypeAdapter[Any] = TypeAdapter(types.ThreadItem)


def read_item(item: Mapping[str, Any]) -> Any:
    """Return the package's object of an item of some JSON."""
    with warnings.catch_warnings():  # each component of a widget warns
        warnings.simplefilter("ignore", DeprecationWarning)
        return _ITEM.validate_python(item)


def serialize(item: Mapping[str, Any]) -> bytes:
    """Return an item of some JSON in the bytes that the package's server sends."""
    how = {"exclude_metadata": True}
    read = read_item(item)
    return bytes(read.model_dump_json(by_alias=True, exclude_none=True, context=how), "utf-8")
