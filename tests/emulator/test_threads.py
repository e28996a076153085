"""Threads are listed by user, retrieved, and deleted."""

from __future__ import annotations

import httpx

from chatkit_tui.emulator import Emulator
from chatkit_tui.emulator.sample_data import load_script
from tests.emulator.conftest import MakeWire

AMELIE = "org-91|amelie.durand"


async def every_thread(wire: httpx.AsyncClient, **params: str) -> list[dict[str, object]]:
    response = await wire.get("chatkit/threads", params={"limit": "100", **params})
    rows: list[dict[str, object]] = response.json()["data"]
    return rows


async def test_the_filter_gives_the_threads_of_one_user_in_order(wire: httpx.AsyncClient) -> None:
    mine = await every_thread(wire, user=AMELIE)
    assert mine == [row for row in await every_thread(wire) if row["user"] == AMELIE]
    assert len(mine) > 3


async def test_the_threads_of_a_user_are_listed_to_the_end_with_cursors(
    wire: httpx.AsyncClient,
) -> None:
    whole = await every_thread(wire, user=AMELIE, order="asc")
    params = {"user": AMELIE, "order": "asc", "limit": "2"}
    seen: list[object] = []
    while True:
        page = (await wire.get("chatkit/threads", params=params)).json()
        seen += page["data"]
        params["after"] = page["last_id"]
        if not page["has_more"]:
            break
    assert seen == whole


async def test_an_unknown_user_has_no_threads(wire: httpx.AsyncClient) -> None:
    assert await every_thread(wire, user="nobody") == []


async def test_an_unknown_user_of_a_million_threads_computes_no_row(make_wire: MakeWire) -> None:
    emulator = Emulator(threads=1_000_000)
    response = await make_wire(emulator).get("chatkit/threads", params={"user": "nobody"})
    assert response.json()["data"] == []
    assert emulator.library.made == 0


async def test_everyone_has_threads(wire: httpx.AsyncClient) -> None:
    assert {row["user"] for row in await every_thread(wire)} == set(load_script().users)


async def test_a_retrieved_thread_equals_its_row_in_the_list(wire: httpx.AsyncClient) -> None:
    row = (await every_thread(wire))[7]
    assert (await wire.get(f"chatkit/threads/{row['id']}")).json() == row


async def test_a_deleted_thread_is_gone_with_its_items(
    emulator: Emulator, wire: httpx.AsyncClient
) -> None:
    thread_id = emulator.thread_id(-3)
    answer = await wire.delete(f"chatkit/threads/{thread_id}")
    assert answer.json() == {"id": thread_id, "object": "chatkit.thread.deleted", "deleted": True}
    for path in (f"chatkit/threads/{thread_id}", f"chatkit/threads/{thread_id}/items"):
        assert (await wire.get(path)).status_code == 404
    assert (await wire.delete(f"chatkit/threads/{thread_id}")).status_code == 404
    rows = await every_thread(wire)
    assert thread_id not in [row["id"] for row in rows]
    assert len(rows) == 59


async def test_a_deleted_thread_is_no_cursor(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    thread_id = emulator.thread_id(10)
    await wire.delete(f"chatkit/threads/{thread_id}")
    assert (await wire.get("chatkit/threads", params={"after": thread_id})).status_code == 400


async def test_a_deletion_in_one_emulator_does_not_affect_others(
    wire: httpx.AsyncClient, emulator: Emulator, make_wire: MakeWire
) -> None:
    await wire.delete(f"chatkit/threads/{emulator.thread_id(0)}")
    assert len(await every_thread(make_wire(Emulator()))) == 60
