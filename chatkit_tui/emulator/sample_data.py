"""The sample data: conversations, a script that extends them and widgets, read from `data/`.

A file of conversations is a list of objects. `thread` and `items` are rows as the API sends them,
without what depends on the place in the account: ids, and the thread that an item belongs to.
`length`, where given, is the number of items that the script extends the thread to. `widget` is the
name of a file in `data/widgets/`; the API sends the widget as a JSON string.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias

JSON: TypeAlias = Any
"""A JSON value as `json.loads` returns it."""

Row: TypeAlias = dict[str, JSON]
"""A thread or an item."""

CONVERSATION_FILES: Final = (
    "travel",
    "orders",
    "billing",
    "integrations",
    "onboarding",
    "outages",
    "accounts",
    "household",
    "edge_cases",
)
LONG_TITLE: Final = "Glasswerk shop desk, day by day"
"""The title of the thread of 2,000 items."""
EMPTY_TITLE: Final = "Opened and never used"
"""The title of the thread without items."""

_DATA: Final = Path(__file__).with_name("data")


@dataclass(frozen=True, slots=True)
class Story:
    """A thread of the sample data and its own items, oldest first."""

    thread: Row
    items: tuple[Row, ...]
    length: int
    """The number of items of the thread; those beyond `items` come from the script."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Consecutive items of the script; their text has `$placeholders`.

    Each item has a `gap`, the seconds since the item before it, in place of `created_at`.
    """

    title: str
    items: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class ScriptData:
    """What the script is made of."""

    users: tuple[str, ...]
    """The owners of the sample threads; no two have the same form, as in real accounts."""
    words: Mapping[str, tuple[str, ...]]
    """The values of each placeholder that has a fixed choice."""
    scenes: tuple[Scene, ...]


@cache
def load_stories() -> tuple[Story, ...]:
    """Return every conversation, the oldest thread first."""
    stories = [_story(row) for name in CONVERSATION_FILES for row in _load(name)]
    return tuple(sorted(stories, key=lambda story: int(story.thread["created_at"])))


@cache
def load_script() -> ScriptData:
    """Return the script that extends conversations beyond their own items."""
    data = _load("script")
    return ScriptData(
        tuple(data["users"]),
        {name: tuple(values) for name, values in data["words"].items()},
        tuple(Scene(scene["title"], _items(scene["items"])) for scene in data["scenes"]),
    )


def load_widget(name: str) -> Row:
    """Return the widget tree of a file in `data/widgets/`. Raise `OSError` if there is none."""
    tree: Row = _load(f"widgets/{name}")
    return tree


def _story(row: Row) -> Story:
    items = _items(row["items"])
    return Story(row["thread"], items, row.get("length", len(items)))


def _items(rows: list[Row]) -> tuple[Row, ...]:
    for row in rows:
        if "widget" in row:
            row["widget"] = json.dumps(load_widget(row["widget"]), ensure_ascii=False)
    return tuple(rows)


def _load(name: str) -> JSON:
    return json.loads((_DATA / f"{name}.json").read_bytes())
