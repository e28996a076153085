"""A line that asks for text: the filter, a user, an id."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input

from chatkit_tui.ui.widgets.one_line import OneLine


class Question(StrEnum):
    """What is asked for; the value stands in front of the input."""

    FILTER = "filter"
    USER = "user"
    GO_TO = "go to"
    FIND = "find"


class Prompt(Horizontal):
    """One input in the status line's place, there only while something is asked.

    Enter sends `Answered`, every letter `Typed`, Esc `GivenUp`.
    """

    DEFAULT_CSS = """
    Prompt {
        height: 1;
        display: none;
        & > .prompt--label { width: auto; }
        & > Input { width: 2fr; height: 1; border: none; padding: 0; background: $background; }
        & > .prompt--note { width: 1fr; max-width: 34; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "give_up", show=False)]

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

    def __init__(self) -> None:
        super().__init__(id="prompt")
        self.question: Question | None = None
        self._label = OneLine()
        self._label.add_class("prompt--label")
        self._input = Input(select_on_focus=False, compact=True)
        self._input.cursor_blink = False
        self._note = OneLine()
        self._note.add_class("prompt--note")

    def ask(self, question: Question, text: str = "", *, placeholder: str = "") -> None:
        """Show the input with some text in it and give it the keys."""
        if not self._input.is_attached:  # the first paint can do without it
            self.mount_all([self._label, self._input, self._note])
        self.question = question
        label = f" {question.value} "
        self._label.styles.width = len(label)
        self._label.show([(label, "chip")])
        self._input.placeholder = placeholder
        self._note.show(())
        with self.prevent(Input.Changed):
            self._input.value = text
        self._input.cursor_position = len(text)
        self.display = True
        self._input.focus()

    def note(self, text: str, *, bad: bool = False) -> None:
        """Say beside the input what it leads to: "12 of 140 loaded", "no such thread"."""
        self._note.show((), [(text, "bad" if bad else "dim"), (" ", "plain")])

    def close(self) -> None:
        """Take the line away; who asked gives the keys to another widget."""
        self.question = None
        self.display = False

    def on_input_changed(self, event: Input.Changed) -> None:
        """Pass on what is typed."""
        event.stop()
        if self.question is not None:
            self.post_message(self.Typed(self.question, event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Pass on the answer."""
        event.stop()
        if self.question is not None:
            self.post_message(self.Answered(self.question, event.value))

    def action_give_up(self) -> None:
        """Leave without an answer."""
        if self.question is not None:
            self.post_message(self.GivenUp(self.question))
