"""The form for a new session, checked before the request is sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input, Label, Static, TextArea
from textual.widgets.text_area import Document, DocumentNavigator, WrappedDocument

from chatkit_tui.sessions.form import (
    SESSION_FIELDS,
    SessionField,
    SessionFieldError,
    session_request,
)
from chatkit_tui.text.sanitize import symbols
from chatkit_tui.ui.widgets.field import TextField, with_symbols
from chatkit_tui.ui.widgets.push_button import PushButton

if TYPE_CHECKING:
    from chatkit_tui.models.sessions import SessionRequest


def _name(field: SessionField) -> str:
    return field.path.replace(".", "-")


def field_of(param: str | None) -> str:
    """Return the path of the field that a server's `param` names; empty if there is none."""
    paths = [field.path for field in SESSION_FIELDS]
    return next((path for path in paths if f"{param}.".startswith(f"{path}.")), "")


class _Shown(Document):
    """A document with symbols for hidden characters."""

    @property
    def lines(self) -> list[str]:
        """The lines as they are drawn, of unchanged length."""
        return [symbols(line) for line in self._lines]

    def __getitem__(self, line_index: int | slice) -> Any:
        found = self._lines[line_index]
        return symbols(found) if isinstance(found, str) else [symbols(line) for line in found]

    def typed_line(self, index: int) -> str:
        """Return a line as it was typed."""
        return self._lines[index]


class LinesField(TextArea):
    """A field of several lines; the arrow keys leave it at its first and last line."""

    DEFAULT_CSS = """
    LinesField {
        height: 3;
        padding: 0;
        border: none;
        border-left: blank;
        color: $field-text;
        background: $field;
        text-style: $field-style;
        .text-area--cursor-line { background: transparent; }
        .text-area--placeholder { color: $field-text; text-style: dim; }
        &:focus { border: none; border-left: $bar $primary; }
    }
    """

    def _set_document(self, text: str, language: str | None) -> None:
        super()._set_document(text, language)
        self.document = self._shown = _Shown(text)
        self.wrapped_document = WrappedDocument(self.document, tab_width=self.indent_width)
        self.navigator = DocumentNavigator(self.wrapped_document)
        self.move_cursor((0, 0))

    def get_line(self, line_index: int) -> Text:
        """Return a line as it is drawn."""
        return with_symbols(self._shown.typed_line(line_index))

    def action_cursor_down(self, select: bool = False) -> None:
        """The next line, or the next field."""
        if self.cursor_at_last_line and not select:
            self.screen.focus_next()
        else:
            super().action_cursor_down(select)

    def action_cursor_up(self, select: bool = False) -> None:
        """The line before, or the field before."""
        if self.cursor_at_first_line and not select:
            self.screen.focus_previous()
        else:
            super().action_cursor_up(select)


class Choice(Widget, can_focus=True):
    """A field that shows all options, the selected one in brackets and bold.

    The note is below them where it does not fit beside them.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,space,l", "turn(1)", "next answer", show=False),
        Binding("left,h", "turn(-1)", "previous answer", show=False),
    ]
    DEFAULT_CSS = """
    Choice {
        height: auto;
        width: 1fr;
        border-left: blank;
        &:focus { border-left: $bar $primary; color: $field-text; background: $field; }
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


class SessionForm(VerticalScroll, can_focus=False):
    """The fields with the server's defaults; mistakes are shown below their fields."""

    DEFAULT_CSS = """
    SessionForm {
        height: 1fr;
        .field { height: auto; }
        Label { width: 18; color: $text-muted; }
        .fault { display: none; color: $text-error; height: auto; margin-left: 18; }
        #create { margin-top: 1; }
    }
    """

    class Edited(Message):
        """A field was changed."""

        def __init__(self, path: str) -> None:
            super().__init__()
            self.path = path

    def __init__(self, create_key: str) -> None:
        """`create_key` is the name of the key that submits."""
        super().__init__(id="form")
        self._create_key = create_key

    def compose(self) -> ComposeResult:
        for field in SESSION_FIELDS:
            with Horizontal(classes="field"):
                yield Label(f"{field.label}{' *' if field.required else ''}", markup=False)
                yield self._editor(field)
            yield Static("", id=f"{_name(field)}-fault", classes="fault", markup=False)
        yield PushButton(f"{self._create_key}  Create session", id="create")

    @staticmethod
    def _editor(field: SessionField) -> Input | TextArea | Choice:
        if field.kind == "switch":
            note = f"  default: {field.default}"
            return Choice(("default", "on", "off"), note=note, id=_name(field))
        if field.kind == "pairs":
            area = LinesField(
                id=_name(field),
                tab_behavior="focus",
                soft_wrap=True,
                placeholder="NAME=VALUE, one a line",
            )
            area.cursor_blink = False
            return area
        hint = field.limit if field.required else f"{field.default} ({field.limit})"
        return TextField(id=_name(field), placeholder=hint)

    def _value(self, field: SessionField) -> str:
        editor = self.query_one(f"#{_name(field)}")
        if isinstance(editor, Choice):
            return ("", "on", "off")[editor.index]
        if isinstance(editor, TextArea):
            return editor.text
        assert isinstance(editor, Input)  # noqa: S101 - the three kinds that `_editor` makes
        return editor.value

    def focus_first(self) -> None:
        """Focus the first field."""
        self.query_one(f"#{_name(SESSION_FIELDS[0])}").focus()

    def request(self) -> SessionRequest | None:
        """Return the request for a session, or show the mistakes and return None."""
        request, mistakes = self._check()
        for field in reversed(SESSION_FIELDS):
            self._show_mistake(field, mistakes.get(field.path, ""))
            if field.path in mistakes:
                self.query_one(f"#{_name(field)}").focus()
        return request

    def _check(self) -> tuple[SessionRequest | None, dict[str, str]]:
        """Return the request, or None and the mistakes by path."""
        values = {field.path: self._value(field) for field in SESSION_FIELDS}
        try:
            return session_request(values), {}
        except SessionFieldError as error:
            return None, error.messages

    def _show_mistake(self, field: SessionField, message: str) -> None:
        line = self.query_one(f"#{_name(field)}-fault", Static)
        line.update(message)
        line.display = bool(message)

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(Choice.Changed)
    def correct(self, event: Input.Changed | TextArea.Changed | Choice.Changed) -> None:
        """Remove the mistake of a field that is correct now."""
        event.stop()
        field = next(field for field in SESSION_FIELDS if _name(field) == event.control.id)
        self.post_message(self.Edited(field.path))
        if self.query_one(f"#{_name(field)}-fault").display:
            self._show_mistake(field, self._check()[1].get(field.path, ""))
