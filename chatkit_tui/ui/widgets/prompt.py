"""A line that asks for text: the filter, a user, an id."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from textual.containers import Horizontal
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input

from chatkit_tui.document.spans import DIM, Span
from chatkit_tui.terminal.link_speed import TYPING, LinkSpeed
from chatkit_tui.text.width import cells
from chatkit_tui.ui.styled_lines import BAD, CHIP
from chatkit_tui.ui.widgets.field import TextField
from chatkit_tui.ui.widgets.one_line import OneLine

LEAST_INPUT = 12
"""Cells that are always left to type in."""
FURNISHED_AFTER = 0.5
"""Seconds from the start until there is time for what nobody has asked for yet."""
FEWER_WORDS = (
    (" loaded, more exist", "+ loaded"),
    ("the server's list is broken", "broken"),
    (" searched", ""),
    (" loaded", ""),
    (" of ", "/"),
)
"""How a note is said shorter, one step after the other, until it fits."""


class Question(StrEnum):
    """What is asked for; the value stands in front of the input."""

    FILTER = "filter"
    USER = "user"
    GO_TO = "go to"
    FIND = "find"


def fitting(note: str, width: int) -> str:
    """A note in as few words as a width in cells asks for; it can be too wide even so."""
    for words, fewer in FEWER_WORDS:
        if cells(note) <= width:
            break
        note = note.replace(words, fewer)
    return note


class Field(TextField):
    """Where the text is typed: it has the focus whenever it is seen."""

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Skip Textual's slow search for style rules: none depends on the focus."""


class Prompt(Horizontal):
    """One input in the status line's place, there only while something is asked.

    Enter sends `Answered`, every letter `Typed`, Esc `GivenUp`. On a slow line `Typed` waits until
    nobody types, so that letters do not stand in line behind what they bring.
    """

    DEFAULT_CSS = """
    Prompt {
        height: 1;
        display: none;
        & > .prompt--label { width: auto; }
        & > Field {
            width: 1fr;
            height: 1;
            border: none;
            padding: 0;
            background: $background;
            background-tint: $foreground 5%;
        }
    }
    """

    @dataclass
    class Typed(Message):
        """The text changed."""

        question: Question
        text: str

    @dataclass
    class Answered(Message):
        """Enter was pressed."""

        question: Question
        text: str

    @dataclass
    class GivenUp(Message):
        """Esc was pressed, or the focus went elsewhere."""

        question: Question

    def __init__(self, line: LinkSpeed) -> None:
        super().__init__(id="prompt")
        self._line = line
        self._typed: Timer | None = None
        """Runs while something typed was not told yet."""
        self.question: Question | None = None
        self._label = OneLine()
        self._label.add_class("prompt--label")
        self._input = Field(select_on_focus=False, compact=True)
        self._input.cursor_blink = False
        self._said = "", False
        """What the note says in full, and whether that is bad."""
        self._note = OneLine()
        self._note.add_class("prompt--note")

    def on_mount(self) -> None:
        """The first paint can do without what is in here, the first question cannot."""
        self.set_timer(FURNISHED_AFTER, self._furnish)

    def _furnish(self) -> None:
        if not self._input.is_attached:
            self.mount_all([self._label, self._input, self._note])

    def ask(self, question: Question, text: str = "", *, placeholder: str = "") -> None:
        """Show the input with some text in it and give it the keys."""
        self._furnish()
        self.question = question
        label = f" {question.value} "
        self._label.styles.width = len(label)
        self._label.show([Span(label, CHIP)])
        self._input.placeholder = placeholder
        self.note("")
        with self.prevent(Input.Changed):
            self._input.value = text
        self._input.cursor_position = len(text)
        self.display = True
        self._input.focus()

    def note(self, text: str, *, bad: bool = False) -> None:
        """Say beside the input what it leads to: "12 of 140 loaded", "no such thread"."""
        self._said = text, bad
        self._fit_note()

    def _fit_note(self) -> None:
        text, bad = self._said
        label = cells(f" {self.question.value} ") if self.question else 0
        room = max(0, self.size.width - label - LEAST_INPUT)
        if not bad:
            text = fitting(text, room - 2)
        self._note.styles.width = min(room, cells(text) + 2) if text else 0
        self._note.show([Span(f" {text}", BAD if bad else DIM)])

    def on_resize(self) -> None:
        """Give the note what room there is now."""
        self._fit_note()

    def close(self) -> None:
        """Take the line away; who asked gives the keys to another widget."""
        self._forget_typed()
        self.question = None
        self.display = False

    def on_input_changed(self, event: Input.Changed) -> None:
        """Pass on what is typed."""
        event.stop()
        self._forget_typed()
        if self.question is not None and self._line.slow:
            self._typed = self.set_timer(TYPING, self._tell_typed)
        else:
            self._tell_typed()

    def _tell_typed(self) -> None:
        self._forget_typed()
        if self.question is not None:
            self.post_message(self.Typed(self.question, self._input.value))

    def _forget_typed(self) -> None:
        if self._typed is not None:
            self._typed.stop()
            self._typed = None

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Pass on the answer."""
        event.stop()
        if self._typed is not None:
            self._tell_typed()
        if self.question is not None:
            self.post_message(self.Answered(self.question, event.value))

    def submit(self) -> None:
        """Accept the text."""
        self._input.post_message(Input.Submitted(self._input, self._input.value))

    def give_up(self) -> None:
        """Leave without an answer."""
        if self.question is not None:
            self.post_message(self.GivenUp(self.question))
