"""The frame of a file: the policy, the style sheet, what is known of the thread, and the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import quote

from chatkit_tui.export.html.markup import element
from chatkit_tui.render import one_line
from chatkit_tui.text.sanitize import sanitize

POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""Nothing is fetched, run or sent; styles are in the file."""


class Heading(NamedTuple):
    """What stands above the items, sanitized."""

    title: str
    facts: tuple[tuple[str, str], ...]
    """Names and values."""


class Link(NamedTuple):
    """A link to another file of the same export."""

    words: str
    file_name: str


def page_start(heading: Heading, links: Iterable[Link] = ()) -> str:
    """Return everything above the first item."""
    head = (
        f'<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(heading.title)}</title>\n<style>\n{style_sheet()}</style>\n"
    )
    facts = "".join(
        element("div", element("dt", name) + element("dd", escape(value), dir="auto"))
        for name, value in heading.facts
    )
    title = element("h1", escape(heading.title), dir="auto")
    top = element("header", title + element("dl", facts, class_="facts"), class_="top")
    body = f"{top}\n{navigation(links)}<main>\n"
    return f"<!DOCTYPE html>\n<html>\n<head>\n{head}</head>\n<body>\n{body}"


def page_end(words: str, links: Iterable[Link] = ()) -> str:
    """Return everything below the last item; without it, the file is not whole."""
    end = element("footer", element("p", escape(words)), class_="end")
    return f"</main>\n{navigation(links)}{end}\n</body>\n</html>\n"


def navigation(links: Iterable[Link]) -> str:
    """Return links to other files."""
    listed = "".join(
        element("a", escape(words), href=f"./{quote(file_name)}") for words, file_name in links
    )
    return element("nav", listed) + "\n" if listed else ""


def index_entries(parts: Iterable[tuple[Link, str]]) -> Iterator[str]:
    """Yield the list of the files of a long thread, each with the times of its items."""
    yield '<ol class="files">\n'
    for link, times in parts:
        name = element("a", escape(link.words), href=f"./{quote(link.file_name)}")
        yield element("li", name + element("span", escape(times), class_="when")) + "\n"
    yield "</ol>\n"


@lru_cache(1)
def style_sheet() -> str:
    """Return the style sheet of every file."""
    return Path(__file__).with_name("style.css").read_text("utf-8")


def shown(text: str) -> str:
    """Return untrusted text on one line, sanitized."""
    return sanitize(one_line(text), plain=False)
