"""Threads and items as other documents and servers write them: known things, spelt otherwise."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from chatkit_tui.emulator.calls import JSON, Answer, Call, Next
from chatkit_tui.emulator.faults.fault import (
    DELETIONS,
    ITEMS,
    THREADS,
    THREADS_AND_ITEMS,
    Fault,
    Row,
    changed_rows,
)

ODD_PREFIX = "Größe/1 ?#%: "
"""What odd ids begin with: everything that a path must have encoded."""


def bare_types(item: Row) -> JSON:
    """Take `chatkit.` off the item's type."""
    return {**item, "type": item["type"].removeprefix("chatkit.")}


def _without(*names: str) -> Callable[[Row], JSON]:
    def changed(row: Row) -> JSON:
        return {name: value for name, value in row.items() if name not in names}

    return changed


def no_annotations(item: Row) -> JSON:
    """Leave the annotations out of every text."""
    if item["type"] != "chatkit.assistant_message":
        return item
    return {
        **item,
        "content": [{"type": part["type"], "text": part["text"]} for part in item["content"]],
    }


def bare_content(item: Row) -> JSON:
    """Give a message's content as one string."""
    if "content" not in item:
        return item
    return {**item, "content": "\n\n".join(part["text"] for part in item["content"])}


def empty_content(item: Row) -> JSON:
    """Let a user message be an attachment and nothing else."""
    if item["type"] != "chatkit.user_message":
        return item
    picture = {
        "type": "image",
        "id": item["id"].replace("cti_", "cfile_"),
        "name": "photo.jpg",
        "mime_type": "image/jpeg",
        "preview_url": None,
    }
    return {**item, "content": [], "attachments": item["attachments"] or [picture]}


def iso_times(row: Row) -> JSON:
    """Write times as ISO 8601 text in UTC."""
    moment = datetime.fromtimestamp(row["created_at"], UTC)
    return {**row, "created_at": moment.isoformat()}


def objects_for_strings(item: Row) -> JSON:
    """Give widgets, arguments and outputs as the values that their strings hold."""
    return {
        name: _parsed(value) if name in ("widget", "arguments", "output") else value
        for name, value in item.items()
    }


def _parsed(value: JSON) -> JSON:
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value


def other_prefix(item: Row) -> JSON:
    """Begin item ids with `cthi_`, as some documents do."""
    return {**item, "id": item["id"].replace("cti_", "cthi_", 1)}


async def odd_ids(call: Call, go: Next) -> Answer:
    """Give ids with spaces, slashes and signs in them, which say nothing of a time."""

    def plain(text: str) -> str:
        return text.removeprefix(ODD_PREFIX)

    def odd(row: Row) -> Row:
        names = [name for name in ("id", "thread_id", "first_id", "last_id") if row.get(name)]
        return {**row, **{name: ODD_PREFIX + row[name] for name in names}}

    query = {
        name: plain(text) if name in ("after", "before") else text
        for name, text in call.query.items()
    }
    answer = await go(replace(call, target=plain(call.target), query=query))
    if not answer.succeeded:
        return answer
    content = odd(answer.content)
    if "data" in content:
        content["data"] = [odd(row) for row in content["data"]]
    return replace(answer, content=content)


async def other_item_prefix(call: Call, go: Next) -> Answer:
    """Item ids, and the cursors made of them, begin with `cthi_`."""
    query = {name: text.replace("cthi_", "cti_", 1) for name, text in call.query.items()}
    answer = await go(replace(call, query=query))
    if not answer.succeeded:
        return answer
    page = answer.content
    data = [other_prefix(row) for row in page["data"]]
    ends = {"first_id": data[0]["id"], "last_id": data[-1]["id"]} if data else {}
    return replace(answer, content={**page, "data": data, **ends})


DIALECT_FAULTS = (
    Fault("bare-types", "item types have no chatkit. before them", ITEMS, changed_rows(bare_types)),
    Fault(
        "no-created-at",
        "threads and items have no created_at",
        THREADS_AND_ITEMS,
        changed_rows(_without("created_at")),
    ),
    Fault("no-thread-id", "items have no thread_id", ITEMS, changed_rows(_without("thread_id"))),
    Fault("no-annotations", "texts have no annotations", ITEMS, changed_rows(no_annotations)),
    Fault(
        "no-attachments",
        "messages have no attachments",
        ITEMS,
        changed_rows(_without("attachments")),
    ),
    Fault(
        "no-inference-options",
        "messages have no inference_options",
        ITEMS,
        changed_rows(_without("inference_options")),
    ),
    Fault("bare-content", "the content of messages is a string", ITEMS, changed_rows(bare_content)),
    Fault(
        "empty-content",
        "user messages have attachments and no content",
        ITEMS,
        changed_rows(empty_content),
    ),
    Fault("no-status", "threads have no status", THREADS, changed_rows(_without("status"))),
    Fault("no-user", "threads have no user", THREADS, changed_rows(_without("user"))),
    Fault("no-title", "threads have no title", THREADS, changed_rows(_without("title"))),
    Fault("iso-times", "times are ISO 8601 text", THREADS_AND_ITEMS, changed_rows(iso_times)),
    Fault(
        "objects-for-strings",
        "widgets, arguments and outputs are objects",
        ITEMS,
        changed_rows(objects_for_strings),
    ),
    Fault("other-item-prefix", "item ids begin with cthi_", ITEMS, other_item_prefix),
    Fault(
        "odd-ids",
        "ids of threads and items hold spaces, slashes and other scripts",
        (*THREADS_AND_ITEMS, *DELETIONS),
        odd_ids,
    ),
)
