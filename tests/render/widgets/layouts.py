"""Widgets whose subject is how rows, images and notes are laid out."""

from __future__ import annotations

from chatkit_tui.models.json import JSON
from tests.render.widgets.gallery import SPACER, node, said


def action(name: str, **payload: JSON) -> dict[str, JSON]:
    """An action with a payload, if there is one."""
    return {"type": name, "payload": payload} if payload else {"type": name}


def button(label: str, name: str, **payload: JSON) -> dict[str, JSON]:
    """A button with an action."""
    return node("Button", label=label, onClickAction=action(name, **payload))


def image(name: str = "", **props: JSON) -> dict[str, JSON]:
    """An image with an address."""
    return node("Image", src=f"https://img.example/catalogue/{name}", **props)


def dish(name: str, detail: str, picture: str) -> dict[str, JSON]:
    """A picture beside a name and a detail."""
    return node(
        "Row",
        image(picture, size=56),
        node("Col", node("Title", value=name), node("Caption", value=detail)),
    )


def tide(time: str, words: str, height: str) -> dict[str, JSON]:
    """A column of an hour, a picture and a height."""
    picture = image(f"{words}.svg".replace(" ", "-"), alt=words, size=24)
    return node("Col", node("Caption", value=time), picture, said(height), align="center")


def boxed(name: str, number: int, **props: JSON) -> dict[str, JSON]:
    """A row of a list with a frame of its own."""
    inner = node("Row", node("Title", value=name), SPACER, node("Badge", label=f"{number} m²"))
    return node("ListViewItem", node("Box", inner, border=1, padding=2), **props)


RANGES = ("1H", "6H", "1D", "3D", "1W", "2W", "1M", "All")
SEAT = node("Button", label="A window seat behind the wing", onClickAction=action("seat", row=23))

LAYOUTS: dict[str, JSON] = {
    "notes_in_rows": node(
        "Card",
        node(
            "Row",
            *[button(word, "range.set", value=word) for word in RANGES],
            gap=1,
            wrap="wrap",
        ),
        node("Row", *[button(word, "layer.toggle") for word in ("Wind", "Rain", "Ice")]),
        node("Row", *[button(word, "offer", answer=word[:2]) for word in ("Accept", "Decline")]),
        node("Row", button("Copy", "link.copy"), button("Share", "link.share")),
        node(
            "Row",
            node("Checkbox", name="", onChangeAction=action("errand.toggle")),
            said("Return the borrowed ladder and bring back the long rope", flex=1),
            node("Row", button("Done", "errand.done"), button("Drop", "errand.drop"), gap=1),
            gap=0,
        ),
    ),
    "notes_in_columns": node(
        "Card",
        node(
            "Row",
            node("Col", said("Standard"), said("three days"), button("Take", "ship", speed=1)),
            node("Col", said("Express"), said("tomorrow"), button("Take it", "ship", speed=2)),
        ),
        node("Col", said("Anything else?"), button("Ask", "ask"), align="center"),
    ),
    "notes_of_a_list": node(
        "ListView",
        *[
            node("ListViewItem", said(name), SPACER, button("Open", "file.open", id=number),
                 button("Remove", "file.remove", id=number))
            for number, name in enumerate(["Lease of the north field, signed", "Survey", "Deed"])
        ],
        node("ListViewItem", said("Archive"), onClickAction=action("archive.open")),
    ),
    "images_in_rows": node(
        "Card",
        dish("Barley soup", "with leek and thyme · 0.4 l", "barley-soup.jpg"),
        dish("Rye flatbread", "from the stone oven", "rye.jpg"),
        node("Row", image("x.png", alt="Rye"), said("Rye, whole grain")),
        node("Row", image("y.png", alt="A long table under two old chestnut trees"),
             node("Col", node("Title", value="The garden"), said("Open from May. " * 5))),
    ),
    "images_in_columns": node(
        "Card",
        node(
            "Row",
            *[tide(f"{hour:02}:00", words, f"{hour / 10:.1f} m")
              for hour, words in [(6, "rising tide"), (9, "slack water"), (12, "falling tide"),
                                  (15, "slack water at low tide"), (18, "rising tide")]],
            justify="between",
        ),
        size="sm",
    ),
    "a_row_that_breaks": node(
        "Row",
        *[node("Col", node("Caption", value=f"Day {day}"), said(f"{day * 7} km on foot"))
          for day in range(1, 8)],
        justify="between",
    ),
    "labels_that_stay_whole": node(
        "Card",
        node("Row", button("Aisle", "seat", row=3), SEAT, button("None", "skip")),
        node("Row", said("Fare"), SPACER, node("Badge", label="not refundable after departure")),
        size="sm",
    ),
    "framed_rows": node(
        "ListView",
        boxed("Studio", 31, onClickAction=action("flat.open", id="studio")),
        boxed("Loft", 84, onClickAction=action("flat.open", id="loft")),
    ),
    "ruled_rows": node(
        "ListView",
        node("ListViewItem", node("Row", said("Ruled")), border={"bottom": 1},
             onClickAction=action("rule.open")),
        node("ListViewItem", said("Plain\nof two lines")),
    ),
    "a_list_in_a_card": node(
        "Card", node("ListView", node("ListViewItem", said("left"), SPACER, said("right"))),
        size="full",
    ),
    "notes_of_a_table": node(
        "Table",
        *[node("Table.Row", node("Table.Cell", said(name)),
               node("Table.Cell", button("Book", "berth.book", id=name)),
               onClickAction=action("berth.show", id=name))
          for name in ("A1", "A2")],
    ),
}  # fmt: skip
"""Widgets by the names of the files that their frames are kept in."""
