"""The pictures and the recording: which screen, how large, and the keys that lead there.

A new picture is one entry here, and `make screenshots`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "screenshots"


@dataclass(frozen=True, slots=True)
class Shot:
    """One screen, with a file for each theme: `<name>.svg` for dark, `<name>-light.svg`."""

    name: str
    keys: tuple[str, ...] = ()
    """Textual's names of the keys to press from the start on, one after the other."""
    columns: int = 80
    rows: int = 24
    target: str | None = None
    """The id to open at the start."""
    widget_of: str | None = None
    """The title of the thread whose first widget to open at the start."""
    themes: tuple[str, ...] = ("dark", "light")

    @property
    def paths(self) -> dict[str, Path]:
        """The file for each theme."""
        return {
            theme: FOLDER / f"{self.name}{'' if theme == 'dark' else f'-{theme}'}.svg"
            for theme in self.themes
        }


SHOTS: tuple[Shot, ...] = (
    Shot("threads-and-transcript", ("enter",), columns=160, rows=50),
    Shot("threads"),
    Shot("transcript", ("enter",)),
    Shot("widget", ("enter", "j", "j", "j")),
    Shot("widget-card", rows=30, widget_of="Parcel says delivered, nothing here"),
    Shot("widget-chart", rows=30, widget_of="Camping am Bohinjer See: wird das Wetter halten?"),
    Shot("widget-form", rows=32, widget_of="Internet seit gestern weg, Techniker gewünscht"),
    Shot("widget-list", rows=30, widget_of="Flight TP 576 cancelled, need to be home tonight"),
    Shot("widget-choices", rows=30, widget_of="What is left before we go live?"),
    Shot("widget-table", rows=24, widget_of="Which plan for 14 people with single sign-on?"),
    Shot("widget-text", rows=28, widget_of="Mail to the supplier about the broken shades"),
    Shot("widget-payloads", ("z",), rows=40, widget_of="Security training: spot the fake mail"),
    Shot("tool-call", ("enter", "slash", *"q7rt", "enter", "escape", "z")),
    Shot("raw", ("enter", "i")),
    Shot("find", ("enter", "slash", *"hamburg", "enter")),
    Shot("delete", ("D",)),
    Shot("copy", ("enter", "y")),
    Shot("incident-tool", ("P", "slash", *"is:i", "enter", "enter", "e", "z")),
    Shot("incident-answer", ("P", "slash", *"482", "space", *"is:u", "enter", "enter", "e", "e")),
    Shot(
        "incident-quiz",
        ("slash", *"spot", "enter", "enter", "j", "j", "enter", "slash", *"true", "enter"),
    ),
    Shot("search", ("S", *"hamburg", "enter")),
    Shot("commands", ("ctrl+p",)),
    Shot("sessions", ("s", "n"), columns=120, rows=40),
    Shot("help", ("question_mark",)),
    Shot("themes", ("ctrl+p", *"theme", "enter"), themes=("nord",)),
    Shot(
        "theme",
        ("enter",),
        columns=120,
        rows=30,
        themes=("gruvbox", "tokyo-night", "catppuccin-mocha"),
    ),
)


RECORDING = Shot("recording")
"""The screen on which the recording begins, and its files."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A part of the recording. Each key gives a frame."""

    caption: str
    keys: tuple[str, ...] = ()
    """Empty for one frame of the screen as it is."""
    seconds: float = 0.6
    """How long each frame is shown."""
    rest: float = 1.2
    """How much longer the last frame is shown."""


SCENES: tuple[Scene, ...] = (
    Scene("chatkit-tui --demo"),
    Scene("j and k move in the list", ("j", "j", "j", "k", "k", "k"), seconds=0.35),
    Scene("Enter opens the thread", ("enter",)),
    Scene("j moves from item to item", ("j", "j", "j"), seconds=0.9),
    Scene("/ finds a word while you type", ("slash", *"hamburg"), seconds=0.2),
    Scene("Enter keeps the search, n goes to the next match", ("enter", "n")),
    Scene("k goes up to the tool call", ("escape", "k")),
    Scene("z unfolds it", ("z",), rest=3),
    Scene("y copies text, JSON or an id", ("y",), rest=2),
    Scene("Esc goes back to the list", ("escape", "escape"), rest=0.6),
    Scene("Space marks threads", ("space", "space"), rest=0.6),
    Scene("D deletes them, after a question", ("D",), rest=3),
    Scene("Enter and Esc keep them", ("escape",)),
)
