"""The prompt for a filter, a user, an id or a text to find."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.message import Message
from textual.timer import Timer

from chatkit_tui.document.spans import DIM, Span
from chatkit_tui.terminal.flow_control import TYPING, LinkSpeed
from chatkit_tui.text.width import cells
from chatkit_tui.ui.styled_lines import BAD, CHIP
from chatkit_tui.ui.widgets.lines import OneLine

if TYPE_CHECKING:
    from textual.widgets import Input

    from chatkit_tui.ui.widgets.field import PromptField

LEAST_INPUT = 12
"""Cells that the input has at least."""
FURNISHED_AFTER = 1.0
"""Seconds after the start when the input is mounted, if it was not needed before; its modules are
preloaded by then."""
FEWER_WORDS = (
    (" loaded, more exist", "+ loaded"),
    ("the server's list is broken", "broken"),
    (" searched", ""),
    (" loaded", ""),
    (" of ", "/"),
)
"""Abbreviations of notes, applied in order until the note fits."""


class Question(StrEnum):
    """The kind of prompt; its value is the label."""

    FILTER = "filter"
    USER = "user"
    GO_TO = "go to"
    FIND = "find"
    ITEMS = "items"
    NOTE = "note"
    COMPARE = "compare with"


def fitting(note: str, width: int) -> str:
    """Return a note abbreviated to a width in cells; it may still be too wide."""
    for words, fewer in FEWER_WORDS:
        if cells(note) <= width:
            break
        note = note.replace(words, fewer)
    return note


class Prompt(Horizontal):
    """An input in place of the status line, visible while a question is open.

    On a slow connection `Typed` waits for a pause in typing, so that letters are not delayed by
    their effects.
    """

    DEFAULT_CSS = """
    Prompt {
        height: 1;
        display: none;
        & > .prompt--label { width: auto; }
        & > PromptField { width: 1fr; }
    }
    """

    @dataclass(eq=False, repr=False)
    class Typed(Message):
        """The text changed."""

        question: Question
        text: str

    @dataclass(eq=False, repr=False)
    class Answered(Message):
        """The user accepted the text."""

        question: Question
        text: str

    @dataclass(eq=False, repr=False)
    class GivenUp(Message):
        """The user left the prompt."""

        question: Question

    def __init__(self, line: LinkSpeed) -> None:
        super().__init__(id="prompt")
        self._line = line
        self._typed: Timer | None = None
        """Runs while a change is not reported yet."""
        self.question: Question | None = None
        self._label = OneLine(classes="prompt--label")
        self._shown_label = ""
        self._said = "", False
        """The unabbreviated note, and whether it reports a failure."""
        self._note = OneLine(classes="prompt--note")

    def on_mount(self) -> None:
        """Mount the input later, because the first frame does not need it."""
        self.set_timer(FURNISHED_AFTER, lambda: self._input)

    @cached_property
    def _input(self) -> PromptField:
        """The input, mounted with its label and note when it is first needed."""
        from chatkit_tui.ui.widgets.field import PromptField

        field = PromptField(select_on_focus=False)
        self.mount_all([self._label, field, self._note])
        return field

    def ask(
        self, question: Question, text: str = "", *, placeholder: str = "", select: bool = False
    ) -> None:
        """Show the input with a text and focus it; `select` lets the first letter replace it."""
        field = self._input
        self.question = question
        self.name_question(question.value)
        field.placeholder = placeholder
        self.note("")
        with self.prevent(field.Changed):
            field.value = text
        field.cursor_position = len(text)
        if select:
            field.select_all()
        self.display = True
        field.focus()

    @property
    def text(self) -> str:
        """What is typed so far."""
        return self._input.value

    def replace(self, text: str) -> None:
        """Replace what is typed, as if it had been typed."""
        self._input.value = text
        self._input.cursor_position = len(text)

    def name_question(self, label: str) -> None:
        """Show what is asked for."""
        self._shown_label = f" {label} "
        self._label.styles.width = len(self._shown_label)
        self._label.show([Span(self._shown_label, CHIP)])

    def note(self, text: str, *, bad: bool = False) -> None:
        """Show a note beside the input: "12 of 140 loaded", "no such thread"."""
        self._said = text, bad
        self._fit_note()

    def _fit_note(self) -> None:
        text, bad = self._said
        label = cells(self._shown_label) if self.question else 0
        room = max(0, self.size.width - label - LEAST_INPUT)
        if not bad:
            text = fitting(text, room - 2)
        self._note.styles.width = min(room, cells(text) + 2) if text else 0
        self._note.show([Span(f" {text}", BAD if bad else DIM)])

    def on_resize(self) -> None:
        """Fit the note to the new width."""
        self._fit_note()

    def close(self) -> None:
        """Hide the prompt; the caller moves the focus."""
        self._forget_typed()
        self.question = None
        self.display = False

    def on_input_changed(self, event: Input.Changed) -> None:
        """Report the change, at once or after a pause."""
        event.stop()
        self._forget_typed()
        if self.question is not None and self._line.slow:
            self._typed = self.set_timer(TYPING, self._post_typed)
        else:
            self._post_typed()

    def _post_typed(self) -> None:
        self._forget_typed()
        if self.question is not None:
            self.post_message(self.Typed(self.question, self._input.value))

    def _forget_typed(self) -> None:
        if self._typed is not None:
            self._typed.stop()
            self._typed = None

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Report the answer."""
        event.stop()
        if self._typed is not None:
            self._post_typed()
        if self.question is not None:
            self.post_message(self.Answered(self.question, event.value))

    def submit(self) -> None:
        """Accept the text."""
        self._input.post_message(self._input.Submitted(self._input, self._input.value))

    def give_up(self) -> None:
        """Leave without an answer."""
        if self.question is not None:
            self.post_message(self.GivenUp(self.question))
