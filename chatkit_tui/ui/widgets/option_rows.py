"""Textual's list of options, which can be asked for a page before it has any room."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip
from textual.widgets import OptionList

from chatkit_tui.terminal.textual_private import option_lines, row_of_line

_NOT_DIM = Style(dim=False)


def is_laid_out(rows: OptionList) -> bool:
    """Whether there are lines to go a page by: not before the first layout, nor at height 0.

    Textual's own moves by a page take that for granted and raise KeyError or IndexError.
    """
    lines, laid_out = option_lines(rows)
    return bool(lines) and (rows.highlighted or 0) in laid_out


class OptionRows(OptionList):
    """An option list that commands move in.

    Moving by a page does nothing while no line of it is laid out. With the class `-led`, the keys
    come from a field that has the focus.
    """

    def render_line(self, y: int) -> Strip:
        """Return a line; in front of the fill of the chosen row, nothing is dim."""
        strip = super().render_line(y)
        is_filled = self.has_focus or self.has_class("-led")
        if is_filled and row_of_line(self, self.scroll_offset.y + y) == self.highlighted:
            # Textual leaves `reverse` out.
            look = self.get_component_styles("option-list--option-highlighted").text_style
            return Strip(Segment.apply_style(strip, post_style=look + _NOT_DIM), strip.cell_length)
        return strip

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the height for a width, which Textual takes to be without a scroll bar."""
        if self.styles.scrollbar_gutter == "stable":
            width -= self.styles.scrollbar_size_vertical
        return super().get_content_height(container, viewport, width)

    def action_line_down(self) -> None:
        self.action_cursor_down()

    def action_line_up(self) -> None:
        self.action_cursor_up()

    def action_top(self) -> None:
        self.action_first()

    def action_bottom(self) -> None:
        self.action_last()

    def action_page_up(self) -> None:
        if is_laid_out(self):
            super().action_page_up()  # type: ignore[no-untyped-call] # Textual says none

    def action_page_down(self) -> None:
        if is_laid_out(self):
            super().action_page_down()  # type: ignore[no-untyped-call] # as above
