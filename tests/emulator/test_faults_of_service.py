"""Each fault of the service does what its summary says."""

from __future__ import annotations

import zlib
from email.utils import parsedate_to_datetime

import httpx
import pytest

from chatkit_tui.emulator import DEMO_KEY, Emulator
from chatkit_tui.emulator.faults import responses
from chatkit_tui.emulator.faults.responses import OTHER_ORIGIN, OVERSIZE
from tests.emulator.conftest import HEADERS
from tests.loopback import serving

LIMIT = 64 * 1024 * 1024
"""The largest body that a client accepts, in bytes."""


async def faulty_response(
    emulator: Emulator, wire: httpx.AsyncClient, fault: str
) -> httpx.Response:
    emulator.faults = (fault,)
    return await wire.get("chatkit/threads", params={"limit": 3})


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("unauthorized", 401, "invalid_api_key"),
        ("forbidden", 403, "insufficient_permissions"),
        ("not-found", 404, "not_found"),
        ("bad-request", 400, "invalid_request"),
        ("unprocessable", 422, "unprocessable"),
        ("request-timeout", 408, None),
        ("conflict", 409, "conflict"),
        ("quota", 429, "insufficient_quota"),
        ("server-error", 500, None),
        ("bad-gateway", 502, None),
        ("overloaded", 503, None),
        ("gateway-timeout", 504, None),
    ],
)
async def test_a_status_has_the_api_s_error_object(
    emulator: Emulator, wire: httpx.AsyncClient, fault: str, status: int, code: str | None
) -> None:
    response = await faulty_response(emulator, wire, fault)
    assert response.status_code == status
    error = response.json()["error"]
    assert error["code"] == code
    assert set(error) == {"message", "type", "param", "code"}
    assert response.headers["x-request-id"]


@pytest.mark.parametrize(
    ("fault", "header", "value"),
    [
        ("rate-limit", "retry-after-ms", "40"),
        ("rate-limit-seconds", "retry-after", "3"),
        ("rate-limit-long", "retry-after", "300"),
        ("rate-limit-odd", "retry-after", "presently"),
        ("rate-limit-bare", "retry-after", None),
    ],
)
async def test_a_rate_limit_says_how_long_to_wait(
    emulator: Emulator, wire: httpx.AsyncClient, fault: str, header: str, value: str | None
) -> None:
    response = await faulty_response(emulator, wire, fault)
    assert response.status_code == 429
    assert response.json()["error"]["code"] == "rate_limit_exceeded"
    assert response.headers.get(header) == value


async def test_retry_after_can_be_a_date(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    response = await faulty_response(emulator, wire, "rate-limit-date")
    date = parsedate_to_datetime(response.headers["retry-after"])
    assert date.utcoffset() is not None


@pytest.mark.parametrize(
    ("fault", "status", "value"),
    [("retry-anyway", 400, "true"), ("retry-never", 503, "false"), ("quota", 429, "false")],
)
async def test_the_server_can_decide_about_retries(
    emulator: Emulator, wire: httpx.AsyncClient, fault: str, status: int, value: str
) -> None:
    response = await faulty_response(emulator, wire, fault)
    assert (response.status_code, response.headers["x-should-retry"]) == (status, value)


async def test_a_rejected_deletion_deletes_nothing(
    emulator: Emulator, wire: httpx.AsyncClient
) -> None:
    emulator.faults = ("server-error@DELETE",)
    path = f"chatkit/threads/{emulator.thread_id()}"
    assert (await wire.delete(path)).status_code == 500
    assert (await wire.get(path)).status_code == 200


async def test_a_failed_deletion_may_have_deleted_the_thread(
    emulator: Emulator, wire: httpx.AsyncClient
) -> None:
    emulator.faults = ("delete-then-404",)
    path = f"chatkit/threads/{emulator.thread_id()}"
    assert [(await wire.delete(path)).status_code for _ in range(2)] == [500, 404]


async def test_a_connection_drops_before_the_request_is_carried_out(
    emulator: Emulator, wire: httpx.AsyncClient
) -> None:
    emulator.faults = ("reset@DELETE",)
    path = f"chatkit/threads/{emulator.thread_id()}"
    with pytest.raises(httpx.ReadError):
        await wire.delete(path)
    assert (await wire.get(path)).status_code == 200


async def test_a_connection_drops_after_the_request_is_carried_out(
    emulator: Emulator, wire: httpx.AsyncClient
) -> None:
    emulator.faults = ("lost-answer@DELETE",)
    path = f"chatkit/threads/{emulator.thread_id()}"
    with pytest.raises(httpx.ReadError):
        await wire.delete(path)
    assert (await wire.get(path)).status_code == 404


@pytest.mark.parametrize(
    ("fault", "status"), [("stall@DELETE", 200), ("stalled-answer@DELETE", 404)]
)
async def test_a_server_that_never_responds_may_have_carried_out_the_request(
    emulator: Emulator, wire: httpx.AsyncClient, fault: str, status: int
) -> None:
    emulator.faults = (fault,)
    path = f"chatkit/threads/{emulator.thread_id()}"
    with pytest.raises(httpx.ReadTimeout):
        await wire.delete(path, timeout=0.02)
    assert (await wire.get(path)).status_code == status


@pytest.mark.parametrize(
    ("fault", "error"), [("dropped-midway", httpx.ReadError), ("stall-midway", httpx.ReadTimeout)]
)
async def test_a_response_can_end_in_the_middle(
    emulator: Emulator, wire: httpx.AsyncClient, fault: str, error: type[Exception]
) -> None:
    emulator.faults = (fault,)
    with pytest.raises(error):
        await wire.get("chatkit/threads", timeout=0.1 if error is httpx.ReadTimeout else 60)


def test_a_slow_response_has_all_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(responses, "DRIP_PAUSE", 0.02)
    emulator = Emulator()
    with serving(emulator) as url, httpx.Client(base_url=url, headers=HEADERS) as wire:
        quick = wire.get("chatkit/threads").content
        emulator.faults = ("slow-drip",)
        with wire.stream("GET", "chatkit/threads") as response:
            pieces = list(response.iter_raw())
    assert len(pieces) == 10
    assert b"".join(pieces) == quick


@pytest.mark.parametrize(("fault", "status"), [("not-json", 200), ("proxy-error", 502)])
async def test_a_gateway_responds_in_html(
    emulator: Emulator, wire: httpx.AsyncClient, fault: str, status: int
) -> None:
    response = await faulty_response(emulator, wire, fault)
    assert response.status_code == status
    assert response.headers["content-type"] == "text/html"
    assert "<html>" in response.text


async def test_a_response_can_be_empty(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    response = await faulty_response(emulator, wire, "empty-body")
    assert (response.status_code, response.content) == (200, b"")


async def test_a_response_can_be_other_json(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    assert isinstance((await faulty_response(emulator, wire, "another-shape")).json(), list)


async def test_a_response_can_be_truncated(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    response = await faulty_response(emulator, wire, "cut-short")
    assert response.status_code == 200
    assert response.text.startswith('{"object":"list"')
    with pytest.raises(ValueError):
        response.json()


async def test_a_response_can_be_in_another_encoding(
    emulator: Emulator, wire: httpx.AsyncClient
) -> None:
    response = await faulty_response(emulator, wire, "not-utf8")
    with pytest.raises(UnicodeDecodeError):
        response.content.decode("utf-8")
    assert response.content.decode("utf-16").startswith('{"object"')


async def test_a_response_can_be_too_large_without_declaring_it(
    emulator: Emulator, wire: httpx.AsyncClient
) -> None:
    response = await faulty_response(emulator, wire, "too-large")
    assert "content-length" not in response.headers
    assert len(response.content) > OVERSIZE > LIMIT


async def test_a_small_response_can_inflate_to_a_large_one(
    emulator: Emulator, wire: httpx.AsyncClient
) -> None:
    emulator.faults = ("gzip-bomb",)
    async with wire.stream("GET", "chatkit/threads") as response:
        packed = b"".join([piece async for piece in response.aiter_raw()])
    assert response.headers["content-encoding"] == "gzip"
    assert len(packed) < 200_000
    assert len(zlib.decompress(packed, wbits=31)) > LIMIT


async def test_a_redirect_on_the_same_origin_leads_to_the_response(
    emulator: Emulator, wire: httpx.AsyncClient
) -> None:
    plain = (await wire.get("chatkit/threads", params={"limit": 3})).json()
    response = await faulty_response(emulator, wire, "redirect")
    assert response.status_code == 307
    location = response.headers["location"]
    assert location == "/v1/chatkit/threads?limit=3&moved=1"
    assert (await wire.get(f"http://demo.invalid{location}")).json() == plain


async def test_a_redirect_can_lead_to_another_origin(
    emulator: Emulator, wire: httpx.AsyncClient
) -> None:
    response = await faulty_response(emulator, wire, "redirect-elsewhere")
    assert response.headers["location"].startswith(OTHER_ORIGIN)
    assert DEMO_KEY not in response.headers["location"]


async def test_a_redirect_can_loop(emulator: Emulator, wire: httpx.AsyncClient) -> None:
    emulator.faults = ("redirect-loop",)
    response = await wire.get("chatkit/threads")
    assert response.headers["location"] == "/v1/chatkit/threads"


@pytest.mark.parametrize("fault", ["reset", "lost-answer", "dropped-midway"])
def test_connections_drop_on_a_real_server(fault: str) -> None:
    emulator = Emulator(faults=[f"{fault}:1"])
    with serving(emulator) as url, httpx.Client(base_url=url, headers=HEADERS) as wire:
        with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
            wire.get("chatkit/threads")
        assert wire.get("chatkit/threads").status_code == 200


@pytest.mark.parametrize("fault", ["stall", "stall-midway"])
def test_a_server_that_never_responds_can_be_stopped(fault: str) -> None:
    emulator = Emulator(faults=[fault])
    with (
        serving(emulator) as url,
        httpx.Client(base_url=url, headers=HEADERS) as wire,
        pytest.raises(httpx.ReadTimeout),
    ):
        wire.get("chatkit/threads", timeout=0.1)
    assert len(emulator.requests) == 1
