"""Loading lists page by page, and writing them with unchanged rows."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence

import click
import pytest

from chatkit_tui.cli.listing import (
    ListRequest,
    read_chunks,
    write_json_lines,
    write_json_list,
    write_rows,
)
from chatkit_tui.errors import BrokenListError
from chatkit_tui.models.page import Page
from chatkit_tui.models.threads import Thread, read_thread
from chatkit_tui.sources.http.request import Request
from chatkit_tui.sources.http.response import parse_list_answer
from chatkit_tui.sources.openai import AsyncPage
from chatkit_tui.sources.paging import PageStep, iterate_pages

LISTING = Request("GET", "/chatkit/threads", subject="threads")


def empty_on(cursor: str) -> AsyncPage[Thread]:
    """An empty page with a next cursor."""
    return page(more=True, last_id=cursor)


def page(
    *ids: str,
    more: bool | None = False,
    spelling: str = "1.0",
    call: Request = LISTING,
    last_id: str | None = None,
) -> AsyncPage[Thread]:
    """A page whose rows have an unusual spelling of a number."""

    async def nothing(call: Request, trail: object) -> AsyncPage[Thread]:
        raise AssertionError(call)

    rows = ", ".join(f'{{ "id": "{name}", "created_at": {spelling} }}' for name in ids)
    said = "" if more is None else f', "has_more": {json.dumps(more)}'
    said += "" if last_id is None else f', "last_id": "{last_id}"'
    raw = f'{{"object": "list",\n "data": [{rows}]{said}}}'.encode()
    return AsyncPage(parse_list_answer(raw), read_thread, call=call, request_id=None, fetch=nothing)


def served(pages: Sequence[AsyncPage[Thread]]) -> AsyncIterator[PageStep]:
    left = list(pages)

    async def fetch(cursor: str | None) -> Page:
        return left.pop(0).page

    return iterate_pages(fetch, start=dict(pages[0].call.query).get("after"))


async def walked(pages: Sequence[AsyncPage[Thread]], wanted: ListRequest) -> list[str]:
    return [
        entry.name async for chunk in read_chunks(served(pages), wanted) for entry in chunk.rows
    ]


ALL = ListRequest(everything=True)


async def test_all_rows_of_all_pages_are_listed() -> None:
    assert await walked([page("a", "b", more=True), page("c")], ALL) == ["a", "b", "c"]


async def test_a_row_of_two_pages_is_listed_once() -> None:
    assert await walked([page("a", "b", more=True), page("b", "c")], ALL) == ["a", "b", "c"]


async def test_rows_that_are_left_out_or_have_no_id_are_reported(
    capfd: pytest.CaptureFixture[str],
) -> None:
    await walked([page("a", "b", more=True), page("b", "c")], ALL)
    assert "1 row omitted" in capfd.readouterr().err
    assert await walked([page("a", ""), page("b")], ALL)
    assert "1 row without an id" in capfd.readouterr().err


async def test_rows_that_come_again_later_are_reported(capfd: pytest.CaptureFixture[str]) -> None:
    pages = [page("a", "b", more=True), page("c", "d", more=True), page("a", "e")]
    assert await walked(pages, ALL) == ["a", "b", "c", "d", "a", "e"]
    assert "1 row came again: the list is in disorder" in capfd.readouterr().err


async def test_an_empty_page_before_another_is_not_the_result(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    empty = page(more=True, last_id="on")
    full = page("a")
    await write_json_list(
        read_chunks(served([empty, empty_on("on2"), full]), ListRequest()), ListRequest()
    )
    assert capfdbinary.readouterr().out == full.raw + b"\n"


async def test_a_limit_ends_the_list_inside_a_page() -> None:
    pages = [page("a", "b", more=True), page("c", "d", more=True), page("e")]
    assert await walked(pages, ListRequest(limit=103)) == ["a", "b", "c", "d", "e"]
    assert await walked([page("a", "b", more=True), page("c")], ListRequest(limit=1)) == ["a"]


async def test_without_a_limit_one_page_is_loaded() -> None:
    assert await walked([page("a", more=True), page("b")], ListRequest()) == ["a"]


def test_no_page_is_requested_above_the_limit_of_the_api() -> None:
    assert ListRequest(limit=250).page_limit == 100
    assert ListRequest(limit=30).page_limit == 30
    assert ALL.page_limit == 100
    assert ListRequest().page_limit is None


def test_a_limit_and_all_exclude_each_other() -> None:
    with pytest.raises(click.UsageError):
        ListRequest(5, everything=True)


def test_two_forms_exclude_each_other() -> None:
    with pytest.raises(click.UsageError):
        ListRequest(None, everything=True, as_json=True, as_lines=True)


async def test_one_response_is_written_byte_for_byte(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    only = page("a", "b")
    await write_json_list(read_chunks(served([only]), ALL), ALL)
    assert capfdbinary.readouterr().out == only.raw + b"\n"


async def test_several_responses_become_one_list_with_unchanged_rows(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    pages = [page("a", "b", more=True), page("c", spelling="1e2")]
    await write_json_list(read_chunks(served(pages), ALL), ALL)
    written = capfdbinary.readouterr().out
    assert json.loads(written) == {
        "object": "list",
        "data": [
            {"id": "a", "created_at": 1},
            {"id": "b", "created_at": 1},
            {"id": "c", "created_at": 100},
        ],
        "first_id": "a",
        "last_id": "c",
        "has_more": False,
    }
    assert all(entry.raw in written for each in pages for entry in each.rows)


async def test_a_truncated_list_has_more(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    wanted = ListRequest(limit=101)
    first = page(*(f"t{number}" for number in range(100)), more=True)
    await write_json_list(read_chunks(served([first, page("u", "v")]), wanted), wanted)
    written = json.loads(capfdbinary.readouterr().out)
    assert (len(written["data"]), written["last_id"], written["has_more"]) == (101, "u", True)


async def test_an_empty_list_without_has_more_is_a_list(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    await write_json_list(read_chunks(served([page(more=None)]), ALL), ALL)
    assert json.loads(capfdbinary.readouterr().out)["data"] == []


async def test_a_list_without_has_more_ends_at_an_empty_page(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    pages = [page("a", more=None), page("b", more=None), page(more=None)]
    await write_json_list(read_chunks(served(pages), ALL), ALL)
    written = json.loads(capfdbinary.readouterr().out)
    assert ([row["id"] for row in written["data"]], written["has_more"]) == (["a", "b"], False)


async def told(pages: Sequence[AsyncPage[Thread]], wanted: ListRequest) -> None:
    """Write a list as text."""
    await write_rows(
        read_chunks(served(pages), wanted), wanted, "threads", ("ID",), lambda row: (row.name,)
    )


@pytest.mark.parametrize(
    ("pages", "wanted", "words"),
    [
        ([page("a", more=True)], ListRequest(), "threads: 1 shown, more exist"),
        ([page("a", more=None)], ListRequest(), "threads: 1 shown, more may exist"),
        ([page("a", "b")], ListRequest(limit=1), "threads: 1 shown, more exist"),
        ([page("a", more=None), page(more=None)], ALL, ""),
        ([page("a")], ALL, ""),
        ([page()], ListRequest(), "threads: none\n"),
        ([page("a", more=True)], ListRequest(limit=0), "threads: none shown (--limit 0)"),
    ],
)
async def test_the_line_below_a_list_reports_whether_more_exist(
    capfd: pytest.CaptureFixture[str],
    pages: Sequence[AsyncPage[Thread]],
    wanted: ListRequest,
    words: str,
) -> None:
    await told(pages, wanted)
    said = capfd.readouterr().err
    assert said.startswith(words)
    assert bool(said) is bool(words)


async def test_a_broken_response_is_written_before_it_is_reported(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    broken = page(more=True)
    with pytest.raises(BrokenListError):
        await write_json_list(read_chunks(served([broken]), ListRequest()), ListRequest())
    assert capfdbinary.readouterr().out == broken.raw + b"\n"


async def test_a_list_that_is_broken_does_not_pass_for_an_empty_one(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(BrokenListError):
        await told([page(more=True)], ListRequest())
    assert capfd.readouterr().err == ""


async def test_a_list_that_is_broken_after_the_limit_is_no_error() -> None:
    circle = page("a", "b", more=True, call=LISTING.after("b"))
    assert await walked([circle], ListRequest(limit=2)) == ["a", "b"]
    with pytest.raises(BrokenListError):
        await walked([circle], ListRequest(limit=3))


async def test_json_lines_have_a_row_each(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    await write_json_lines(read_chunks(served([page("a", more=True), page("b")]), ALL))
    assert capfdbinary.readouterr().out.splitlines() == [
        b'{"id":"a","created_at":1.0}',
        b'{"id":"b","created_at":1.0}',
    ]
