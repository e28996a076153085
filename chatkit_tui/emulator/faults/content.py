"""Threads, items and sessions of other documents and servers, unknown things, hostile text.

Faults that change fields alone are data, in `data/changes.json`.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import partial

from chatkit_tui.emulator.faults.fault import (
    ITEMS,
    SESSIONS,
    THREADS_AND_ITEMS,
    changed_content,
    changed_rows,
    content_fault,
    fault,
    register,
    row_fault,
)
from chatkit_tui.emulator.requests import JSON, Handler, Request, Response, Row
from chatkit_tui.emulator.sample_data import load_data

HOSTILE = "\x1b]52;c;cm0gLXJmIH4=\x07\x1b[2J[red]\u202egnp.exe\u202c \u200b\x9b31m\r\b[/red]"
"""A clipboard write, a cleared screen, markup, a reversed name, C1 and cursor controls."""

_SHOWN = ("text", "title", "user", "name", "heading", "summary", "reason", "filename")


# -- fields ----------------------------------------------------------------------------------------


def _changed(row: Row, fault: Row) -> JSON:
    """Return a row without the fields in `omit`, with new values in `replace` and `add`.

    `replace` adds no field.
    """
    replaced, omitted = fault.get("replace", {}), fault.get("omit", ())
    kept = {name: replaced.get(name, row[name]) for name in row if name not in omitted}
    return {**kept, **fault.get("add", {})}


for _fault in load_data("changes"):
    _change = partial(_changed, fault=_fault)
    _kind = _fault.get("kind", "")
    _handle = changed_content(_change) if _kind == "page" else changed_rows(_change, _kind)
    register(_fault["name"], _fault["summary"], _handle, tuple(_fault["operations"]))


# -- other spellings of known fields ---------------------------------------------------------------


@row_fault(*ITEMS)
def bare_types(item: Row) -> JSON:
    """Item types have no `chatkit.` prefix."""
    return {**item, "type": item["type"].removeprefix("chatkit.")}


@row_fault(*ITEMS, kind="assistant_message")
def no_annotations(item: Row) -> JSON:
    """Texts have no annotations."""
    parts = [{"type": part["type"], "text": part["text"]} for part in item["content"]]
    return {**item, "content": parts}


@row_fault(*ITEMS)
def bare_content(item: Row) -> JSON:
    """The content of messages is a string."""
    if "content" not in item:
        return item
    return {**item, "content": "\n\n".join(part["text"] for part in item["content"])}


@row_fault(*ITEMS, kind="user_message")
def empty_content(item: Row) -> JSON:
    """User messages have attachments and no content."""
    picture = {
        "type": "image",
        "id": item["id"].replace("cti_", "cfile_"),
        "name": "photo.jpg",
        "mime_type": "image/jpeg",
        "preview_url": None,
    }
    return {**item, "content": [], "attachments": item["attachments"] or [picture]}


@row_fault(*THREADS_AND_ITEMS)
def iso_times(row: Row) -> JSON:
    """Times are ISO 8601 strings."""
    return {**row, "created_at": datetime.fromtimestamp(row["created_at"], UTC).isoformat()}


@row_fault(*ITEMS)
def objects_for_strings(item: Row) -> JSON:
    """Widgets, arguments and outputs are JSON values instead of strings."""
    return {
        name: _parsed(value) if name in ("widget", "arguments", "output") else value
        for name, value in item.items()
    }


def _parsed(value: JSON) -> JSON:
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value


# -- unknown things --------------------------------------------------------------------------------


@row_fault(*ITEMS)
def unknown_parts(item: Row) -> JSON:
    """Messages have parts of unknown types, with and without text."""
    if "content" not in item:
        return item
    audio = {"type": "output_audio", "text": "The same, read aloud.", "seconds": 4.2}
    location = {"type": "location", "latitude": 52.52, "longitude": 13.405}
    return {**item, "content": [*item["content"], audio, location]}


@row_fault(*ITEMS, kind="assistant_message")
def unknown_annotations(item: Row) -> JSON:
    """Texts have an annotation of an unknown type."""
    entity = {"type": "entity", "source": {"type": "entity", "id": "crm:4711"}, "index": 3}
    parts = [{**part, "annotations": [*part["annotations"], entity]} for part in item["content"]]
    return {**item, "content": parts}


@row_fault(*ITEMS, kind="user_message")
def unknown_attachments(item: Row) -> JSON:
    """User messages have an attachment of an unknown type."""
    voice = {"type": "audio", "id": "cfile_voice", "name": "note.ogg", "mime_type": "audio/ogg"}
    return {**item, "attachments": [*item["attachments"], voice]}


@row_fault(*ITEMS)
def unknown_tasks(item: Row) -> JSON:
    """Tasks have an unknown type."""
    if "tasks" in item:
        tasks = [{**task, "type": "plan", "progress": 0.4} for task in item["tasks"]]
        return {**item, "tasks": tasks}
    return {**item, "task_type": "plan"} if "task_type" in item else item


@row_fault(*THREADS_AND_ITEMS)
def unknown_statuses(row: Row) -> JSON:
    """Threads and tool calls have an unknown status."""
    if row["object"] == "chatkit.thread":
        return {**row, "status": {"type": "archived", "by": "retention policy"}}
    return {**row, "status": "failed"} if "status" in row else row


@row_fault(*THREADS_AND_ITEMS)
def hostile_text(row: Row) -> JSON:
    """Texts contain terminal controls, markup and reversed letters."""
    return _prefixed(row, HOSTILE)


def _prefixed(value: JSON, prefix: str) -> JSON:
    """Return a JSON value with a prefix before every text that is shown to users."""
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


@fault(*THREADS_AND_ITEMS)
async def lone_surrogates(request: Request, forward: Handler) -> Response:
    """Texts begin with half an emoji, as servers that count in UTF-16 cut them."""
    response = await forward(request)
    if not response.succeeded:
        return response
    return response._replace(body=json.dumps(_prefixed(response.content, "\ud83d")).encode())


# -- sessions of older documents -------------------------------------------------------------------


@content_fault(*SESSIONS)
def sparse_session(session: Row) -> JSON:
    """Sessions have no id and no user."""
    kept = ("client_secret", "expires_at", "max_requests_per_1_minute", "status", "workflow")
    return {name: session[name] for name in kept}


@content_fault(*SESSIONS)
def old_session(session: Row) -> JSON:
    """Sessions have scope, ttl_seconds, max_requests_per_session and cancelled_at."""
    more: Row = {
        "scope": {"customer_id": "cust_1870", "environment": "staging"},
        "ttl_seconds": 900,
        "max_requests_per_session": 500,
    }
    if session["status"] == "cancelled":
        more["cancelled_at"] = session["expires_at"] - 300
    return {**session, **more}
