"""The threads of the sample data and their items as the package `openai-chatkit` spells them.

Ids have no time in them, times have no zone or are in UTC, and what is null is left out. Items of a
type that the package does not have are left out, too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Final

from chatkit_tui.emulator.library import Conversation, Library
from chatkit_tui.emulator.requests import JSON, Row
from chatkit_tui.emulator.sample_data import Story, load_self_hosted_stories, load_stories

HIDDEN: Final = frozenset({"hidden_context_item", "sdk_hidden_context"})
"""The types of items that a server never sends."""

_PREFIXES: Final = {
    "user_message": "msg",
    "assistant_message": "msg",
    "widget": "msg",
    "client_tool_call": "tc",
    "task": "tsk",
    "workflow": "wf",
    "sdk_hidden_context": "shcx",
}
"""The prefixes of the package's ids; of other types `itm`."""


def load_all_stories() -> tuple[Story, ...]:
    """Return the conversations of the hosted API, then those that only a self-hosted server has."""
    return (*map(_of_the_package, load_stories()), *load_self_hosted_stories())


def _of_the_package(story: Story) -> Story:
    items = tuple(item for item in story.items if _kind(item) in _RESPELL)
    return Story(story.thread, items, story.length - len(story.items) + len(items))


class ShortIds:
    """Ids of 8 hexadecimal digits, which look random, for the numbers below 2³² of one list."""

    _FACTOR: Final = 0x9E37_79B1
    _INVERSE: Final = pow(_FACTOR, -1, 1 << 32)

    def __init__(self, seed: str) -> None:
        self._shift = int.from_bytes(blake2b(seed.encode(), digest_size=4).digest())

    def make(self, prefix: str, number: int) -> str:
        """Return the id of a row."""
        return f"{prefix}_{(number * self._FACTOR + self._shift) % (1 << 32):08x}"

    def number(self, identifier: str) -> int | None:
        """Return the number of a row; None if the id is of another form."""
        match = re.fullmatch(r"[a-z]+_([0-9a-f]{8})", identifier)
        return match and (int(match[1], 16) - self._shift) * self._INVERSE % (1 << 32)


class ServerThreads:
    """The threads as rows of a list, oldest first."""

    def __init__(self, library: Library, time_text: Callable[[int], str]) -> None:
        self._library = library
        self._time_text = time_text
        self._ids = ShortIds("threads")
        self._titles: dict[int, str] = {}

    def __len__(self) -> int:
        return len(self._library)

    def row(self, index: int) -> Row:
        """Return a thread, with an empty page of items as in every list."""
        thread = self._library.row(index)
        return _present(
            {
                "title": self._titles.get(index, thread["title"]),
                "id": self.identifier(index),
                "created_at": self._time_text(thread["created_at"]),
                "status": _present(thread["status"]),
                "allowed_image_domains": thread.get("allowed_image_domains"),
                "metadata": {},
                "items": {"data": [], "has_more": False},
            }
        )

    def identifier(self, index: int) -> str:
        return self._ids.make("thr", index)

    def index_of(self, identifier: str) -> int | None:
        """Return the index of a thread; None if it does not exist or was deleted."""
        index = self._ids.number(identifier)
        if index is None or index >= len(self) or not self._library.exists(index):
            return None
        return index if self.identifier(index) == identifier else None

    def rename(self, index: int, title: str) -> None:
        self._titles[index] = title

    def items(self, index: int) -> ServerItems:
        """Return the items of a thread."""
        conversation = self._library.conversation(index)
        return ServerItems(self.identifier(index), conversation, self._time_text)


class ServerItems:
    """The items of a thread as rows of a list, oldest first."""

    def __init__(
        self, thread_id: str, conversation: Conversation, time_text: Callable[[int], str]
    ) -> None:
        self._thread_id = thread_id
        self._conversation = conversation
        self._time_text = time_text
        self._ids = ShortIds(thread_id)

    def __len__(self) -> int:
        return len(self._conversation)

    def row(self, index: int) -> Row:
        item = self._conversation.row(index)
        kind, fields = respelled(item)
        if files := fields.get("attachments"):
            fields["attachments"] = [{**file, "id": f"atc_{file['id'][-8:]}"} for file in files]
        return {
            "id": self._ids.make(_PREFIXES.get(kind, "itm"), index),
            "thread_id": self._thread_id,
            "created_at": self._time_text(item["created_at"]),
            "type": kind,
            **fields,
        }

    def index_of(self, identifier: str) -> int | None:
        index = self._ids.number(identifier)
        if index is None or index >= len(self):
            return None
        return index if self.row(index)["id"] == identifier else None


def naive_time(seconds: int) -> str:
    """Return a time as `datetime.now()` has it on a machine in UTC: without a zone."""
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None).isoformat()


def utc_time(seconds: int) -> str:
    """Return a time as the package writes it in UTC."""
    return f"{naive_time(seconds)}Z"


# -- items -----------------------------------------------------------------------------------------


def respelled(item: Row) -> tuple[str, Row]:
    """Return the type of an item and its own fields, as the package spells them."""
    own = {key: value for key, value in item.items() if key not in _COMMON}
    kind = _kind(item)
    if kind == item["type"]:  # the spelling of the package already
        return kind, own
    return ("workflow" if kind == "task_group" else kind), _present(_RESPELL[kind](own))


def _kind(item: Row) -> str:
    return str(item["type"]).removeprefix("chatkit.")


_COMMON: Final = frozenset({"id", "object", "created_at", "thread_id", "type"})


def _present(fields: Mapping[str, JSON]) -> Row:
    return {name: value for name, value in fields.items() if value is not None}


def _user_message(item: Row) -> Row:
    quotes = [part["text"] for part in item["content"] if part["type"] == "quoted_text"]
    return {
        "content": [part for part in item["content"] if part["type"] != "quoted_text"],
        "attachments": [_attachment(file) for file in item["attachments"]],
        "quoted_text": "\n".join(quotes) or None,
        "inference_options": _present(item["inference_options"] or {}),
    }


def _attachment(file: Row) -> Row:
    is_image = file["type"] == "image" and file["preview_url"]
    return _present(
        {
            "id": file["id"],
            "name": file["name"],
            "mime_type": file["mime_type"],
            "type": "image" if is_image else "file",
            "preview_url": file["preview_url"] if is_image else None,
        }
    )


def _assistant_message(item: Row) -> Row:
    return {"content": [_output(part) for part in item["content"]]}


def _output(part: Row) -> Row:
    annotations = [_annotation(annotation) for annotation in part["annotations"]]
    return {"annotations": annotations, "text": part["text"], "type": "output_text"}


def _annotation(annotation: Row) -> Row:
    source = annotation["source"]
    title = source.get("title") or source.get("filename") or source["url"]
    return {"type": "annotation", "source": {"title": title, **source}}


def _client_tool_call(item: Row) -> Row:
    arguments = _value(item["arguments"])
    is_running = item["status"] == "in_progress"
    return {
        "status": "pending" if is_running else "completed",
        "call_id": item["call_id"],
        "name": item["name"],
        "arguments": arguments if isinstance(arguments, dict) else {"text": arguments},
        "output": None if item["output"] is None else _value(item["output"]),
    }


def _widget(item: Row) -> Row:
    return {"widget": _value(item["widget"])}


def _value(text: str) -> JSON:
    """Return the value of JSON text, or the text itself if it is not JSON."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _task(item: Row) -> Row:
    return {"task": _step({**item, "type": item["task_type"]})}


def _task_group(item: Row) -> Row:
    tasks = [_step(task) for task in item["tasks"]]
    is_thought = all(task["type"] == "thought" for task in tasks)
    kind = "reasoning" if is_thought else "custom"
    return {"workflow": {"type": kind, "tasks": tasks, "expanded": False}}


def _step(task: Row) -> Row:
    content = task["summary"]
    if task["type"] == "thought":
        content = content or ""  # the package demands it
    step = {"type": task["type"], "title": task["heading"], "content": content}
    return {"status_indicator": "none", **_present(step)}


_RESPELL: Final[Mapping[str, Callable[[Row], Row]]] = {
    "user_message": _user_message,
    "assistant_message": _assistant_message,
    "client_tool_call": _client_tool_call,
    "widget": _widget,
    "task": _task,
    "task_group": _task_group,
}
"""The fields of an item by the type that the hosted API gives it."""
