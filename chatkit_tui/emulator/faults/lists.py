"""Lists that do not keep to the rules of pages."""

from __future__ import annotations

from dataclasses import replace

from chatkit_tui.emulator.calls import JSON, THREADS_LIST_ITEMS, Answer, Call, Next
from chatkit_tui.emulator.faults.fault import (
    LISTS,
    THREADS,
    Fault,
    Row,
    changed_answer,
)


def no_last_id(page: Row) -> JSON:
    """Leave out both ends' ids."""
    return {name: value for name, value in page.items() if name not in ("first_id", "last_id")}


def no_has_more(page: Row) -> JSON:
    """Leave out whether there is more."""
    del page["has_more"]
    return page


def empty_page_with_more(page: Row) -> JSON:
    """Say that there is more, and give nothing."""
    return {**page, "data": [], "first_id": None, "last_id": None, "has_more": True}


def row_that_is_no_object(page: Row) -> JSON:
    """Put a null and a bare word before the rows."""
    return {**page, "data": [None, "gone", *page["data"]]}


async def repeated_cursor(call: Call, go: Next) -> Answer:
    """Give every later page's `last_id` as the cursor it was asked with, and never end."""
    answer = await go(call)
    cursor = call.query.get("after")
    if not answer.succeeded or cursor is None:
        return answer
    return replace(answer, content={**answer.content, "last_id": cursor, "has_more": True})


async def endless_list(call: Call, go: Next) -> Answer:
    """Pay no heed to `after`: every page is the first one, and there is always more."""
    query = {name: text for name, text in call.query.items() if name != "after"}
    answer = await go(replace(call, query=query))
    if not answer.succeeded:
        return answer
    return replace(answer, content={**answer.content, "has_more": True})


async def repeated_ids(call: Call, go: Next) -> Answer:
    """Begin every later page with the row that its cursor names."""
    answer = await go(call)
    if not answer.succeeded or "after" not in call.query or not answer.content["data"]:
        return answer
    flipped = "desc" if call.query.get("order") == "asc" else "asc"
    behind = {
        **call.query,
        "order": flipped,
        "after": answer.content["data"][0]["id"],
        "limit": "1",
    }
    cursor_row = (await go(replace(call, query=behind))).content["data"]
    data = [*cursor_row, *answer.content["data"]]
    return replace(answer, content={**answer.content, "data": data, "first_id": data[0]["id"]})


async def embedded_items(call: Call, go: Next) -> Answer:
    """Put the first page of items, oldest first, into the answer to retrieve."""
    answer = await go(call)
    if not answer.succeeded or answer.content.get("object") == "list":
        return answer
    items = await go(replace(call, name=THREADS_LIST_ITEMS, query={"order": "asc"}))
    return replace(answer, content={**answer.content, "items": items.content})


LIST_FAULTS = (
    Fault("no-last-id", "pages have no first_id and no last_id", LISTS, changed_answer(no_last_id)),
    Fault(
        "no-has-more", "pages do not say whether there is more", LISTS, changed_answer(no_has_more)
    ),
    Fault(
        "empty-page-with-more",
        "pages are empty and say that there is more",
        LISTS,
        changed_answer(empty_page_with_more),
    ),
    Fault(
        "repeated-cursor",
        "the last_id of a later page is the cursor it was asked with",
        LISTS,
        repeated_cursor,
    ),
    Fault(
        "endless-list", "every page is the first one, and there is always more", LISTS, endless_list
    ),
    Fault("repeated-ids", "a later page begins with the row of its cursor", LISTS, repeated_ids),
    Fault(
        "rows-that-are-no-objects",
        "every page begins with a null and a bare word",
        LISTS,
        changed_answer(row_that_is_no_object),
    ),
    Fault(
        "embedded-items", "a retrieved thread has its first items inside", THREADS, embedded_items
    ),
)
