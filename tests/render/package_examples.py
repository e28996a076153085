"""Items as self-hosted servers send them: each type of `openai-chatkit`, and the odd ones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from chatkit_tui.models.items import Item, parse_item

FOLDER = {
    "type": "url",
    "title": "Rules of delivery",
    "description": "When a parcel is late",
    "timestamp": "2025-09-30",
    "group": "Rules",
    "url": "https://parcels.example/rules",
    "attribution": "The post",
}
ROUNDS = {"type": "file", "title": "Rounds", "filename": "rounds.csv", "description": "Row 12"}
VAN = {
    "type": "entity",
    "title": "Van 12",
    "id": "van_12",
    "icon": "cube",
    "label": "Vehicle",
    "inline_label": "V12",
    "interactive": True,
    "data": {"driver": "Bo", "plate": None},
}


def row(kind: str, **fields: Any) -> dict[str, Any]:
    """The JSON of an item, with a time of the server's own clock."""
    return {
        "id": f"msg_{kind[:4]}88",
        "thread_id": "thr_000088",
        "created_at": "2025-10-16T08:17:20.250000",
        "type": kind,
        **fields,
    }


def step(kind: str, status: str = "none", **fields: Any) -> dict[str, Any]:
    return {"status_indicator": status, "type": kind, **fields}


WAYS = [{"value": "At the door"}, {"value": "In the shop"}]

ROWS: dict[str, dict[str, Any]] = {
    "user": row(
        "user_message",
        content=[
            {"type": "input_text", "text": "Where is "},
            {
                "type": "input_tag",
                "id": "par_1207",
                "text": "Parcel 88-1207",
                "data": {"parcel": 1207, "fragile": True},
                "group": "Parcels",
                "interactive": True,
            },
            {"type": "input_text", "text": "? The photo is of the wrong door."},
        ],
        attachments=[
            {
                "id": "atc_1",
                "name": "door.png",
                "mime_type": "image/png",
                "type": "image",
                "preview_url": "https://files.example/door.png?signature=abc",
            },
            {"id": "atc_2", "name": "slip.pdf", "mime_type": "application/pdf", "type": "file"},
        ],
        quoted_text="It left the depot\nthis morning.",
        inference_options={"tool_choice": {"id": "track"}, "model": "gpt-9"},
    ),
    "assistant": row(
        "assistant_message",
        content=[
            {
                "annotations": [
                    {"type": "annotation", "source": FOLDER, "index": 19},
                    {"type": "annotation", "source": ROUNDS, "index": 52},
                    {"type": "annotation", "source": VAN},
                    {"type": "annotation", "source": ROUNDS, "index": 90},
                ],
                "text": "It comes tomorrow, with the van.",
                "type": "output_text",
            },
            {"annotations": [], "text": "Ring twice.", "type": "output_text"},
        ],
    ),
    "call_done": row(
        "client_tool_call",
        status="completed",
        call_id="call_1",
        name="open_map",
        arguments={"place": "Depot 9", "zoom": 3, "layer": None},
        output="opened, not JSON",
    ),
    "call_pending": row(
        "client_tool_call", status="pending", call_id="call_2", name="pick_file", arguments={}
    ),
    "widget": row(
        "widget",
        widget={"type": "Card", "children": [{"type": "Text", "value": "Parcel 88-1207"}]},
        copy_text="Parcel 88-1207 comes tomorrow.",
    ),
    "image": row(
        "generated_image", image={"id": "gim_1", "url": "https://files.example/map.png?sig=1"}
    ),
    "image_pending": row("generated_image"),
    "questions_pending": row(
        "structured_input",
        status="pending",
        inputs=[
            {
                "id": "where",
                "question": "Where shall we leave it?",
                "type": "multiple_choice",
                "options": WAYS,
                "multiple": False,
            },
            {
                "id": "note",
                "question": "Anything else?",
                "type": "freeform",
                "description": "The driver reads this.",
            },
        ],
    ),
    "questions_answered": row(
        "structured_input",
        status="answered",
        inputs=[
            {
                "id": "where",
                "question": "Where shall we leave it?",
                "answer": {"values": ["In the shop", "or with my neighbour"], "skipped": False},
                "type": "multiple_choice",
                "options": WAYS,
                "multiple": True,
            },
            {
                "id": "when",
                "question": "When?",
                "answer": {"values": ["At the door"], "skipped": False},
                "type": "multiple_choice",
                "options": WAYS,
                "multiple": False,
            },
            {
                "id": "note",
                "question": "Anything else?",
                "answer": {"values": ["The bell is broken."], "skipped": False},
                "type": "freeform",
            },
        ],
    ),
    "questions_skipped": row(
        "structured_input",
        status="skipped",
        inputs=[
            {
                "id": "note",
                "question": "Anything else?",
                "answer": {"values": [], "skipped": True},
                "type": "freeform",
            }
        ],
    ),
    "workflow": row(
        "workflow",
        workflow={
            "type": "reasoning",
            "tasks": [
                step("thought", "complete", title="Reading the round", content="Twelve *stops*."),
                step(
                    "web_search",
                    "complete",
                    title="Looked up the street",
                    title_query="rheinsprung",
                    queries=["rheinsprung 9", "closed roads"],
                    sources=[FOLDER],
                ),
                step("file", "loading", title="Reading a file", sources=[ROUNDS]),
                step("image", title="Looked at the photo"),
                step("custom", title="Asked the depot", icon="phone", content="No answer yet."),
            ],
            "summary": {"duration": 74},
            "expanded": True,
        },
    ),
    "workflow_titled": row(
        "workflow",
        workflow={
            "type": "custom",
            "tasks": [step("custom", content="Only words, no title.")],
            "summary": {"title": "Checked the parcel", "icon": "search"},
            "expanded": False,
        },
    ),
    "task_custom": row("task", task=step("custom", title="Booked", content="For tomorrow.")),
    "task_thought": row("task", task=step("thought", content="They sound impatient.")),
    "task_web_search": row(
        "task", task=step("web_search", title="Searched", queries=["depot"], sources=[FOLDER])
    ),
    "task_file": row("task", task=step("file", title="Read", sources=[ROUNDS])),
    "task_image": row("task", task=step("image", title="Drew a map")),
    "end_of_turn": row("end_of_turn"),
    "hidden": row("hidden_context_item", content={"crm": {"customer": 9, "note": "a VIP"}}),
    "hidden_sdk": row("sdk_hidden_context", content="The user cancelled the stream."),
}


_NAMES = frozenset(("id", "type", "thread_id", "created_at", "icon", "status", "status_indicator"))
"""Fields of the package whose texts are names, not words."""


def words(value: Any, name: str = "") -> Iterator[str]:
    """The words of an item for readers."""
    if isinstance(value, dict):
        for key, entry in value.items():
            yield from words(entry, key)
    elif isinstance(value, list):
        for entry in value:
            yield from words(entry, name)
    elif isinstance(value, str) and name not in _NAMES:
        yield from value.split()


def read(name: str) -> Item:
    """The item of one of these rows."""
    return parse_item(json.dumps(ROWS[name]).encode())


PACKAGE_EXAMPLES = {f"package_{name}": read(name) for name in ROWS}
