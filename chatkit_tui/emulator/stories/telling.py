"""How a story is told: small builders for the steps of a conversation."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

JSON: TypeAlias = Any
"""A JSON value as `json.loads` makes it."""

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR

ACTIVE: Mapping[str, JSON] = {"type": "active"}


def locked(reason: str | None = None) -> Mapping[str, JSON]:
    """The status of a thread that takes no more messages for the time being."""
    return {"type": "locked", "reason": reason}


def closed(reason: str | None = None) -> Mapping[str, JSON]:
    """The status of a thread that is over."""
    return {"type": "closed", "reason": reason}


@dataclass(frozen=True, slots=True)
class Step:
    """One item of a conversation, without what its place in a thread gives it."""

    type: str
    """As on the wire: `chatkit.user_message`, …"""
    fields: Mapping[str, JSON]
    """What the item has beside its id, time and thread. Ids inside it are still empty."""
    gap: int | None = None
    """Seconds since the step before; None for a believable time by kind."""


@dataclass(frozen=True, slots=True)
class Story:
    """A thread and what was said in it."""

    title: str | None
    user: str
    ago: int
    """Seconds from the beginning of the thread to the demo's present."""
    steps: tuple[Step, ...]
    status: Mapping[str, JSON] = field(default_factory=lambda: ACTIVE)
    runs_on_to: int = 0
    """How many items the thread has in all when the story itself is only its beginning."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A few steps that belong together, with `$gaps` for words (see `words.py`)."""

    title: str
    """What a thread that begins with this scene is called."""
    steps: tuple[Step, ...]


# -- steps -----------------------------------------------------------------------------------------


def user(
    *texts: str,
    quote: str | None = None,
    attached: tuple[Mapping[str, JSON], ...] = (),
    model: str | None = None,
    tool: str | None = None,
    gap: int | None = None,
) -> Step:
    """What the end user said, after the passage that they quoted; with files, model and tool."""
    content = [{"type": "quoted_text", "text": quote}] if quote is not None else []
    content += [{"type": "input_text", "text": text} for text in texts]
    options = None
    if model or tool:
        options = {"tool_choice": {"id": tool} if tool else None, "model": model}
    return Step(
        "chatkit.user_message",
        {"content": content, "attachments": list(attached), "inference_options": options},
        gap,
    )


def image(name: str, mime_type: str = "image/png") -> Mapping[str, JSON]:
    """A picture that was attached; it has a preview."""
    return {
        "type": "image",
        "id": "",
        "name": name,
        "mime_type": mime_type,
        "preview_url": f"https://files.example.com/previews/{name.replace(' ', '%20')}",
    }


def document(name: str, mime_type: str = "application/pdf") -> Mapping[str, JSON]:
    """A file that was attached; it has no preview."""
    return {"type": "file", "id": "", "name": name, "mime_type": mime_type, "preview_url": None}


def assistant(*texts: str, sources: tuple[str, ...] = (), gap: int | None = None) -> Step:
    """What the assistant said, in Markdown; the sources belong to the last text.

    A source that begins with `http` is a web address, any other the name of a file.
    """
    content: list[JSON] = [
        {"type": "output_text", "text": text, "annotations": []} for text in texts
    ]
    content[-1]["annotations"] = [
        {"type": kind, "source": {"type": kind, "url" if kind == "url" else "filename": source}}
        for source in sources
        for kind in ("url" if source.startswith("http") else "file",)
    ]
    return Step("chatkit.assistant_message", {"content": content}, gap)


def widget(tree: Mapping[str, JSON], gap: int | None = None) -> Step:
    """A widget that was shown."""
    return Step("chatkit.widget", {"widget": json.dumps(tree, ensure_ascii=False)}, gap)


def call(name: str, arguments: JSON, output: JSON = None, *, gap: int | None = None) -> Step:
    """A tool call in the browser; still in progress when there is no output.

    Text stands as it is, so that it may be JSON that does not parse; other values become JSON.
    """
    return Step(
        "chatkit.client_tool_call",
        {
            "status": "in_progress" if output is None else "completed",
            "call_id": "",
            "name": name,
            "arguments": _json(arguments),
            "output": None if output is None else _json(output),
        },
        gap,
    )


def thought(heading: str | None, summary: str | None = None, gap: int | None = None) -> Step:
    """A step of the assistant's reasoning."""
    return Step("chatkit.task", _task("task_type", "thought", heading, summary), gap)


def task(heading: str | None, summary: str | None = None, gap: int | None = None) -> Step:
    """A step of the workflow."""
    return Step("chatkit.task", _task("task_type", "custom", heading, summary), gap)


def group(*tasks: tuple[str, str | None, str | None], gap: int | None = None) -> Step:
    """Steps shown together: for each its kind (`thought` or `custom`), heading and summary."""
    return Step("chatkit.task_group", {"tasks": [_task("type", *one) for one in tasks]}, gap)


def unheard_of(kind: str, gap: int | None = None, **fields: JSON) -> Step:
    """An item of a kind that no document mentions."""
    return Step(f"chatkit.{kind}", fields, gap)


def _task(key: str, kind: str, heading: str | None, summary: str | None) -> dict[str, JSON]:
    return {key: kind, "heading": heading, "summary": summary}


def _json(value: JSON) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
