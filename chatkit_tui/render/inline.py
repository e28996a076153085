"""The inside of a Markdown paragraph: tokens in, spans out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from chatkit_tui.document.spans import Role, Span, Style
from chatkit_tui.render.untrusted_spans import shown, shown_with_links
from chatkit_tui.text.links import safe_link
from chatkit_tui.text.plain import is_plain

if TYPE_CHECKING:
    from markdown_it.token import Token


class _Writer:
    """Spans written so far, and the look of the next one."""

    def __init__(self, role: Role, bold: bool) -> None:
        self.spans: list[Span] = []
        self._role = role
        self._depth = {"strong": int(bold), "em": 0, "s": 0}
        self._links: list[tuple[int, str, str, str | None]] = []
        self.style = Style(role, bold)

    def turn(self, mark: str, step: int) -> None:
        """Switch emphasis on (`step` 1) or off (-1)."""
        self._depth[mark] += step
        self._restyle()

    def _restyle(self) -> None:
        link = self._links[-1][3] if self._links else None
        self.style = Style(
            "link" if self._links else self._role,
            bold=self._depth["strong"] > 0,
            italic=self._depth["em"] > 0,
            underline=bool(self._links),
            strike=self._depth["s"] > 0,
            link=link,
        )

    def open_link(self, href: str, title: str) -> None:
        self._links.append((len(self.spans), href, title, safe_link(href)))
        self._restyle()

    def close_link(self) -> None:
        start, href, title, link = self._links.pop()
        self._restyle()
        text = "".join(span.text for span in self.spans[start:])
        named = text in {href, href.removeprefix("mailto:"), link}
        self._address("" if named else href, title, link, " (", ")")

    def image(self, alt: str, source: str, title: str) -> None:
        """An image is told, never fetched."""
        style = self.style._replace(role="dim")
        self.spans += shown(f"[image: {alt}]" if alt else "[image]", style)
        self._address(source, title, safe_link(source), " ", "")

    def _address(self, href: str, title: str, link: str | None, before: str, after: str) -> None:
        if not href and not title:
            return
        dim = Style("dim")
        self.spans.append(Span(before, dim))
        self.spans += shown(href, Style("link", link=link) if link else dim)
        if title:
            self.spans += shown(f' "{title}"' if href else f'"{title}"', dim, breaks=True)
        self.spans.append(Span(after, dim))


def inline_spans(
    tokens: Sequence[Token], role: Role = "text", *, bold: bool = False
) -> tuple[Span, ...]:
    """The spans of a paragraph from the children of its `inline` token.

    Links are shown as their text and, where that is not the address itself, the address after
    it; HTML is shown as it was written; images are told in words.
    """
    writer = _Writer(role, bold)
    for token in tokens:
        kind = token.type
        if kind in {"text", "text_special", "html_inline"}:
            if token.content:
                write = shown if writer.style.link else shown_with_links
                writer.spans += write(token.content, writer.style)
        elif kind == "softbreak":
            writer.spans.append(Span(" ", writer.style))
        elif kind == "hardbreak":
            writer.spans.append(Span("\n", writer.style))
        elif kind == "code_inline":
            code = writer.style if writer.style.link else writer.style._replace(role="code")
            tick = "`" if is_plain() else ""  # what is read out has no other look
            writer.spans += shown(f"{tick}{token.content}{tick}", code)
        elif kind == "link_open":
            writer.open_link(str(token.attrs.get("href", "")), str(token.attrs.get("title", "")))
        elif kind == "link_close":
            writer.close_link()
        elif kind == "image":
            source, title = token.attrs.get("src", ""), token.attrs.get("title", "")
            writer.image(token.content, str(source), str(title))
        else:
            mark, _, side = kind.partition("_")
            writer.turn(mark, 1 if side == "open" else -1)
    return joined(writer.spans)


def joined(spans: Sequence[Span]) -> tuple[Span, ...]:
    """The same text with neighbours of one style in one span, none of them empty."""
    if len(spans) < 2:
        return tuple(spans)
    made: list[Span] = []
    for span in spans:
        if made and made[-1].style == span.style:
            made[-1] = Span(made[-1].text + span.text, span.style)
        elif span.text:
            made.append(span)
    return tuple(made)
