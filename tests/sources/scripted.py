"""A scripted server in place of the network."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import httpx

from chatkit_tui.sources.openai import ChatKitClient, Retry

KEY = "sk-test-0123456789abcdefWXYZ"
URL = "https://api.example.test/v1"
NOW = 1_764_000_000.0

Step: TypeAlias = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


class Chunks(httpx.AsyncByteStream):
    """A body in pieces, which may end in an exception."""

    def __init__(self, *chunks: bytes | Exception) -> None:
        self.chunks = chunks
        self.given = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self.chunks:
            if isinstance(chunk, Exception):
                raise chunk
            self.given += 1
            yield chunk


class ScriptedServer(httpx.AsyncBaseTransport):
    """Answers each request with the next step of its script, the last one for ever after."""

    def __init__(self, *steps: Step) -> None:
        self.steps = list(steps)
        self.requests: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        step = self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]
        if isinstance(step, Exception):
            raise step
        if isinstance(step, httpx.Response):
            return httpx.Response(
                step.status_code, headers=step.headers, stream=_body_of(step), request=request
            )
        return step(request)

    @property
    def methods(self) -> list[str]:
        """The methods of the requests so far."""
        return [request.method for request in self.requests]


def _body_of(response: httpx.Response) -> httpx.AsyncByteStream:
    stream = response.stream
    assert isinstance(stream, httpx.AsyncByteStream)
    return stream


def answer(
    value: Any = None,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> httpx.Response:
    """A response with `value` as JSON, or with `body` unchanged."""
    content = json.dumps(value).encode() if body is None else body
    return httpx.Response(status, headers=dict(headers or {}), stream=Chunks(content))


def refused(
    status: int, *, headers: Mapping[str, str] | None = None, **error: Any
) -> httpx.Response:
    """A response that is not 2xx, with the API's error object."""
    said = {"message": "No.", "type": "invalid_request_error", "param": None, "code": None, **error}
    return answer({"error": said}, status=status, headers=headers)


@dataclass
class Waits:
    """Waits that take no time and are remembered."""

    slept: list[float] = field(default_factory=list)
    told: list[Retry] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


def client_of(
    server: httpx.AsyncBaseTransport, waits: Waits | None = None, **settings: Any
) -> ChatKitClient:
    """A client of `server` that never really waits."""
    waits = waits or Waits()
    arguments: dict[str, Any] = {
        "api_key": KEY,
        "base_url": URL,
        "transport": server,
        "sleep": waits.sleep,
        "clock": lambda: NOW,
        "random": lambda: 0.0,
        "on_retry": waits.told.append,
        **settings,
    }
    return ChatKitClient(**arguments)


THREAD = {
    "id": "cthr_1",
    "object": "chatkit.thread",
    "created_at": 1_763_000_000,
    "title": "A lost parcel",
    "status": {"type": "active"},
    "user": "ada",
}

SESSION = {
    "id": "cksess_1",
    "object": "chatkit.session",
    "status": "active",
    "client_secret": "ek_verysecret",
    "expires_at": 1_764_000_600,
    "user": "ada",
    "workflow": {"id": "wf_1", "version": None, "tracing": {"enabled": True}},
}


def rows(*ids: str, **fields: Any) -> httpx.Response:
    """A list answer with rows of these ids."""
    data = [{**THREAD, "id": identifier} for identifier in ids]
    last = {"last_id": ids[-1]} if ids else {}
    return answer({"object": "list", "data": data, **last, **fields})
