"""What is rejected before a call is carried out, and the error objects."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from chatkit_tui.emulator import DEMO_KEY, Emulator

CALLS = [
    ("GET", "chatkit/threads"),
    ("GET", "chatkit/threads/cthr_1"),
    ("DELETE", "chatkit/threads/cthr_1"),
    ("GET", "chatkit/threads/cthr_1/items"),
    ("POST", "chatkit/sessions"),
    ("POST", "chatkit/sessions/cksess_1/cancel"),
]


def error(response: httpx.Response) -> dict[str, Any]:
    body = response.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"message", "type", "param", "code"}
    assert body["error"]["message"]
    found: dict[str, Any] = body["error"]
    return found


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_every_call_needs_the_beta_header(
    wire: httpx.AsyncClient, method: str, path: str
) -> None:
    response = await wire.request(method, path, headers={"openai-beta": "assistants=v2"})
    assert response.status_code == 400
    assert error(response)["code"] == "invalid_beta"


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_every_call_needs_a_key(wire: httpx.AsyncClient, method: str, path: str) -> None:
    response = await wire.request(method, path, headers={"authorization": ""})
    assert response.status_code == 401
    assert error(response)["type"] == "invalid_request_error"


async def test_a_wrong_key_is_rejected_and_named_by_its_last_four_characters(
    wire: httpx.AsyncClient,
) -> None:
    key = "ghp_secret_1234"
    response = await wire.get("chatkit/threads", headers={"authorization": f"Bearer {key}"})
    assert response.status_code == 401
    assert error(response)["code"] == "invalid_api_key"
    assert "1234" in response.text
    assert "secret" not in response.text


async def test_the_key_is_checked_before_the_beta_header(wire: httpx.AsyncClient) -> None:
    headers = {"authorization": "Bearer nonsense", "openai-beta": ""}
    assert (await wire.get("chatkit/threads", headers=headers)).status_code == 401


@pytest.mark.parametrize("key", [DEMO_KEY, "sk-anything", "sk-proj-abc"])
async def test_the_demo_key_and_anything_like_a_key_is_accepted(
    wire: httpx.AsyncClient, key: str
) -> None:
    response = await wire.get("chatkit/threads", headers={"authorization": f"Bearer {key}"})
    assert response.status_code == 200


async def test_beta_headers_may_be_joined(wire: httpx.AsyncClient) -> None:
    headers = {"openai-beta": "assistants=v2, chatkit_beta=v1"}
    assert (await wire.get("chatkit/threads", headers=headers)).status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "chatkit/threads/{}"),
        ("DELETE", "chatkit/threads/{}"),
        ("GET", "chatkit/threads/{}/items"),
    ],
)
@pytest.mark.parametrize(
    "thread_id", ["cthr_1", "cthr_" + "0" * 48, "a b", "%20", "a%2Fb%3Fc%23", "ü"]
)
async def test_an_unknown_thread_is_not_found(
    wire: httpx.AsyncClient, method: str, path: str, thread_id: str
) -> None:
    response = await wire.request(method, path.format(thread_id))
    assert response.status_code == 404
    assert error(response)["message"].startswith("Thread with id ")


async def test_an_encoded_slash_stays_inside_the_id(wire: httpx.AsyncClient) -> None:
    response = await wire.get("chatkit/threads/a%2Fb%20%E2%82%AC/items")
    assert "'a/b €'" in error(response)["message"]


async def test_a_path_that_the_api_does_not_have_is_not_found(wire: httpx.AsyncClient) -> None:
    response = await wire.get("http://demo.invalid/chatkit/threads")
    assert response.status_code == 404
    assert error(response)["code"] == "unknown_url"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "POST", "HEAD"])
async def test_another_method_is_not_allowed(wire: httpx.AsyncClient, method: str) -> None:
    assert (await wire.request(method, "chatkit/threads")).status_code == 405


@pytest.mark.parametrize(
    ("query", "param"),
    [
        ("limit=101", "limit"),
        ("limit=-1", "limit"),
        ("order=up", "order"),
        ("after=cthr_1", "after"),
        ("before=cthr_1", "before"),
        ("user=", "user"),
        ("user=" + "u" * 513, "user"),
    ],
)
async def test_a_thread_list_outside_its_limits_is_rejected(
    wire: httpx.AsyncClient, query: str, param: str
) -> None:
    response = await wire.get(f"chatkit/threads?{query}")
    assert response.status_code == 400
    assert error(response)["param"] == param


async def test_a_cursor_of_another_thread_is_rejected(
    emulator: Emulator, wire: httpx.AsyncClient
) -> None:
    page = (await wire.get(f"chatkit/threads/{emulator.thread_id(-1)}/items")).json()
    response = await wire.get(
        f"chatkit/threads/{emulator.thread_id(0)}/items", params={"after": page["first_id"]}
    )
    assert response.status_code == 400
    assert error(response)["param"] == "after"


async def test_every_response_has_its_own_request_id_and_a_duration(
    wire: httpx.AsyncClient,
) -> None:
    good = await wire.get("chatkit/threads")
    bad = await wire.get("chatkit/threads/none")
    assert good.headers["x-request-id"].startswith("req_")
    assert good.headers["x-request-id"] != bad.headers["x-request-id"]
    assert bad.headers["openai-processing-ms"].isdecimal()


async def test_the_log_has_the_requests_without_the_key(
    emulator: Emulator, wire: httpx.AsyncClient
) -> None:
    await wire.get("chatkit/threads", params={"limit": 5, "user": "a b"})
    (logged,) = emulator.requests
    assert (logged.operation, logged.method, logged.path) == (
        "threads.list",
        "GET",
        "/v1/chatkit/threads",
    )
    assert logged.query == {"limit": "5", "user": "a b"}
    assert DEMO_KEY not in repr(logged)
