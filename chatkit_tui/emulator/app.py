"""The emulator as a Starlette application."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from chatkit_tui.emulator import calls
from chatkit_tui.emulator.calls import Answer, Call
from chatkit_tui.emulator.refusals import wrong_method

if TYPE_CHECKING:
    from chatkit_tui.emulator.state import Emulator

_LARGEST_BODY = 16 * 1024 * 1024
"""Bytes; more than the largest session body that the API takes."""

_ROUTES = (
    ("GET", "/chatkit/threads", calls.THREADS_LIST),
    ("GET", "/chatkit/threads/{target}", calls.THREADS_RETRIEVE),
    ("DELETE", "/chatkit/threads/{target}", calls.THREADS_DELETE),
    ("GET", "/chatkit/threads/{target}/items", calls.THREADS_LIST_ITEMS),
    ("POST", "/chatkit/sessions", calls.SESSIONS_CREATE),
    ("POST", "/chatkit/sessions/{target}/cancel", calls.SESSIONS_CANCEL),
)


def create_app(emulator: Emulator) -> Starlette:
    """A Starlette application with the six calls below `/v1`."""

    async def answered(request: Request, name: str) -> Response:
        call = Call(
            name,
            request.method,
            request.url.path,
            unquote(request.path_params.get("target", "")),
            dict(request.query_params),
            dict(request.headers),
            await request.body(),
        )
        return SentAnswer(await emulator.answer(call))

    def route(method: str, path: str, name: str) -> Route:
        async def endpoint(request: Request) -> Response:
            return await answered(request, name)

        made = Route(f"/v1{path}", endpoint, methods=[method])
        made.methods = {method}  # Starlette would answer HEAD as well; the API does not
        return made

    async def elsewhere(request: Request, _error: Exception) -> Response:
        return await answered(request, calls.ELSEWHERE)

    async def not_allowed(request: Request, _error: Exception) -> Response:
        return SentAnswer(wrong_method(request.method, request.url.path).answer)

    return Starlette(
        routes=[route(*entry) for entry in _ROUTES],
        middleware=[Middleware(EncodedPaths)],
        exception_handlers={404: elsewhere, 405: not_allowed},
        max_body_size=_LARGEST_BODY,
    )


class EncodedPaths:
    """Lets routes match the path as it came, so that an id may hold an encoded slash."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on with its path encoded."""
        if scope["type"] == "http":
            encoded = scope.get("raw_path") or quote(scope["path"]).encode()
            scope = {**scope, "path": encoded.partition(b"?")[0].decode("ascii")}
        await self.app(scope, receive, send)


class SentAnswer(Response):
    """An `Answer` on its way out. A line that a fault drops ends here, without a last chunk."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        super().__init__(status_code=answer.status)

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send it as ASGI messages."""
        answer = self.answer
        headers = answer.all_headers()
        payload = b""
        if answer.pieces is None:
            payload = answer.payload()
            headers.setdefault("content-length", str(len(payload)))
        if answer.status == 204:
            del headers["content-length"], headers["content-type"]
        await send(
            {
                "type": "http.response.start",
                "status": answer.status,
                "headers": [(name.encode(), text.encode()) for name, text in headers.items()],
            }
        )
        if answer.pieces is not None:
            async for piece in answer.pieces():
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": payload, "more_body": False})
