"""The package's server as an ASGI application, which notes what it is asked."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final, NamedTuple

from pydantic import TypeAdapter
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.chatkit_package import server, types
from tests.chatkit_package import store as package_store
from tests.chatkit_server.stores import Caller, MemoryStore

_REQUEST: Final[TypeAdapter[Any]] = TypeAdapter(types.ChatKitReq)

PATH = "/support/chatkit"
USER_HEADER = "X-User-Id"


class Asked(NamedTuple):
    """A request that came."""

    type: str
    params: Mapping[str, Any]
    headers: Mapping[str, str]


class ChatServer(server.ChatKitServer[Caller]):
    """A server of the package over one store."""

    def __init__(
        self,
        store: MemoryStore,
        *,
        token: str = "",
        missing: int = 500,
        wrapped: bool = False,
        slash: bool = False,
    ) -> None:
        """Serve a store.

        With a `token` every other one is refused. What is `missing` has this status. With
        `wrapped` an answer is a part of the body, and with `slash` the address ends in a slash.
        """
        super().__init__(store)
        self.asked: list[Asked] = []
        self.instead: deque[Response | Exception] = deque()
        """What is answered to the next requests, without carrying them out."""
        self.after: deque[Response | Exception] = deque()
        """What is answered to the next requests after they were carried out."""
        self.delay = 0.0
        """Seconds before each answer."""
        self._token = token
        self._missing = missing
        self._wrapped = wrapped
        path = f"{PATH}/" if slash else PATH
        self.app = Starlette(routes=[Route(path, self._endpoint, methods=["POST"])])

    @property
    def asked_types(self) -> list[str]:
        """The types of the requests that came."""
        return [it.type for it in self.asked]

    async def respond(
        self, thread: types.ThreadMetadata, input_user_message: Any, context: Caller
    ) -> AsyncIterator[Any]:
        """Answer nothing: no test writes."""
        return
        yield

    async def _endpoint(self, request: Request) -> Response:
        body = await request.body()
        try:
            asked = json.loads(body)
        except ValueError:
            asked = {}
        self.asked.append(Asked(asked.get("type", ""), asked.get("params", {}), request.headers))
        if self.delay:
            await asyncio.sleep(self.delay)
        if self._token and request.headers.get("authorization") != f"Bearer {self._token}":
            return JSONResponse({"detail": "Who are you?"}, status_code=401)
        if self.instead:
            return _given(self.instead.popleft())
        try:
            result = await self._answer(body, Caller(request.headers.get(USER_HEADER)))
        except package_store.NotFoundError as error:
            if self._missing == 500:
                raise
            return JSONResponse({"detail": str(error)}, status_code=self._missing)
        if self.after:
            return _given(self.after.popleft())
        if self._wrapped:
            result = b'{"type":"answer","request_id":"r_1","response":%b}' % result
        return Response(result, media_type="application/json")

    async def _answer(self, body: bytes, caller: Caller) -> bytes:
        """Do what `process` does for a request that does not stream.

        The package makes the adapter again for each request, which takes 20 ms.
        """
        request: Any = _REQUEST.validate_json(body)
        return await self._process_non_streaming(request, caller)


def _given(answer: Response | Exception) -> Response:
    if isinstance(answer, Exception):
        raise answer
    return answer
