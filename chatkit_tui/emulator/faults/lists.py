"""Lists that do not keep to the rules of pages."""

from __future__ import annotations

from dataclasses import replace

from chatkit_tui.emulator.calls import JSON, THREADS_LIST_ITEMS, Answer, Call, Next
from chatkit_tui.emulator.faults.fault import (
    ITEMS,
    LISTS,
    THREADS,
    Fault,
    Row,
    changed_answer,
    changed_rows,
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


SHARED_ID = "__fake_id__"
EMPTY = "empty page before "


def shared_ids(page: Row) -> JSON:
    """Give all assistant messages of a page one id, as servers with a placeholder do."""
    rows = [
        {**row, "id": SHARED_ID} if "assistant_message" in str(row.get("type")) else row
        for row in page["data"]
    ]
    ends = {"first_id": rows[0]["id"], "last_id": rows[-1]["id"]} if rows else {}
    return {**page, "data": rows, **ends}


def null_ids(page: Row) -> JSON:
    """Take the id from every third row; the page still says where to go on."""
    rows = [
        {**row, "id": None} if number % 3 == 1 else row for number, row in enumerate(page["data"])
    ]
    return {**page, "data": rows}


async def order_ignored(call: Call, go: Next) -> Answer:
    """Give every list newest first, whatever order it is asked for in."""
    return await go(replace(call, query={**call.query, "order": "desc"}))


async def empty_pages(call: Call, go: Next) -> Answer:
    """Give an empty page with a cursor of its own before every page."""
    cursor = call.query.get("after", "")
    query = {name: text for name, text in call.query.items() if name != "after"}
    if not cursor.startswith(EMPTY):
        answer = await go(replace(call, query={**query, "limit": "1"}))
        if not answer.succeeded:
            return answer
        page: Row = {"data": [], "first_id": None, "last_id": f"{EMPTY}{cursor}", "has_more": True}
        return replace(answer, content={**answer.content, **page})
    if cursor != EMPTY:
        query["after"] = cursor.removeprefix(EMPTY)
    return await go(replace(call, query=query))


async def new_cursors(call: Call, go: Next) -> Answer:
    """Give the first row on every page, always under a new cursor, and never end."""
    cursor = call.query.get("after", "")
    query = {name: text for name, text in call.query.items() if name != "after"}
    answer = await go(replace(call, query={**query, "limit": "1"}))
    if not answer.succeeded:
        return answer
    number = int(cursor.removeprefix("again ") or 0) + 1
    changed = {"last_id": f"again {number}", "has_more": True}
    return replace(answer, content={**answer.content, **changed})


def tools_in_progress(row: Row) -> JSON:
    """Show every tool call as it was before it had a result."""
    if "client_tool_call" not in str(row.get("type")):
        return row
    return {**row, "status": "in_progress", "output": None}


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
        "shared-ids", "all assistant messages have the same id", ITEMS, changed_answer(shared_ids)
    ),
    Fault("null-ids", "every third row has null for an id", LISTS, changed_answer(null_ids)),
    Fault("order-ignored", "lists come newest first in any order", LISTS, order_ignored),
    Fault("empty-pages", "an empty page that goes on comes before each page", LISTS, empty_pages),
    Fault("new-cursors", "every page has the first row and a new cursor", LISTS, new_cursors),
    Fault(
        "tools-in-progress", "no tool call has a result yet", ITEMS, changed_rows(tools_in_progress)
    ),
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
