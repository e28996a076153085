"""The package `openai-chatkit`: its types and stores, without the warnings of its own import."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    from chatkit import store, types, widgets

__all__ = ["read_item", "serialize", "store", "types", "widgets"]

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
