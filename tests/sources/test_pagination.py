"""Paging through a list, and detecting broken lists."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.errors import BrokenListError
from chatkit_tui.models.threads import Thread
from chatkit_tui.sources.openai import AsyncPage, Paginator
from chatkit_tui.sources.paging import MOST_EMPTY, MOST_WITHOUT_NEW
from tests.sources.scripted import ScriptedServer, answer, client_of, rows


async def walked(*pages: httpx.Response, **arguments: Any) -> tuple[list[str], ScriptedServer]:
    """Return the ids of all rows, and their server."""
    server = ScriptedServer(*pages)
    async with client_of(server) as client:
        return [thread.id async for thread in client.threads.list(**arguments)], server


def cursors(server: ScriptedServer) -> list[str | None]:
    """What each request asked to go on from."""
    return [request.url.params.get("after") for request in server.requests]


async def first_page(*pages: httpx.Response, **arguments: Any) -> AsyncPage[Thread]:
    async with client_of(ScriptedServer(*pages)) as client:
        return await client.threads.list(**arguments)


async def test_awaiting_a_list_gives_its_first_page() -> None:
    server = ScriptedServer(rows("a", "b", has_more=True))
    async with client_of(server) as client:
        page = await client.threads.list(limit=2)
    assert [thread.id for thread in page] == ["a", "b"]
    assert page.has_more is True
    assert (page.object, page.first_id) == ("list", None)
    assert len(server.requests) == 1


async def test_iterating_a_list_gives_every_row_of_every_page() -> None:
    ids, server = await walked(
        rows("a", "b", has_more=True), rows("c", has_more=True), rows("d", has_more=False)
    )
    assert ids == ["a", "b", "c", "d"]
    assert cursors(server) == [None, "b", "c"]


async def test_iterating_a_page_gives_its_rows_and_those_of_all_that_follow() -> None:
    server = ScriptedServer(rows("a", has_more=True), rows("b", has_more=False))
    async with client_of(server) as client:
        page = await client.threads.list()
        assert [thread.id async for thread in page] == ["a", "b"]


async def test_pages_are_yielded_in_order() -> None:
    server = ScriptedServer(rows("a", "b", has_more=True), rows("c", has_more=False))
    async with client_of(server) as client:
        assert [len(page) async for page in client.threads.list().pages()] == [2, 1]


async def test_nothing_is_sent_until_a_list_is_awaited() -> None:
    server = ScriptedServer(rows())
    async with client_of(server) as client:
        client.threads.list()
    assert server.requests == []


async def test_a_page_is_requested_when_the_iteration_reaches_it() -> None:
    server = ScriptedServer(rows("a", "b", has_more=True), rows("c", has_more=False))
    async with client_of(server) as client:
        async for thread in client.threads.list():
            if thread.id == "b":
                break
    assert len(server.requests) == 1


async def test_a_page_knows_its_next_call_as_data() -> None:
    page = await first_page(rows("a", has_more=True), order="asc", user="ada", limit=1)
    call = page.next_call
    assert call is not None
    assert (call.method, call.path) == ("GET", "/chatkit/threads")
    assert dict(call.query) == {"after": "a", "limit": "1", "order": "asc", "user": "ada"}


async def test_a_page_carries_its_request_id() -> None:
    page = await first_page(answer({"data": []}, headers={"x-request-id": "req_1"}))
    assert page.request_id == "req_1"


async def test_the_same_page_can_be_asked_for_its_next_one_twice() -> None:
    server = ScriptedServer(rows("a", has_more=True), rows("b", has_more=False))
    async with client_of(server) as client:
        page = await client.threads.list()
        first, second = await page.next_page(), await page.next_page()
    assert [first.raw, second.raw] == [first.raw] * 2


async def test_the_last_page_has_no_next_one() -> None:
    page = await first_page(rows("a", has_more=False))
    assert page.has_next_page() is False
    assert page.next_call is None
    with pytest.raises(RuntimeError):
        await page.next_page()


async def test_an_extra_query_holds_for_every_page() -> None:
    _, server = await walked(
        rows("a", has_more=True), rows("b", has_more=False), extra_query={"flag": True}
    )
    assert [request.url.params["flag"] for request in server.requests] == ["true", "true"]


async def test_extra_headers_hold_for_every_page() -> None:
    _, server = await walked(
        rows("a", has_more=True), rows("b", has_more=False), extra_headers={"X-Extra": "1"}
    )
    assert [request.headers["x-extra"] for request in server.requests] == ["1", "1"]


# -- lists that leave things out -------------------------------------------------------------------


async def test_without_a_last_id_paging_continues_after_the_last_row() -> None:
    first = answer({"data": [{"id": "a"}, {"id": "b"}], "has_more": True})
    ids, server = await walked(first, rows("c", has_more=False))
    assert ids == ["a", "b", "c"]
    assert cursors(server) == [None, "b"]


async def test_without_has_more_paging_ends_at_an_empty_page() -> None:
    ids, server = await walked(rows("a"), rows("b"), rows())
    assert ids == ["a", "b"]
    assert len(server.requests) == 3


async def test_only_repeats_of_the_end_of_the_previous_page_are_skipped() -> None:
    ids, _ = await walked(
        rows("a", "b", has_more=True), rows("b", "c", "c", has_more=True), rows("a", has_more=False)
    )
    assert ids == ["a", "b", "c", "c", "a"]


async def test_rows_that_share_an_id_are_all_returned_and_are_no_cursor() -> None:
    def row(name: str, number: int) -> dict[str, object]:
        return {"id": name, "title": f"{number}"}

    first = [row("u1", 1), row("fake", 2), row("u2", 3), row("fake", 4)]
    second = [row("fake", 4), row("u3", 5), row("fake", 6)]
    server = ScriptedServer(
        answer({"data": first, "has_more": True, "last_id": "fake"}),
        answer({"data": second, "has_more": False, "last_id": "fake"}),
    )
    async with client_of(server) as client:
        listed = client.threads.list()
        assert [thread.title async for thread in listed] == ["1", "2", "3", "4", "5", "6"]
    assert cursors(server) == [None, "u2"]
    assert listed.repeats == 0


async def test_skipped_rows_are_counted() -> None:
    server = ScriptedServer(rows("a", "b", has_more=True), rows("a", "b", "c", has_more=False))
    async with client_of(server) as client:
        listed = client.threads.list()
        assert [thread.id async for thread in listed] == ["a", "b", "c"]
    assert listed.repeats == 2


async def test_an_empty_page_is_followed_by_its_last_id() -> None:
    empty = answer({"data": [], "has_more": True, "last_id": "on"})
    ids, server = await walked(empty, rows("a", has_more=False))
    assert ids == ["a"]
    assert cursors(server) == [None, "on"]


async def test_empty_pages_are_followed_within_a_limit() -> None:
    pages = [answer({"data": [], "has_more": True, "last_id": f"c{n}"}) for n in range(50)]
    assert await given_before_breaking(*pages) == ([], MOST_EMPTY)


async def test_pages_without_a_new_row_are_followed_within_a_limit() -> None:
    pages = [rows("a", last_id=f"c{n}", has_more=True) for n in range(50)]
    assert await given_before_breaking(*pages) == (["a"], 1 + MOST_WITHOUT_NEW)


@pytest.mark.parametrize("pattern", ["-a", "a-", "a--", "-" * (MOST_EMPTY - 1) + "a"])
async def test_known_rows_between_empty_pages_do_not_extend_the_limit(pattern: str) -> None:
    kinds = ("a" + pattern * 50)[:200]
    pages = [
        answer({"data": [] if kind == "-" else [{"id": kind}], "has_more": True, "last_id": str(n)})
        for n, kind in enumerate(kinds)
    ]
    assert await given_before_breaking(*pages) == (["a"], 1 + MOST_WITHOUT_NEW)


async def test_a_new_row_after_almost_as_many_pages_is_given() -> None:
    pages: list[httpx.Response] = []
    for name in "abc":
        pages.append(rows(name, last_id=f"{name}0", has_more=True))
        for n in range(1, MOST_WITHOUT_NEW, 2):
            pages.append(answer({"data": [], "has_more": True, "last_id": f"{name}{n}"}))
            pages.append(rows(name, last_id=f"{name}{n + 1}", has_more=True))
        pages.pop()
    ids, server = await walked(*pages, rows("d", has_more=False))
    assert (ids, len(server.requests)) == (["a", "b", "c", "d"], 3 * MOST_WITHOUT_NEW + 1)


async def test_rows_without_an_id_are_all_given() -> None:
    first = answer({"data": [{"title": "x"}, {"title": "x"}], "has_more": False})
    ids, _ = await walked(first)
    assert ids == ["", ""]


async def test_a_page_of_limit_zero_is_the_last_one() -> None:
    ids, server = await walked(rows(has_more=True), limit=0)
    assert (ids, len(server.requests)) == ([], 1)


# -- lists that are broken -------------------------------------------------------------------------


async def given_before_breaking(*pages: httpx.Response, **arguments: Any) -> tuple[list[str], int]:
    """Return the ids before the list is found broken, and the number of requests."""
    server = ScriptedServer(*pages)
    ids: list[str] = []
    async with client_of(server) as client:
        with pytest.raises(BrokenListError, match="list is broken"):
            await collect(client.threads.list(**arguments), ids)
    return ids, len(server.requests)


async def collect(threads: Paginator[Thread], ids: list[str]) -> None:
    """Add the ids of a list to `ids`, up to its end or its error."""
    async for thread in threads:
        ids.append(thread.id)  # noqa: PERF401 - the ids before the error count


async def test_more_behind_an_empty_page_is_a_broken_list() -> None:
    ids, requests = await given_before_breaking(rows("a", has_more=True), rows(has_more=True))
    assert (ids, requests) == (["a"], 2)


async def test_a_repeated_cursor_stops_paging() -> None:
    ids, requests = await given_before_breaking(rows("a", "b", has_more=True))
    assert (ids, requests) == (["a", "b"], 2)


async def test_a_circle_of_several_pages_stops_paging() -> None:
    ids, requests = await given_before_breaking(
        rows("a", has_more=True), rows("b", has_more=True), rows("c", last_id="a", has_more=True)
    )
    assert (ids, requests) == (["a", "b", "c"], 3)


async def test_a_list_that_ignores_the_cursor_is_broken() -> None:
    ids, requests = await given_before_breaking(rows("a", "b", has_more=True), after="b")
    assert (ids, requests) == (["a", "b"], 1)


async def test_more_behind_rows_without_ids_is_a_broken_list() -> None:
    ids, requests = await given_before_breaking(
        answer({"data": [{"title": "x"}], "has_more": True})
    )
    assert (ids, requests) == ([""], 1)


async def test_a_broken_list_raises_an_error_for_its_next_page() -> None:
    page = await first_page(rows(has_more=True))
    assert page.has_next_page() is True
    with pytest.raises(BrokenListError):
        await page.next_page()


async def test_next_page_detects_a_circle_too() -> None:
    server = ScriptedServer(rows("a", has_more=True))
    async with client_of(server) as client:
        page = await (await client.threads.list()).next_page()
        with pytest.raises(BrokenListError):
            await page.next_page()
    assert len(server.requests) == 2


async def test_a_failed_page_ends_the_iteration_with_its_error() -> None:
    server = ScriptedServer(rows("a", has_more=True), httpx.ReadTimeout("slow"))
    seen: list[str] = []
    async with client_of(server, max_retries=0) as client:
        with pytest.raises(Exception, match="no answer in time"):
            await collect(client.threads.list(), seen)
    assert seen == ["a"]


@given(
    ids=st.lists(st.text(min_size=1, max_size=3), unique=True, max_size=12),
    limit=st.integers(1, 5),
    repeat=st.integers(0, 2),
    told=st.booleans(),
)
async def test_any_list_is_read_completely_and_once(
    ids: list[str], limit: int, repeat: int, *, told: bool
) -> None:
    def list_page(request: httpx.Request) -> httpx.Response:
        after = request.url.params.get("after")
        start = ids.index(after) + 1 if after else 0
        page = ids[start : start + limit]
        repeated = ids[max(0, start - repeat) : start] if page else []
        more = {"has_more": start + limit < len(ids)} if told else {}
        return rows(*repeated, *page, **more)

    assert (await walked_over(list_page)) == ids


async def walked_over(step: Any) -> list[str]:
    async with client_of(ScriptedServer(step)) as client:
        return [thread.id async for thread in client.threads.list()]
