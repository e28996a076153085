"""Things that no document mentions, and texts that do harm where they are trusted."""

from __future__ import annotations

import json
from dataclasses import replace

from chatkit_tui.emulator.calls import JSON, Answer, Call, Next
from chatkit_tui.emulator.faults.fault import ITEMS, THREADS_AND_ITEMS, Fault, Row, changed_rows

HOSTILE = "\x1b]52;c;cm0gLXJmIH4=\x07\x1b[2J[red]\u202egnp.exe\u202c \u200b\x9b31m\r\b[/red]"
"""A clipboard write, a cleared screen, markup, a reversed name, C1 and cursor controls."""

_SHOWN = ("text", "title", "user", "name", "heading", "summary", "reason", "filename")


def unknown_item(item: Row) -> JSON:
    """Give assistant messages a type that no document has."""
    if item["type"] != "chatkit.assistant_message":
        return item
    return {**item, "type": "chatkit.approval_request", "decision": "pending"}


def unknown_parts(item: Row) -> JSON:
    """Add to every message a part of a new type with a text, and one without."""
    if "content" not in item:
        return item
    spoken = {"type": "output_audio", "text": "The same, read aloud.", "seconds": 4.2}
    located = {"type": "location", "latitude": 52.52, "longitude": 13.405}
    return {**item, "content": [*item["content"], spoken, located]}


def unknown_annotations(item: Row) -> JSON:
    """Add an annotation of a new type to every text of the assistant."""
    if item["type"] != "chatkit.assistant_message":
        return item
    entity = {"type": "entity", "source": {"type": "entity", "id": "crm:4711"}, "index": 3}
    return {
        **item,
        "content": [
            {**part, "annotations": [*part["annotations"], entity]} for part in item["content"]
        ],
    }


def unknown_attachments(item: Row) -> JSON:
    """Add an attachment of a new type to every user message."""
    if item["type"] != "chatkit.user_message":
        return item
    voice = {"type": "audio", "id": "cfile_voice", "name": "note.ogg", "mime_type": "audio/ogg"}
    return {**item, "attachments": [*item["attachments"], voice]}


def unknown_tasks(item: Row) -> JSON:
    """Give tasks, alone and in groups, a type that no document has."""
    if "tasks" in item:
        return {
            **item,
            "tasks": [{**task, "type": "plan", "progress": 0.4} for task in item["tasks"]],
        }
    return {**item, "task_type": "plan"} if "task_type" in item else item


def unknown_statuses(row: Row) -> JSON:
    """Give threads and tool calls a status that no document has."""
    if row["object"] == "chatkit.thread":
        return {**row, "status": {"type": "archived", "by": "retention policy"}}
    return {**row, "status": "failed"} if "status" in row else row


def misfit_fields(row: Row) -> JSON:
    """Give every field that can be missed a value of another type."""
    misfits = {
        "created_at": "yesterday",
        "title": ["two", "titles"],
        "user": {"name": "someone"},
        "status": 3,
        "attachments": 7,
        "inference_options": "fast",
        "name": {"of": "a tool"},
        "heading": 12.5,
        "tasks": "none",
    }
    return {name: misfits.get(name, value) for name, value in row.items()}


def extra_fields(row: Row) -> JSON:
    """Add fields that no document has."""
    return {**row, "metadata": {"tenant": "eu-2", "labels": ["vip"]}, "updated_at": 1_773_300_000}


def hostile_text(row: Row) -> JSON:
    """Put terminal controls, markup and reversed text into titles, users and texts."""
    return _prefixed(row, HOSTILE)


def _prefixed(value: JSON, prefix: str) -> JSON:
    """Put the same before every text that a person would be shown."""
    if isinstance(value, list):
        return [_prefixed(entry, prefix) for entry in value]
    if not isinstance(value, dict):
        return value
    return {
        name: prefix + entry
        if name in _SHOWN and isinstance(entry, str)
        else _prefixed(entry, prefix)
        for name, entry in value.items()
    }


async def lone_surrogates(call: Call, go: Next) -> Answer:
    """Put half an emoji before every text, as a server does that counts in UTF-16."""
    answer = await go(call)
    if not answer.succeeded:
        return answer
    return replace(answer, body=json.dumps(_prefixed(answer.content, "\ud83d")).encode())


NOVELTY_FAULTS = (
    Fault(
        "unknown-item", "assistant messages have an unknown type", ITEMS, changed_rows(unknown_item)
    ),
    Fault(
        "unknown-parts", "messages have parts of unknown types", ITEMS, changed_rows(unknown_parts)
    ),
    Fault(
        "unknown-annotations",
        "texts have an annotation of an unknown type",
        ITEMS,
        changed_rows(unknown_annotations),
    ),
    Fault(
        "unknown-attachments",
        "user messages have an attachment of an unknown type",
        ITEMS,
        changed_rows(unknown_attachments),
    ),
    Fault("unknown-tasks", "tasks have an unknown type", ITEMS, changed_rows(unknown_tasks)),
    Fault(
        "unknown-statuses",
        "threads and tool calls have an unknown status",
        THREADS_AND_ITEMS,
        changed_rows(unknown_statuses),
    ),
    Fault(
        "misfit-fields",
        "known types have fields of other types",
        THREADS_AND_ITEMS,
        changed_rows(misfit_fields),
    ),
    Fault(
        "extra-fields",
        "threads and items have fields that no document has",
        THREADS_AND_ITEMS,
        changed_rows(extra_fields),
    ),
    Fault(
        "hostile-text",
        "texts hold terminal controls, markup and reversed letters",
        THREADS_AND_ITEMS,
        changed_rows(hostile_text),
    ),
    Fault(
        "lone-surrogates",
        "texts begin with half an emoji, a lone surrogate",
        THREADS_AND_ITEMS,
        lone_surrogates,
    ),
)
