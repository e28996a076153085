"""A field of a form with a few options on one line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget


class Choice(Widget, can_focus=True):
    """A field that shows all options, the selected one in brackets and bold."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,space,l", "turn(1)", "next answer", show=False),
        Binding("left,h", "turn(-1)", "previous answer", show=False),
    ]
    DEFAULT_CSS = """
    Choice {
        height: 1;
        width: 1fr;
        &:focus { background: $surface-lighten-1; text-style: underline; }
    }
    """

    index: reactive[int] = reactive(0)
    """The selected option, from 0."""

    class Changed(Message):
        """Another option was selected."""

        def __init__(self, choice: Choice) -> None:
            super().__init__()
            self.choice = choice

        @property
        def control(self) -> Choice:
            """The field."""
            return self.choice

    def __init__(
        self,
        answers: Sequence[str],
        *,
        note: str = "",
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        """`answers` and `note` are trusted texts of the program."""
        super().__init__(id=id)
        self.answers = tuple(answers)
        self._note = note

    @property
    def answer(self) -> str:
        """The selected option."""
        return self.answers[self.index]

    def validate_index(self, index: int) -> int:
        return index % len(self.answers)

    def watch_index(self) -> None:
        self.post_message(self.Changed(self))

    def action_turn(self, step: int) -> None:
        """Select another option, cyclically."""
        self.index += step

    def on_click(self) -> None:
        self.action_turn(1)

    def render(self) -> Content:
        answers = [
            Content.styled(f"[{answer}]", "bold")
            if number == self.index
            else Content.styled(f" {answer} ", "dim")
            for number, answer in enumerate(self.answers)
        ]
        return Content(" ").join([*answers, Content.styled(self._note, "dim")])
