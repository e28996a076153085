"""Answers with a status that is not 2xx, and with what they say about trying again."""

from __future__ import annotations

import time
from email.utils import formatdate

from chatkit_tui.emulator.calls import Answer, Call, Next
from chatkit_tui.emulator.faults.fault import ANY, Act, Fault
from chatkit_tui.emulator.refusals import error_answer

_BUSY = "The server is overloaded at the moment. Try again in a while."
_BROKEN = "The server failed while it handled the request."
_TOO_FAST = "Rate limit reached for this project: 60 requests a minute."
_SERVER = "server_error"


def _refusal(
    status: int,
    message: str,
    *,
    code: str | None = None,
    kind: str = "invalid_request_error",
    **headers: str,
) -> Act:
    """Answer with an error, and do nothing of what was asked."""

    async def act(_call: Call, _go: Next) -> Answer:
        return error_answer(status, message, code=code, kind=kind).with_headers(**headers)

    return act


def _too_fast(**headers: str) -> Act:
    return _refusal(429, _TOO_FAST, code="rate_limit_exceeded", kind="rate_limit_error", **headers)


async def rate_limit_date(call: Call, go: Next) -> Answer:
    """The wait as a date, which is counted from the real clock and not the emulator's."""
    act = _too_fast(retry_after=formatdate(time.time() + 3, usegmt=True))
    return await act(call, go)


STATUS_FAULTS = (
    Fault(
        "unauthorized",
        "401: the key was revoked",
        ANY,
        _refusal(401, "This API key has been revoked.", code="invalid_api_key"),
    ),
    Fault(
        "forbidden",
        "403: the key may not do this",
        ANY,
        _refusal(
            403,
            "This key is restricted and lacks the scope chatkit.threads.",
            code="insufficient_permissions",
        ),
    ),
    Fault(
        "not-found",
        "404: whatever was asked for does not exist",
        ANY,
        _refusal(404, "There is nothing of that name here.", code="not_found"),
    ),
    Fault(
        "bad-request",
        "400: the request is refused as malformed",
        ANY,
        _refusal(400, "The request could not be understood.", code="invalid_request"),
    ),
    Fault(
        "unprocessable",
        "422: the request is well-formed and cannot be carried out",
        ANY,
        _refusal(422, "The values of the request contradict each other.", code="unprocessable"),
    ),
    Fault(
        "request-timeout",
        "408: the server waited too long for the request",
        ANY,
        _refusal(408, "The request took too long to arrive.", kind=_SERVER),
    ),
    Fault(
        "conflict",
        "409: something else changes the same thing",
        ANY,
        _refusal(409, "Another request is changing this resource.", code="conflict"),
    ),
    Fault("rate-limit", "429 with retry-after-ms: 40", ANY, _too_fast(retry_after_ms="40")),
    Fault("rate-limit-seconds", "429 with Retry-After: 3", ANY, _too_fast(retry_after="3")),
    Fault("rate-limit-date", "429 with Retry-After as a date 3 s ahead", ANY, rate_limit_date),
    Fault("rate-limit-long", "429 with Retry-After: 300", ANY, _too_fast(retry_after="300")),
    Fault("rate-limit-bare", "429 that does not say how long to wait", ANY, _too_fast()),
    Fault(
        "rate-limit-odd", "429 with Retry-After: presently", ANY, _too_fast(retry_after="presently")
    ),
    Fault(
        "quota",
        "429 insufficient_quota with x-should-retry: false",
        ANY,
        _refusal(
            429,
            "The quota of this project is used up.",
            code="insufficient_quota",
            kind="insufficient_quota",
            x_should_retry="false",
        ),
    ),
    Fault(
        "server-error", "500 with the API's error object", ANY, _refusal(500, _BROKEN, kind=_SERVER)
    ),
    Fault(
        "bad-gateway", "502 with the API's error object", ANY, _refusal(502, _BUSY, kind=_SERVER)
    ),
    Fault("overloaded", "503 with the API's error object", ANY, _refusal(503, _BUSY, kind=_SERVER)),
    Fault(
        "gateway-timeout",
        "504 with the API's error object",
        ANY,
        _refusal(504, _BUSY, kind=_SERVER),
    ),
    Fault(
        "retry-anyway",
        "400 with x-should-retry: true",
        ANY,
        _refusal(400, "A passing confusion of the server.", x_should_retry="true"),
    ),
    Fault(
        "retry-never",
        "503 with x-should-retry: false",
        ANY,
        _refusal(503, _BUSY, kind=_SERVER, x_should_retry="false"),
    ),
)
