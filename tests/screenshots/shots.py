"""The pictures: which screen, how large, and the keys that lead there.

A new picture is one entry here, and `make screenshots`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "screenshots"


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture, `screenshots/<name>.svg`."""

    name: str
    keys: tuple[str, ...] = ()
    """Textual's names of the keys to press from the start on, one after the other."""
    columns: int = 80
    rows: int = 24
    light: bool = False
    target: str | None = None
    """The id to open at the start."""
    widget_of: str | None = None
    """The title of the thread whose first widget to open at the start."""

    @property
    def path(self) -> Path:
        """Where the picture is kept."""
        return FOLDER / f"{self.name}.svg"


SHOTS: tuple[Shot, ...] = (
    Shot("threads-and-transcript", ("enter",), columns=160, rows=50),
    Shot("threads-and-transcript-light", ("enter",), columns=160, rows=50, light=True),
    Shot("threads"),
    Shot("transcript", ("enter",)),
    Shot("widget", ("enter", "j", "j", "j")),
    Shot("widget-card", rows=30, widget_of="Parcel says delivered, nothing here"),
    Shot("widget-card-light", rows=30, widget_of="Parcel says delivered, nothing here", light=True),
    Shot("widget-chart", rows=30, widget_of="Camping am Bohinjer See: wird das Wetter halten?"),
    Shot("widget-form", rows=32, widget_of="Internet seit gestern weg, Techniker gewünscht"),
    Shot("widget-list", rows=30, widget_of="Flight TP 576 cancelled, need to be home tonight"),
    Shot("widget-choices", rows=30, widget_of="What is left before we go live?"),
    Shot("widget-table", rows=24, widget_of="Which plan for 14 people with single sign-on?"),
    Shot("widget-text", rows=28, widget_of="Mail to the supplier about the broken shades"),
    Shot("widget-payloads", ("z",), rows=40, widget_of="Security training: spot the fake mail"),
    Shot("tool-call", ("enter", "G")),
    Shot("raw", ("enter", "i")),
    Shot("find", ("enter", "slash", *"hamburg", "enter")),
    Shot("delete", ("D",)),
    Shot("sessions", ("s", "n"), columns=120, rows=40),
    Shot("help", ("question_mark",)),
)
