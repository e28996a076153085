"""Each fault of content changes the response as its summary says."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from chatkit_tui.emulator import Emulator
from chatkit_tui.emulator.faults.content import HOSTILE

Row = dict[str, Any]


async def faulty_threads(emulator: Emulator, wire: httpx.AsyncClient, fault: str) -> list[Row]:
    emulator.faults = (fault,)
    rows: list[Row] = (await wire.get("chatkit/threads", params={"limit": 100})).json()["data"]
    return rows


async def faulty_items(emulator: Emulator, wire: httpx.AsyncClient, fault: str) -> list[Row]:
    """Return the items of every thread but the long one."""
    emulator.faults = (fault,)
    rows: list[Row] = []
    for index in range(1, 60):
        path = f"chatkit/threads/{emulator.thread_id(index)}/items"
        rows += (await wire.get(path, params={"limit": 100})).json()["data"]
    return rows


async def test_bare_types(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    rows = await faulty_items(emulator, wire, "bare-types")
    assert {"user_message", "widget", "task_group"} <= {row["type"] for row in rows}
    assert not any(row["type"].startswith("chatkit.") for row in rows)


@pytest.mark.parametrize(
    ("fault", "field"),
    [
        ("no-created-at", "created_at"),
        ("no-thread-id", "thread_id"),
        ("no-attachments", "attachments"),
        ("no-inference-options", "inference_options"),
    ],
)
async def test_fields_are_omitted_from_items(
    emulator: Emulator, wire: httpx.AsyncClient, fault: str, field: str
) -> None:
    rows = await faulty_items(emulator, wire, fault)
    assert rows
    assert not any(field in row for row in rows)


@pytest.mark.parametrize(
    ("fault", "field"),
    [
        ("no-created-at", "created_at"),
        ("no-status", "status"),
        ("no-user", "user"),
        ("no-title", "title"),
    ],
)
async def test_fields_are_omitted_from_listed_and_retrieved_threads(
    emulator: Emulator, wire: httpx.AsyncClient, fault: str, field: str
) -> None:
    rows = await faulty_threads(emulator, wire, fault)
    rows.append((await wire.get(f"chatkit/threads/{rows[0]['id']}")).json())
    assert not any(field in row for row in rows)


async def test_no_annotations(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    rows = await faulty_items(emulator, wire, "no-annotations")
    parts = [part for row in rows for part in row.get("content", ())]
    assert any(part["type"] == "output_text" for part in parts)
    assert not any("annotations" in part for part in parts)


async def test_bare_content(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    rows = await faulty_items(emulator, wire, "bare-content")
    contents = [row["content"] for row in rows if "content" in row]
    assert contents
    assert all(isinstance(content, str) for content in contents)


async def test_empty_content(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    rows = await faulty_items(emulator, wire, "empty-content")
    said = [row for row in rows if row["type"] == "chatkit.user_message"]
    assert all(row["content"] == [] and row["attachments"] for row in said)


async def test_iso_times(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    rows = await faulty_items(emulator, wire, "iso-times")
    rows += await faulty_threads(emulator, wire, "iso-times")
    assert all(re.fullmatch(r"20\d\d-\d\d-\d\dT[\d:]+\+00:00", row["created_at"]) for row in rows)


async def test_objects_for_strings(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    rows = await faulty_items(emulator, wire, "objects-for-strings")
    assert all(isinstance(row["widget"], dict) for row in rows if "widget" in row)
    calls = [row for row in rows if "arguments" in row]
    assert {type(call["arguments"]) for call in calls} == {dict, str}  # broken JSON stays text
    assert any(isinstance(call["output"], dict) for call in calls)


async def test_other_item_prefix(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    emulator.faults = ("other-item-prefix",)
    path = f"chatkit/threads/{emulator.thread_id()}/items"
    whole = (await wire.get(path)).json()
    assert all(row["id"].startswith("cthi_") for row in whole["data"])
    rest = await wire.get(path, params={"after": whole["first_id"]})
    assert rest.json()["data"] == whole["data"][1:]


async def test_odd_ids(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    emulator.faults = ("odd-ids",)
    first, *others = (await wire.get("chatkit/threads")).json()["data"]
    assert re.search("[ /?#%]", first["id"])
    later = await wire.get("chatkit/threads", params={"after": first["id"]})
    assert later.json()["data"][: len(others)] == others
    path = f"chatkit/threads/{quote(first['id'], safe='')}"
    assert (await wire.get(path)).json() == first
    (item, *_) = (await wire.get(f"{path}/items")).json()["data"]
    assert item["thread_id"] == first["id"]
    assert (await wire.delete(path)).json()["id"] == first["id"]


async def test_unknown_item(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    types = {row["type"] for row in await faulty_items(emulator, wire, "unknown-item")}
    assert "chatkit.assistant_message" not in types
    assert {"chatkit.approval_request", "chatkit.user_message"} <= types


async def test_unknown_parts(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    rows = await faulty_items(emulator, wire, "unknown-parts")
    messages = [row["content"] for row in rows if "content" in row]
    assert all(content[-2]["type"] == "output_audio" for content in messages)
    assert all("text" in content[-2] and "text" not in content[-1] for content in messages)


async def test_unknown_annotations(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    rows = await faulty_items(emulator, wire, "unknown-annotations")
    parts = [
        part
        for row in rows
        if row["type"] == "chatkit.assistant_message"
        for part in row["content"]
    ]
    assert all(part["annotations"][-1]["type"] == "entity" for part in parts)


async def test_unknown_attachments(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    rows = await faulty_items(emulator, wire, "unknown-attachments")
    lists = [row["attachments"] for row in rows if "attachments" in row]
    assert all(files[-1]["type"] == "audio" for files in lists)


async def test_unknown_tasks(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    rows = await faulty_items(emulator, wire, "unknown-tasks")
    assert {row["task_type"] for row in rows if "task_type" in row} == {"plan"}
    assert {task["type"] for row in rows for task in row.get("tasks", ())} == {"plan"}


async def test_unknown_statuses(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    threads = await faulty_threads(emulator, wire, "unknown-statuses")
    assert {row["status"]["type"] for row in threads} == {"archived"}
    items = await faulty_items(emulator, wire, "unknown-statuses")
    assert {row["status"] for row in items if "status" in row} == {"failed"}


async def test_misfit_fields(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    rows = await faulty_threads(emulator, wire, "misfit-fields")
    rows += await faulty_items(emulator, wire, "misfit-fields")
    assert {row["created_at"] for row in rows} == {"yesterday"}
    assert rows[0]["title"] == ["two", "titles"]
    assert all(row["attachments"] == 7 for row in rows if "attachments" in row)
    assert all(row["id"] and row["object"] for row in rows)


async def test_extra_fields(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    rows = await faulty_threads(emulator, wire, "extra-fields")
    rows += await faulty_items(emulator, wire, "extra-fields")
    assert all("metadata" in row and "updated_at" in row for row in rows)


async def test_hostile_text(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    threads = await faulty_threads(emulator, wire, "hostile-text")
    assert all(row["user"].startswith(HOSTILE) for row in threads)
    items = await faulty_items(emulator, wire, "hostile-text")
    texts = [part["text"] for row in items for part in row.get("content", ())]
    assert all(text.startswith(HOSTILE) for text in texts)


async def test_lone_surrogates(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    emulator.faults = ("lone-surrogates",)
    response = await wire.get("chatkit/threads")
    assert '"user":' in response.text.replace(" ", "")
    assert json.loads(response.content)["data"][0]["user"].startswith("\ud83d")


async def test_no_last_id(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    emulator.faults = ("no-last-id",)
    page = (await wire.get("chatkit/threads")).json()
    assert set(page) == {"object", "data", "has_more"}


async def test_no_has_more(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    emulator.faults = ("no-has-more",)
    page = (await wire.get("chatkit/threads")).json()
    assert set(page) == {"object", "data", "first_id", "last_id"}


async def test_empty_page_with_more(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    emulator.faults = ("empty-page-with-more",)
    page = (await wire.get("chatkit/threads")).json()
    assert (page["data"], page["has_more"]) == ([], True)


async def test_repeated_cursor(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    emulator.faults = ("repeated-cursor",)
    first = (await wire.get("chatkit/threads")).json()
    later = (await wire.get("chatkit/threads", params={"after": first["last_id"]})).json()
    assert later["data"]
    assert (later["last_id"], later["has_more"]) == (first["last_id"], True)


async def test_endless_list(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    emulator.faults = ("endless-list",)
    first = (await wire.get("chatkit/threads")).json()
    assert first["has_more"]
    assert (await wire.get("chatkit/threads", params={"after": first["last_id"]})).json() == first


@pytest.mark.parametrize("order", ["asc", "desc"])
async def test_repeated_ids(emulator: Emulator, wire: httpx.AsyncClient, order: str) -> None:
    emulator.faults = ("repeated-ids",)
    params = {"order": order, "limit": "10"}
    first = (await wire.get("chatkit/threads", params=params)).json()
    later = (await wire.get("chatkit/threads", params={**params, "after": first["last_id"]})).json()
    assert later["data"][0] == first["data"][-1]
    assert later["data"][1] != first["data"][-1]


async def test_rows_that_are_no_objects(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    emulator.faults = ("rows-that-are-no-objects",)
    rows = (await wire.get("chatkit/threads")).json()["data"]
    assert rows[:2] == [None, "gone"]
    assert rows[2]["object"] == "chatkit.thread"


async def test_embedded_items(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    path = f"chatkit/threads/{emulator.thread_id()}"
    items = (await wire.get(f"{path}/items", params={"order": "asc"})).json()
    emulator.faults = ("embedded-items",)
    assert (await wire.get(path)).json()["items"] == items


SESSION = {"user": "ada", "workflow": {"id": "wf_support"}}


async def test_sparse_session(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    emulator.faults = ("sparse-session",)
    session = (await wire.post("chatkit/sessions", json=SESSION)).json()
    assert not {"id", "user", "chatkit_configuration"} & set(session)
    assert session["client_secret"]


async def test_old_session(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    emulator.faults = ("old-session",)
    session = (await wire.post("chatkit/sessions", json=SESSION)).json()
    assert {"scope", "ttl_seconds", "max_requests_per_session"} <= set(session)
    answer = (await wire.post(f"chatkit/sessions/{session['id']}/cancel")).json()
    assert isinstance(answer["cancelled_at"], int)


async def test_empty_secret(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    emulator.faults = ("empty-secret",)
    assert (await wire.post("chatkit/sessions", json=SESSION)).json()["client_secret"] == ""


async def test_new_session_status(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    emulator.faults = ("new-session-status",)
    assert (await wire.post("chatkit/sessions", json=SESSION)).json()["status"] == "suspended"


async def test_empty_delete_body(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    emulator.faults = ("empty-delete-body",)
    path = f"chatkit/threads/{emulator.thread_id()}"
    answer = await wire.delete(path)
    assert (answer.status_code, answer.content) == (204, b"")
    assert (await wire.get(path)).status_code == 404


async def test_odd_delete_body(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    emulator.faults = ("odd-delete-body",)
    path = f"chatkit/threads/{emulator.thread_id()}"
    answer = await wire.delete(path)
    assert (answer.status_code, answer.json()["object"]) == (202, "thread.removal")
    assert (await wire.get(path)).status_code == 404


async def test_shared_ids(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    emulator.faults = ("shared-ids",)
    path = f"chatkit/threads/{emulator.thread_id()}/items"
    rows = (await wire.get(path, params={"limit": "100"})).json()["data"]
    ids = {row["id"] for row in rows if "assistant" in row["type"]}
    assert len(ids) == 1
    assert len({row["id"] for row in rows}) > 2


async def test_null_ids(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    emulator.faults = ("null-ids",)
    page = (await wire.get("chatkit/threads")).json()
    assert [row["id"] is None for row in page["data"][:4]] == [False, True, False, False]
    assert page["last_id"]


async def test_order_ignored(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    emulator.faults = ("order-ignored",)
    first, second = [
        (await wire.get("chatkit/threads", params={"order": order})).json()
        for order in ("asc", "desc")
    ]
    assert first == second


async def test_empty_pages(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    emulator.faults = ("empty-pages",)
    cursor, sizes, ids = "", [], []
    for _ in range(6):
        params = {"limit": "25", **({"after": cursor} if cursor else {})}
        page = (await wire.get("chatkit/threads", params=params)).json()
        sizes.append(len(page["data"]))
        ids += [row["id"] for row in page["data"]]
        cursor = page["last_id"]
    assert sizes == [0, 25, 0, 25, 0, 10]
    assert len(set(ids)) == 60
    assert page["has_more"] is False


async def test_new_cursors(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    last_id = (await wire.get("chatkit/threads")).json()["last_id"]
    emulator.faults = ("new-cursors",)  # a list may be on its way meanwhile
    first = (await wire.get("chatkit/threads", params={"after": last_id})).json()
    later = (await wire.get("chatkit/threads", params={"after": first["last_id"]})).json()
    assert later["data"] == first["data"]
    assert later["last_id"] != first["last_id"]
    assert later["has_more"] is True


async def test_tools_in_progress(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    emulator.faults = ("tools-in-progress",)
    rows = (await wire.get(f"chatkit/threads/{emulator.thread_id()}/items")).json()["data"]
    tools = [row for row in rows if "client_tool_call" in row["type"]]
    assert tools
    assert {row["status"] for row in tools} == {"in_progress"}
