"""The rows of the page of an item: its sections, and its JSON as a tree, with a cursor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from chatkit_tui.document.safe_text import safe_spans
from chatkit_tui.document.spans import DIM, Inline, Line, Span, Style, line_text, untrusted
from chatkit_tui.inspection.item_detail import DetailRow, Section
from chatkit_tui.inspection.json_tree import JsonRow, JsonTree
from chatkit_tui.text.folding import Query
from chatkit_tui.text.plain import is_plain, ui_text
from chatkit_tui.ui.styled_lines import STRONG, fit
from chatkit_tui.ui.theme import strip_of

_MARK: Final = Style("code")
_KEY: Final = Style("code.name")
_STYLES: Final = {
    "string": Style("code.string"),
    "number": Style("code.number"),
    "word": Style("code.keyword"),
}
_DEEPEST_INDENT: Final = 20
_LONGEST_KEY: Final = 200
"""Characters of a key that are drawn."""


class DetailRows(ScrollView, can_focus=True, inherit_bindings=False):
    """Rows that commands move in; the current one is filled."""

    DEFAULT_CSS = """
    DetailRows { height: 1fr; overflow: hidden hidden; scrollbar-size: 0 0; }
    """

    class Moved(Message):
        """The cursor is on another row, or the row under it has changed."""

    def __init__(self) -> None:
        super().__init__()
        self._fixed: list[DetailRow] = []
        self._headings: list[int] = []
        """The rows that are headings of sections."""
        self.json: JsonTree | None = None
        self._visible: list[int] = []
        """The rows of the tree that are shown."""
        self.cursor = 0
        self.top = 0

    def show(self, sections: Sequence[Section], tree: JsonTree | str) -> None:
        """Show sections above the JSON, or the reason why there is no tree."""
        self._fixed, self._headings = [], []
        for title, rows in (*sections, Section("JSON", [])):
            if self._fixed:
                self._fixed.append(DetailRow(()))
            self._headings.append(len(self._fixed))
            self._fixed += (DetailRow((Span(title, STRONG),)), *rows)
        if isinstance(tree, str):
            self._fixed.append(DetailRow((Span(f"({tree})", DIM),)))
            self.json = None
        else:
            self.json = tree
            if tree.is_cut:
                left_out = f"(only the first {len(tree.rows):,} values are shown)"
                self._fixed.append(DetailRow((Span(left_out, DIM),)))
        self._fold_changed()
        self._go(self.cursor)

    # -- the cursor --------------------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self._fixed) + len(self._visible)

    @property
    def current(self) -> DetailRow | None:
        """The row under the cursor if it is not one of the tree."""
        return self._fixed[self.cursor] if self.cursor < len(self._fixed) else None

    @property
    def node(self) -> int | None:
        """The index in the tree of the row under the cursor."""
        index = self.cursor - len(self._fixed)
        return self._visible[index] if 0 <= index < len(self._visible) else None

    def _go(self, row: int) -> None:
        self.cursor = max(0, min(row, len(self) - 1))
        height = max(1, self.size.height)
        self.top = max(self.cursor - height + 1, min(self.top, self.cursor))
        self.top = max(0, min(self.top, len(self) - height))
        self.refresh()
        self.post_message(self.Moved())

    def on_resize(self) -> None:
        self._go(self.cursor)

    def action_cursor_down(self) -> None:
        self._go(self.cursor + 1)

    def action_cursor_up(self) -> None:
        self._go(self.cursor - 1)

    action_line_down = action_cursor_down
    action_line_up = action_cursor_up

    def action_page_down(self) -> None:
        self._go(self.cursor + max(1, self.size.height - 1))

    def action_page_up(self) -> None:
        self._go(self.cursor - max(1, self.size.height - 1))

    def action_top(self) -> None:
        self._go(0)

    def action_bottom(self) -> None:
        self._go(len(self) - 1)

    def go_to_section(self, step: int) -> None:
        """Go to the next heading, or the previous one, and show what is below it."""
        if step > 0:
            row = next((row for row in self._headings if row > self.cursor), None)
        else:
            row = next((row for row in reversed(self._headings) if row < self.cursor), None)
        if row is not None:
            self.top = row
            self._go(row)

    # -- folding and finding -----------------------------------------------------------------------

    def _fold_changed(self) -> None:
        self._visible = self.json.visible() if self.json is not None else []

    def toggle(self) -> bool:
        """Fold or unfold the row under the cursor; return False if it has no entries."""
        node = self.node
        if self.json is None or node is None or not self.json.toggle(node):
            return False
        self._fold_changed()
        self._go(self.cursor)
        return True

    def set_all_open(self, *, is_open: bool) -> None:
        """Fold or unfold the whole tree; the cursor goes to a row that is shown."""
        if self.json is not None:
            node = self.node
            self.json.set_all_open(is_open=is_open)
            self._fold_changed()
            while node is not None and node > 0 and not is_open and self.json.rows[node].depth > 1:
                node = self.json.rows[node].parent
            self._go(self.cursor if node is None else self._row_of(node))

    def _row_of(self, node: int) -> int:
        return len(self._fixed) + self._visible.index(node)

    def find(self, needle: str, step: int, *, stay: bool = False) -> bool:
        """Go to the next row that has a text, also in folded JSON; return False if none has it.

        With `stay`, the row under the cursor counts as well.
        """
        query = Query(needle, capitals=False)
        nodes = 0 if self.json is None else len(self.json.rows)
        count = len(self._fixed) + nodes
        start = self.cursor if self.node is None else len(self._fixed) + self.node
        first = 0 if stay else 1
        for offset in range(first, count + first):
            place = (start + step * offset) % count
            node = place - len(self._fixed)
            if node < 0:
                if query.is_in(query.fold(line_text(self._fixed[place].line)).text):
                    self._go(place)
                    return True
            elif self.json is not None and self.json.has(node, query):
                self.json.reveal(node)
                self._fold_changed()
                self._go(self._row_of(node))
                return True
        return False

    # -- drawing -----------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        row = self.top + y
        if row >= len(self):
            return strip_of(self, [])
        line = self._fixed[row].line if row < len(self._fixed) else self._json_line(row)
        spans = fit([Span(" "), *line], self.size.width)
        return strip_of(self, spans, "chosen" if row == self.cursor else None)

    def _json_line(self, row: int) -> Line:
        node = self._visible[row - len(self._fixed)]
        assert self.json is not None  # noqa: S101 # it has the row
        found = self.json.rows[node]
        marks = ("+ ", "- ") if is_plain() else ("▸ ", "▾ ")
        mark = marks[self.json.is_open(node)] if found.count else "  "
        inlines: list[Inline] = [Span("  " * min(found.depth, _DEEPEST_INDENT) + mark, _MARK)]
        if found.key is not None:
            inlines += (untrusted(found.key[:_LONGEST_KEY], _KEY), Span(": ", _MARK))
        elif found.is_in_string:
            inlines.append(Span("JSON in the string: ", DIM))
        elif found.parent >= 0:
            inlines.append(Span(f"{found.place}: ", DIM))
        inlines += self._value(found)
        return safe_spans(inlines, plain=is_plain())

    def _value(self, row: JsonRow) -> Sequence[Inline]:
        if row.is_container:
            words = "1 entry" if row.count == 1 else f"{row.count:,} entries"
            return (Span("{} " if row.kind == "object" else "[] ", _MARK), Span(words, DIM))
        room = max(1, self.size.width)
        shown = untrusted(row.text[:room], _STYLES[row.kind])
        return (shown, Span(ui_text("…"), DIM)) if len(row.text) > room else (shown,)
