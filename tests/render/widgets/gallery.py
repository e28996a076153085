"""One widget for each component, with the properties that show in a terminal."""

from __future__ import annotations

from chatkit_tui.models.json import JSON

GO = {"type": "go.on"}
PICK = {"type": "seat.pick", "handler": "client", "payload": {"seat": "4A"}}
LONG = "The ferry leaves from pier nine at a quarter past six, weather permitting."


def node(kind: str, *children: JSON, **props: JSON) -> dict[str, JSON]:
    """A component; texts among the children stand for themselves."""
    made: dict[str, JSON] = {"type": kind, **props}
    if children:
        made["children"] = list(children)
    return made


def said(value: str, **props: JSON) -> dict[str, JSON]:
    """A text component."""
    return node("Text", value=value, **props)


SPACER = node("Spacer")
ROW = node("ListViewItem", node("Icon", name="check"), said("Pier nine"), onClickAction=PICK)
TALL = node(
    "ListViewItem",
    node("Col", node("Title", value="Pier ten"), node("Caption", value=LONG)),
    onClickAction=PICK,
)
OPTIONS: list[JSON] = [
    {"value": "deck", "label": "On deck"},
    {"value": "inside", "label": "Inside"},
    {"value": "bridge", "label": "On the bridge", "disabled": True},
]


def progress(width: JSON, **props: JSON) -> dict[str, JSON]:
    """A bar made of two boxes."""
    return node("Box", node("Box", background="blue-500", width=width), background="gray-100")


GALLERY: dict[str, JSON] = {
    "card": node(
        "Card",
        node("Title", value="Ferry 7"),
        said(LONG),
        size="sm",
        status={"text": "Booked", "icon": "check"},
        asForm=True,
        confirm={"label": "Board", "action": GO},
        cancel={"label": "Stay ashore", "action": {"type": "stay"}},
    ),
    "card_collapsed": node("Card", said("Sent"), status={"text": "Draft"}, collapsed=True),
    "card_in_lower_case": {"type": "card", "children": {"type": "text", "value": "One object"}},
    "list_view": node("ListView", ROW, ROW, ROW, limit=2, status={"text": "Two piers"}),
    "list_view_item": node("ListView", ROW, TALL, node("ListViewItem", said("No action"))),
    "basic": node("Basic", said("Without a frame"), node("Caption", value="and small")),
    "box": node(
        "Col",
        node("Box", said("Framed"), border=1, padding=2),
        node("Box", said("Dashed"), border={"size": 1, "style": "dashed"}, width="200px"),
        node("Box", said("Behind a bar"), background="blue-100"),
        node("Box", said("Between rules"), border={"top": 1, "bottom": {"size": 1}}),
        node("Box", said("side"), said("by side"), direction="row"),
        node("Box", said("Indented"), padding={"left": 4}),
    ),
    "box_progress": node(
        "Col",
        progress("25.0%"),
        node("Row", said("Loading"), progress("66%"), gap=2),
        progress("0%"),
        progress("100%"),
    ),
    "box_of_color": node(
        "Row",
        node("Box", width=4, background="red-400"),
        node("Col", said("Lunch"), node("Caption", value="12:00")),
        node("Box", size=8, background="#00f"),
        said("dot"),
    ),
    "row": node(
        "Col",
        node("Row", said("left"), SPACER, said("right")),
        node("Row", said("between"), said("its"), said("ends"), justify="between"),
        node("Row", said("in the middle"), justify="center"),
        node("Row", said("at the end"), justify="end"),
        node("Row", said("part"), node("Divider"), said("part"), gap=1),
        node("Row", said(LONG), said(LONG), gap=4),
        node("Row", *[node("Badge", label=f"pier {n}") for n in range(1, 12)], wrap="wrap", gap=2),
        node("Row", said("one\ntwo\nthree"), said("middle"), align="center"),
        node("Row", said("a fifth", width="20%"), said("the rest", flex=1), said("last")),
    ),
    "col": node(
        "Col",
        said("left"),
        node("Col", said("centred"), said("too"), align="center"),
        node("Col", said("at the end"), align="end"),
        node("Col", said("far"), said("apart"), gap=4),
    ),
    "form": node("Form", node("Input", name="pier"), onSubmitAction={"type": "pier.save"}),
    "spacer": node("Row", SPACER, said("pushed"), SPACER, said("apart")),
    "divider": node("Card", said("above"), node("Divider"), said("below")),
    "transition": {"type": "Transition", "children": said("in transition")},
    "text": node(
        "Col",
        said(LONG),
        said(LONG, truncate=True),
        said(LONG * 3, maxLines=2),
        said("centred", textAlign="center"),
        said("at the end", textAlign="end"),
        said("semibold", weight="semibold"),
        said("gone", lineThrough=True),
        said("Editable", editable={"name": "title", "required": True}),
        said("", editable={"name": "title", "placeholder": "Type here"}),
        said("{{left.in}}"),
    ),
    "title": node("Title", value="A title of some weight", size="lg"),
    "caption": node("Caption", value=LONG),
    "label": node("Label", value="Pier", fieldName="trip.pier"),
    "markdown": node(
        "Markdown", value="**Bold** and\n\n- a\n- b\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    ),
    "badge": node(
        "Row",
        node("Badge", label="late", color="danger"),
        node("Badge", label="new", color="info", variant="solid"),
        gap=2,
    ),
    "icon": node("Row", node("Icon", name="check"), node("Icon", name="vendor:anchor")),
    "image": node(
        "Col",
        node("Image", alt="A pier", src="https://a.example/pier.png"),
        node("Row", node("Image", alt="A pier", src="https://a.example/pier.png"), said("Nine")),
        node("Image", src="data:image/png;base64,AAAA"),
    ),
    "button": node(
        "Col",
        node("Button", label="Board", iconStart="check", style="primary", onClickAction=GO),
        node("Button", label="Not now", disabled=True, submit=True),
        node("Button", iconStart="trash"),
        node(
            "Row",
            node("Button", label="One", onClickAction=GO),
            node("Button", label="Two", onClickAction=PICK),
        ),
    ),
    "input": node(
        "Col",
        node("Input", name="pier", defaultValue="nine", required=True),
        node("Input", name="pier", placeholder="which one?", disabled=True),
        node("Input", name="pin", defaultValue="1234", inputType="password"),
    ),
    "textarea": node("Textarea", name="note", defaultValue=f"{LONG}\nBring a coat."),
    "select": node(
        "Col",
        node("Select", name="place", options=OPTIONS, defaultValue="inside", onChangeAction=GO),
        node("Select", name="place", options=OPTIONS, placeholder="Pick one", required=True),
    ),
    "radio_group": node(
        "RadioGroup",
        name="place",
        direction="col",
        defaultValue="deck",
        options=[*OPTIONS, {"value": "crow", "label": "Aloft", "description": "mind your head"}],
    ),
    "checkbox": node(
        "Col",
        node("Checkbox", name="coat", label="Bring a coat", defaultChecked=True),
        node("Checkbox", name="hat", label="Bring a hat", required=True),
    ),
    "date_picker": node("DatePicker", name="day", defaultValue="2026-03-12", min="2026-03-01"),
    "table": node(
        "Table",
        node(
            "Table.Row",
            node("Table.Cell", said("Pier")),
            node("Table.Cell", said("Berths"), align="end"),
            node("Table.Cell", said("Remarks")),
            header=True,
        ),
        node(
            "Table.Row",
            node("Table.Cell", said("Nine")),
            node("Table.Cell", said("12")),
            node("Table.Cell", node("Row", node("Badge", label="windy"), said(LONG))),
        ),
        node(
            "Table.Row", node("Table.Cell", said("All"), colSpan=2), node("Table.Cell", said("-"))
        ),
    ),
    "table_row": node("Table.Row", said("a row"), said("of no table")),
    "table_cell": node("Table.Cell", said("a cell of no row")),
    "unknown": node("Sparkle", said("inside"), label="Shiny", onClickAction=GO),
}
"""Widgets by the names of the files that their frames are kept in."""
