"""A field with a few answers, on one line: a key goes from one to the next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget


class Choice(Widget, can_focus=True):
    """One of a few answers, all on the screen, the chosen one bracketed and bold."""

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
    """Which of the answers is chosen, from 0."""

    class Changed(Message):
        """Another answer was chosen."""

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
        """`answers` and the `note` behind them are texts of our own, never the wire's."""
        super().__init__(id=id)
        self.answers = tuple(answers)
        self._note = note

    @property
    def answer(self) -> str:
        """The chosen answer."""
        return self.answers[self.index]

    def validate_index(self, index: int) -> int:
        return index % len(self.answers)

    def watch_index(self) -> None:
        self.post_message(self.Changed(self))

    def action_turn(self, step: int) -> None:
        """Go `step` answers on, past the last to the first."""
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
