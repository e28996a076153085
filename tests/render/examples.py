"""Items written for the tests of drawing: one of each kind, and the odd ones."""

from __future__ import annotations

import base64
import json
from typing import Any

from chatkit_tui.document.spans import line_text
from chatkit_tui.models.items import Item, parse_item
from chatkit_tui.models.json import JSON
from chatkit_tui.render import RenderContext
from chatkit_tui.render.items import RenderedItem, render_item
from tests.render.package_examples import PACKAGE_EXAMPLES

MADE = 1_760_602_640
"""16 October 2025, 08:17:20 UTC: when every example was made."""

CONTEXT = RenderContext(now=MADE + 3 * 3600, user="ines@example.com")

ITEM_ID = "cti_68f0aa10" + "5d" * 20


def item(kind: str, **fields: JSON) -> Item:
    """An item of a kind, read from JSON as the wire has it."""
    common = {"id": ITEM_ID, "object": "chatkit.thread_item", "created_at": MADE}
    value = {**common, "thread_id": "cthr_example", "type": f"chatkit.{kind}", **fields}
    return parse_item(json.dumps(value).encode())


def widget(tree: JSON) -> Item:
    """A widget item of a component tree."""
    return item("widget", widget=tree if isinstance(tree, str) else json.dumps(tree))


def drawn(
    what: Item, width: int = 80, context: RenderContext = CONTEXT, **how: Any
) -> RenderedItem:
    """An item as lines."""
    return render_item(what, width, context, **how)


def body(what: Item, width: int = 80, context: RenderContext = CONTEXT, **how: Any) -> list[str]:
    """The words of each line below an item's head."""
    result = drawn(what, width, context, **how)
    return [line_text(line).rstrip() for line in result.lines[result.head :]]


def head(what: Item, width: int = 80, context: RenderContext = CONTEXT, **how: Any) -> str:
    """The words of an item's head."""
    result = drawn(what, width, context, **how)
    return "\n".join(line_text(line) for line in result.lines[: result.head])


USER = item(
    "user_message",
    content=[
        {"type": "quoted_text", "text": "Your parcel left the depot this morning."},
        {
            "type": "input_text",
            "text": "It says so every morning.\n\nParcel 88-1207:\n  - depot since Monday\n"
            "  - nobody rang\nSee https://parcels.example/88-1207, please.",
        },
    ],
    attachments=[
        {
            "type": "image",
            "id": "cfile_door",
            "name": "front door.jpg",
            "mime_type": "image/jpeg",
            "preview_url": "https://files.example/preview/front-door",
        },
        {"type": "file", "id": "cfile_slip", "name": "slip.pdf", "mime_type": "application/pdf"},
    ],
    inference_options={"model": "gpt-5-mini", "tool_choice": {"id": "track_parcel"}},
)

ASSISTANT = item(
    "assistant_message",
    content=[
        {
            "type": "output_text",
            "text": "## Where it is\n\nYour parcel is **on the van** and comes *today*, see "
            "[the map](https://parcels.example/map).\n\n"
            "| stop | time |\n|---|---:|\n| depot | 06:10 |\n| your street | 14:30 |\n\n"
            "1. Stay near `the door`\n2. Have your pin ready\n\n"
            "```python\ndef pin(parcel: str) -> int:\n    return hash(parcel) % 10_000\n```\n\n"
            "> Nobody rings twice.",
            "annotations": [
                {"type": "file", "source": {"type": "file", "filename": "rounds.csv"}, "index": 12},
                {
                    "type": "url",
                    "source": {
                        "type": "url",
                        "url": "https://parcels.example/rules",
                        "title": "Rules of delivery",
                    },
                },
                {"type": "file", "source": {"type": "file", "filename": "rounds.csv"}, "index": 90},
                {"type": "entity", "id": "van 12"},
            ],
        }
    ],
)

ADDITIONS = item(
    "assistant_message",
    content=[
        {
            "type": "output_text",
            "text": "# How far\n\n## In short\n\n### By hand\n\n"
            "The way is \\(s = \\frac{1}{2} a t^2\\), so $a$ counts\ue200cite\ue202turn0search1"
            "\ue201; it costs $5 or $10.[^1] As\n\\[\n\\begin{aligned}\ns &= v * t * k \\\\\n"
            "- u &= 0\n\\end{aligned}\n\\]\nshows, ~~never~~ rarely more: "
            "press <kbd>q</kbd> for <b>m<sup>2</sup></b>.\n\n"
            "| van | rounds |\n|---|---|\n| 12 | Basel<br>Arlesheim |\n\n"
            "<details>\n<summary>All <i>stops</i></summary>\n\n- depot\n- your street\n\n"
            "</details>\n\n"
            "Depot\n: Where the van starts\n: And ends\n\n"
            "> [!WARNING]\n> Nobody rings *twice*.\n\n"
            "```python\nround_of_the_van = plan(stops=stops_today, first='depot', last='depot')\n"
            "```\n\n![map](data:image/png;base64," + "iVBORw0KGgo" * 20 + "=)\n\n"
            "[^1]: Prices of *October*.",
        }
    ],
)

TOOL_DONE = item(
    "client_tool_call",
    call_id="call_7",
    name="track_parcel",
    status="completed",
    arguments='{"parcel": "88-1207", "depth": 1.50}',
    output=json.dumps({"stops": [{"place": "depot"}, {"place": "van"}], "late": True}),
)

TOOL_RUNNING = item(
    "client_tool_call",
    call_id="call_8",
    name="ring_driver",
    status="in_progress",
    arguments='{"driver": "Bo',
    output=None,
)

TOOL_FAILED = item(
    "client_tool_call",
    call_id="call_9",
    name="pay_duty",
    status="completed",
    arguments='{"parcel": "88-1207", "amount": 12.40, "currency": "CHF"}',
    output=json.dumps(
        {
            "error": {
                "code": "card_expired",
                "message": "The card on file expired in March.",
                "trace": 'Traceback:\n  File "pay.py", line 12\nCardError',
            }
        }
    ),
)

TOOL_LIST = item(
    "client_tool_call",
    call_id="call_10",
    name="list_parcels",
    status="completed",
    arguments=json.dumps(
        {
            "query": "SELECT id,\n       weight\nFROM parcels\nWHERE depot = 'Basel'",
            "fields": ["id", "weight"],
            "filter": json.dumps({"depot": {"city": "Basel", "gate": 4}, "note": "He said: soon."}),
        }
    ),
    output=json.dumps(
        {
            "parcels": [
                {"id": "88-1207", "kg": 4.20, "to": "Rheinsprung 9, Basel", "signed": False},
                {"id": "88-1311", "kg": 12, "to": "Im Lee 2, Arlesheim", "signed": True},
                {"id": "88-1400", "kg": 0.5, "to": None},
            ],
            "slip": "data:application/pdf;base64," + "JVBERi0x" * 400,
            "photo": base64.b64encode(bytes(range(256)) * 4).decode(),
            "remark": "The second parcel is heavy, so please bring a trolley to gate 4, "
            "or ask the porter for one when you sign the list at the door.",
        }
    ),
)

THOUGHT = item(
    "task", task_type="thought", heading="Comparing the two rounds", summary="The van was late."
)

GROUP = item(
    "task_group",
    tasks=[
        {
            "type": "thought",
            "heading": "Reading the round",
            "summary": "Twelve stops,\nall signed,\none twice.",
        },
        {"type": "custom", "heading": "Asking the depot", "summary": None},
        {"type": "custom", "heading": None, "summary": "No answer yet."},
        {"type": "custom", "heading": "Asking again", "summary": "They will look."},
        {"type": "web_search", "heading": "Looking up the street", "summary": "Two of that name."},
    ],
)

UNKNOWN = item("hologram", shape={"sides": 6, "label": "cube"}, frames=[0.10, 1e3])

WIDGET = widget(
    {
        "type": "Card",
        "status": {"text": "Parcel found"},
        "confirm": {"label": "Send it", "action": {"type": "parcel.send", "payload": {"to": 4}}},
        "cancel": {"label": "Leave it", "action": {"type": "parcel.leave"}},
        "children": [
            {
                "type": "Row",
                "children": [
                    {"type": "Title", "value": "Parcel 88-1207"},
                    {"type": "Spacer"},
                    {"type": "Badge", "label": "late", "color": "warning"},
                ],
            },
            {"type": "Divider"},
            {
                "type": "ListView",
                "limit": 2,
                "children": [
                    {
                        "type": "ListViewItem",
                        "onClickAction": {"type": "day.pick", "handler": "client"},
                        "children": [{"type": "Text", "value": day}],
                    }
                    for day in ("Tuesday", "Wednesday", "Thursday", "Friday")
                ],
            },
            {
                "type": "Select",
                "name": "where",
                "defaultValue": "door",
                "options": [
                    {"value": "door", "label": "At the door"},
                    {"value": "shop", "label": "In the shop", "disabled": True},
                ],
            },
            {"type": "Input", "name": "note", "placeholder": "for the driver", "required": True},
            {"type": "Checkbox", "name": "ring", "label": "Ring twice", "defaultChecked": True},
            {
                "type": "Chart",
                "data": [{"day": "Mon", "stops": 9}, {"day": "Tue", "stops": 12}],
                "series": [{"type": "bar", "dataKey": "stops", "label": "Stops"}],
                "xAxis": "day",
            },
            {"type": "Caption", "value": "Prices in euros"},
        ],
    }
)

BROKEN_WIDGET = widget("Pick a day: Tuesday or Wednesday")

MISFIT = item("user_message", content="still shown", created_at="some day", inference_options=[7])

EXAMPLES: dict[str, Item] = {
    "user": USER,
    "assistant": ASSISTANT,
    "additions": ADDITIONS,
    "tool_done": TOOL_DONE,
    "tool_running": TOOL_RUNNING,
    "tool_failed": TOOL_FAILED,
    "tool_list": TOOL_LIST,
    "thought": THOUGHT,
    "group": GROUP,
    "unknown": UNKNOWN,
    "widget": WIDGET,
    "widget_broken": BROKEN_WIDGET,
    "misfit": MISFIT,
    **PACKAGE_EXAMPLES,
}
"""The examples that frames are kept of, by the name of their files."""
