"""Lists that break the rules of paging, and odd ids."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from chatkit_tui.emulator.faults.fault import (
    DELETIONS,
    ITEMS,
    LISTS,
    THREADS,
    THREADS_AND_ITEMS,
    content_fault,
    fault,
)
from chatkit_tui.emulator.requests import JSON, THREADS_LIST_ITEMS, Handler, Request, Response, Row

SHARED_ID = "__fake_id__"
ODD_PREFIX = "Größe/1 ?#%: "
"""The start of odd ids: characters that a path must encode."""
_EMPTY = "empty page before "
_AGAIN: Final = re.compile("again ([0-9]{1,9})")


def _changed(response: Response, **fields: JSON) -> Response:
    if not response.succeeded:
        return response
    return response._replace(content={**response.content, **fields})


def _without_after(request: Request, **query: str) -> Request:
    """Return the request for the first page, with other parameters added."""
    remaining: Mapping[str, str] = {
        name: value for name, value in request.query.items() if name != "after"
    }
    return request._replace(query={**remaining, **query})


def _with_rows(page: Row, rows: list[Row]) -> Row:
    ends = {"first_id": rows[0]["id"], "last_id": rows[-1]["id"]} if rows else {}
    return {**page, "data": rows, **ends}


@fault(*LISTS)
async def repeated_cursor(request: Request, forward: Handler) -> Response:
    """The last_id of a later page is the cursor of its own request."""
    response = await forward(request)
    cursor = request.query.get("after")
    return response if cursor is None else _changed(response, last_id=cursor, has_more=True)


@fault(*LISTS)
async def endless_list(request: Request, forward: Handler) -> Response:
    """Every page is the first one, and has more after it."""
    return _changed(await forward(_without_after(request)), has_more=True)


@fault(*LISTS)
async def repeated_ids(request: Request, forward: Handler) -> Response:
    """Every later page begins with the row of its cursor."""
    response = await forward(request)
    if not response.succeeded or "after" not in request.query or not response.content["data"]:
        return response
    rows = response.content["data"]
    reverse = "desc" if request.query.get("order") == "asc" else "asc"
    behind = {**request.query, "order": reverse, "after": rows[0]["id"], "limit": "1"}
    cursor_row = (await forward(request._replace(query=behind))).content["data"]
    rows = [*cursor_row, *rows]
    return _changed(response, data=rows, first_id=rows[0]["id"])


@content_fault(*ITEMS)
def shared_ids(page: Row) -> JSON:
    """All assistant messages have the same id, as with servers that use a placeholder."""
    rows = [
        {**row, "id": SHARED_ID} if "assistant_message" in str(row.get("type")) else row
        for row in page["data"]
    ]
    return _with_rows(page, rows)


@content_fault(*LISTS)
def null_ids(page: Row) -> JSON:
    """Every third row has null as its id."""
    rows = [
        {**row, "id": None} if number % 3 == 1 else row for number, row in enumerate(page["data"])
    ]
    return {**page, "data": rows}


@fault(*LISTS)
async def order_ignored(request: Request, forward: Handler) -> Response:
    """Lists are newest first in any order."""
    return await forward(request._replace(query={**request.query, "order": "desc"}))


@fault(*LISTS)
async def empty_pages(request: Request, forward: Handler) -> Response:
    """An empty page with a cursor precedes each page."""
    cursor = request.query.get("after", "")
    if not cursor.startswith(_EMPTY):
        response = await forward(_without_after(request, limit="1"))
        ends = {"first_id": None, "last_id": f"{_EMPTY}{cursor}"}
        return _changed(response, data=[], **ends, has_more=True)
    after = {"after": cursor.removeprefix(_EMPTY)} if cursor != _EMPTY else {}
    return await forward(_without_after(request, **after))


@fault(*LISTS)
async def new_cursors(request: Request, forward: Handler) -> Response:
    """Every page has the first row and a new cursor."""
    found = _AGAIN.fullmatch(request.query.get("after", ""))  # or a row, seen before the fault
    number = int(found[1]) + 1 if found else 1
    response = await forward(_without_after(request, limit="1"))
    return _changed(response, last_id=f"again {number}", has_more=True)


@content_fault(*LISTS)
def rows_that_are_no_objects(page: Row) -> JSON:
    """Every page begins with a null and a string instead of rows."""
    return {**page, "data": [None, "gone", *page["data"]]}


@fault(*THREADS)
async def embedded_items(request: Request, forward: Handler) -> Response:
    """A retrieved thread contains its first items, oldest first."""
    response = await forward(request)
    if not response.succeeded or response.content.get("object") == "list":
        return response
    items = request._replace(operation=THREADS_LIST_ITEMS, query={"order": "asc"})
    return _changed(response, items=(await forward(items)).content)


@fault(*ITEMS)
async def other_item_prefix(request: Request, forward: Handler) -> Response:
    """Item ids and cursors begin with cthi_."""
    query = {name: text.replace("cthi_", "cti_", 1) for name, text in request.query.items()}
    response = await forward(request._replace(query=query))
    if not response.succeeded:
        return response
    rows = [
        {**row, "id": row["id"].replace("cti_", "cthi_", 1)} for row in response.content["data"]
    ]
    return response._replace(content=_with_rows(response.content, rows))


@fault(*THREADS_AND_ITEMS, *DELETIONS)
async def odd_ids(request: Request, forward: Handler) -> Response:
    """Ids of threads and items have spaces, slashes and other scripts."""

    def odd(row: Row) -> Row:
        names = [name for name in ("id", "thread_id", "first_id", "last_id") if row.get(name)]
        return {**row, **{name: ODD_PREFIX + row[name] for name in names}}

    query = {
        name: text.removeprefix(ODD_PREFIX) if name in ("after", "before") else text
        for name, text in request.query.items()
    }
    target = request.target.removeprefix(ODD_PREFIX)
    response = await forward(request._replace(target=target, query=query))
    if not response.succeeded:
        return response
    content = odd(response.content)
    if "data" in content:
        content["data"] = [odd(row) for row in content["data"]]
    return response._replace(content=content)
