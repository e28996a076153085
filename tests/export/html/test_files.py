"""A thread is one file, or several of bounded size with an index; each says what it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from chatkit_tui.export.exported_thread import ExportedThread, ExportFacts
from chatkit_tui.export.html.files import thread_files
from tests.export.html.pages import CONTEXT, FETCHED, PageReader, exported, page_of
from tests.render.examples import item

ITEMS = [item("task", id=f"cti_{number}", created_at=1_760_000_000 + number) for number in range(7)]


@pytest.fixture
def thread() -> Iterator[ExportedThread]:
    with exported([each.raw for each in ITEMS]) as whole:
        yield whole


def written(thread: ExportedThread, folder: Path, stem: str, most: int) -> list[str]:
    """Write the files of a thread and return their names in order."""
    names = []
    for name, pieces in thread_files(thread, CONTEXT, stem, most=most):
        names.append(name)
        (folder / name).write_bytes(b"".join(pieces))
    return names


def articles(path: Path) -> list[str]:
    reader = PageReader(path.read_text("utf-8"))
    return [article["id"] for article in reader.named("article")]


def test_a_short_thread_is_one_file(thread: ExportedThread, tmp_path: Path) -> None:
    assert written(thread, tmp_path, "t", most=7) == ["t.html"]
    assert articles(tmp_path / "t.html") == [f"cti_{number}" for number in range(7)]


def test_a_long_thread_is_several_files_and_an_index(
    thread: ExportedThread, tmp_path: Path
) -> None:
    names = written(thread, tmp_path, "t", most=3)
    assert names == ["t.1.html", "t.2.html", "t.3.html", "t.html"]
    parts = [articles(tmp_path / name) for name in names]
    assert list(map(len, parts)) == [3, 3, 1, 0]
    assert [name for part in parts for name in part] == [f"cti_{number}" for number in range(7)]
    index = PageReader((tmp_path / "t.html").read_text("utf-8"))
    assert [link["href"] for link in index.named("a")] == [f"./{name}" for name in names[:3]]
    assert "items 4 to 62025-10-09 08:53:23 UTC to 2025-10-09 08:53:25 UTC" in index.text


def test_every_link_between_files_leads_to_one(thread: ExportedThread, tmp_path: Path) -> None:
    names = written(thread, tmp_path, "a b#c?d%20'é", most=2)
    for name in names:
        links = PageReader((tmp_path / name).read_text("utf-8")).named("a")
        relative = {link["href"] for link in links if link["href"].startswith("./")}
        assert {unquote(href[2:]) for href in relative} <= set(names)
        assert relative


def test_a_page_says_where_it_is_from_and_where_it_ends() -> None:
    page = PageReader(page_of(*ITEMS, thread={"title": "Keys", "user": "ada"}))
    names = page.text
    for words in ("threadcthr_1", "userada", "itemsall 7 items", "redactedno"):
        assert words in names
    assert "fetched2026-11-30 00:53:20 UTC from Hosted API, api.openai.com" in names
    assert "end of cthr_1: all 7 items" in names


def test_a_page_says_what_it_lacks() -> None:
    facts = ExportFacts(
        FETCHED, "x", is_complete=False, incomplete_reason="page 3 failed", is_redacted=True
    )
    names = PageReader(page_of(*ITEMS, facts=facts)).text
    assert "end of cthr_1: 7 items, incomplete: page 3 failed" in names
    assert "redactedyes" in names
    assert "items7 items, incomplete: page 3 failed" in names


def test_time_between_items_is_told() -> None:
    later = item("task", id="cti_9", created_at=1_760_000_000 + 190)
    assert "3 min later" in PageReader(page_of(ITEMS[0], later)).text


def test_pages_have_no_language_and_no_title_of_their_own() -> None:
    page = page_of(thread={"title": " "})
    assert "<html>" in page
    assert "<title>(untitled)</title>" in page
