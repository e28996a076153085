"""Untrusted text cannot be drawn, neither for mypy nor at run time, until it is sanitized."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chatkit_tui.document.blocks import Paragraph
from chatkit_tui.document.spans import Span, untrusted
from chatkit_tui.render.layout import lay_out
from chatkit_tui.text.sanitize import Untrusted, sanitize
from chatkit_tui.text.width import cells, shorten
from chatkit_tui.text.wrap import wrap

TEXT = Untrusted("a\x1b[31mb")


def test_mypy_rejects_untrusted_text_where_text_is_drawn() -> None:
    """Each `ignore` is an error of mypy when it is not needed, so mypy proves this test."""
    Span(TEXT)  # type: ignore[arg-type]
    drawings: list[Callable[[], object]] = [
        lambda: cells(TEXT),  # type: ignore[arg-type]
        lambda: shorten(TEXT, 9),  # type: ignore[arg-type]
        lambda: wrap([untrusted("a")], 9),  # type: ignore[arg-type]
        lambda: "".join([TEXT]),  # type: ignore[list-item]
        lambda: "head " + TEXT,  # type: ignore[operator]
    ]
    for draw in drawings:
        with pytest.raises((TypeError, AttributeError, ValueError)):
            draw()


def test_untrusted_text_is_not_formatted() -> None:
    forms: list[Callable[[], str]] = [
        lambda: f"{TEXT}",
        lambda: str(TEXT),
        lambda: "{}".format(TEXT),  # noqa: UP032 - the third way
    ]
    for form in forms:
        with pytest.raises(TypeError, match="must be sanitized"):
            form()


def test_untrusted_text_is_safe_to_show_in_a_traceback() -> None:
    assert "\x1b" not in repr(TEXT)


def test_sanitizing_is_the_way_out() -> None:
    assert sanitize(TEXT) == "a␛[31mb"
    (line,) = lay_out([Paragraph((untrusted("a\x1b[31mb"),))], 20)
    assert "".join(span.text for span in line) == "a␛[31mb"
