"""Elements and running text: the only place where text becomes HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby
from typing import Final

from chatkit_tui.document.safe_text import safe_spans
from chatkit_tui.document.spans import Inline, Span, Style
from chatkit_tui.text.links import safe_link

VOID: Final = frozenset({"hr", "meta", "rect", "line", "circle", "polyline", "polygon"})
"""Elements without content. Those of pictures are closed by a slash, as HTML allows there."""

_REL: Final = "noopener noreferrer"


def element(name: str, content: str = "", **attributes: str | int | None) -> str:
    """Return an element around HTML; attributes that are empty or None are left out.

    An underscore at the end of an attribute's name is dropped, others become hyphens.
    """
    opened = f"<{name}{_attributes(attributes)}"
    return f"{opened}/>" if name in VOID else f"{opened}>{content}</{name}>"


def _attributes(attributes: dict[str, str | int | None]) -> str:
    return "".join(
        [
            f' {name.removesuffix("_").replace("_", "-")}="{escape(str(value))}"'
            for name, value in attributes.items()
            if value is not None and value != ""
        ]
    )


def classes(*names: str) -> str:
    """Return the value of a `class` attribute; empty names are left out."""
    return " ".join(filter(None, names))


def inline_html(inlines: Sequence[Inline], *, in_code: bool = False) -> str:
    """Return running text with its styles and links. Line breaks and spaces stay as they are.

    `in_code` is whether an element around it says already that it is code.
    """
    parts = []
    for is_code, spans in groupby(safe_spans(inlines), _is_code):
        html = "".join(map(_span, spans))
        parts.append(element("code", html) if is_code and not in_code else html)
    return "".join(parts)


def _is_code(span: Span) -> bool:
    return span.style.role.partition(".")[0] == "code"


def _span(span: Span) -> str:
    text, style = span
    html = escape(text)
    if style.strike:
        html = f"<s>{html}</s>"
    if style.italic or style.role == "quote":
        html = f"<em>{html}</em>"
    if style.bold:
        html = f"<strong>{html}</strong>"
    if style.link and (link := safe_link(style.link)):
        return element("a", html, href=link, rel=_REL)
    looks = style_classes(style)
    return element("span", html, class_=looks) if looks else html


def style_classes(style: Style) -> str:
    """Return the classes of a role that does not look like text, and of colors."""
    role = style.role
    return classes(
        "" if role in ("text", "code", "quote", "link") else f"r-{role.replace('.', '-')}",
        f"c-{style.color}" if style.color else "",
        f"b-{style.background}" if style.background else "",
        "u" if style.underline else "",
    )
