"""Exported HTML as a strict reader sees it: anything but what the exporter writes is an error."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Final

from chatkit_tui.export.exported_thread import ExportedThread, ExportFacts
from chatkit_tui.export.html.files import thread_html
from chatkit_tui.export.spool import Spool
from chatkit_tui.models.items import Item
from chatkit_tui.models.json import JSON
from chatkit_tui.models.page import Page
from chatkit_tui.render import RenderContext
from tests.text.hazards import hazards_in

FETCHED: Final = 1_796_000_000
CONTEXT: Final = RenderContext(now=FETCHED)

EMPTY: Final = {"meta", "hr", "rect", "line", "circle", "polyline", "polygon"}
TEXTUAL: Final = {"p", "pre", "li", "td", "th", "dt", "dd"}
ELEMENTS: Final = (
    {"html", "head", "title", "style", "body", "header", "footer", "nav", "main", "article"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "dl", "details", "summary"}
    | {"div", "span", "a", "bdi", "code", "em", "strong", "s", "time", "figure", "svg", "text"}
    | {"table", "thead", "tbody", "tr"}
    | EMPTY
    | TEXTUAL
)
ATTRIBUTES: Final = (
    {"class", "id", "href", "rel", "dir", "style", "title", "value", "colspan", "scope"}
    | {"datetime", "open", "viewbox", "role", "aria-hidden", "points", "text-anchor"}
    | {"x", "y", "x1", "x2", "y1", "y2", "width", "height", "cx", "cy", "r"}
    | {"charset", "http-equiv", "content", "name"}
)
LINK: Final = re.compile(r"(https?|mailto):[!-~]+|#[\w.-]+|\./[\w.%~-]+")
STYLE: Final = re.compile(r"[a-z0-9 .:;%-]*")
CLASS: Final = re.compile(r"[A-Za-z0-9 -]+")


class PageReader(HTMLParser):
    """Reads a page, or a part of one. Raise `AssertionError` for what should not be there."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.texts: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.feed(html)
        self.close()
        assert self.open == []
        ids = [attributes["id"] for _, attributes in self.elements if "id" in attributes]
        assert len(ids) == len(set(ids))

    @property
    def text(self) -> str:
        return "".join(self.texts)

    def named(self, name: str) -> list[dict[str, str]]:
        return [attributes for found, attributes in self.elements if found == name]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ELEMENTS
        attributes = {name: value or "" for name, value in attrs}
        assert len(attributes) == len(attrs)
        assert attributes.keys() <= ATTRIBUTES
        if "href" in attributes:
            assert tag == "a"
            assert LINK.fullmatch(attributes["href"])
            is_outside = attributes["href"][0] not in "#."
            assert ("rel" in attributes) == is_outside
        assert STYLE.fullmatch(attributes.get("style", ""))
        assert CLASS.fullmatch(attributes.get("class", "x"))
        self.elements.append((tag, attributes))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in EMPTY
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "style":
            assert "url(" not in data
            assert "@import" not in data
            return
        assert hazards_in(data.replace("\n", "")) == []
        self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)


def exported(
    items: list[bytes], thread: JSON = None, facts: ExportFacts | None = None
) -> ExportedThread:
    """Return a thread with items as if it had been read from a source."""
    spool = Spool()
    spool.add(Page.of_texts(items, thread_id="cthr_1").rows)
    raw = {
        "id": "cthr_1",
        "object": "chatkit.thread",
        "created_at": 1_760_000_000,
        **(thread or {}),
    }
    row = Page.of_texts([json.dumps(raw).encode()]).rows[0]
    return ExportedThread(row, facts or ExportFacts(FETCHED, "Hosted API, api.openai.com"), spool)


def page_of(*items: Item, thread: JSON = None, facts: ExportFacts | None = None) -> str:
    """Return the page of a thread with these items."""
    with exported([item.raw for item in items], thread, facts) as whole:
        return b"".join(thread_html(whole, CONTEXT)).decode()
