"""Answers with a status that is not 2xx."""

from __future__ import annotations

from chatkit_tui.emulator.calls import Answer, Call, Next
from chatkit_tui.emulator.faults.fault import ANY, Act, Fault
from chatkit_tui.emulator.refusals import error_answer


def _refuse(
    status: int,
    message: str,
    *,
    code: str | None = None,
    kind: str = "invalid_request_error",
    **headers: str,
) -> Act:
    """Answer with an error without doing anything."""

    async def act(_call: Call, _go: Next) -> Answer:
        return error_answer(status, message, code=code, kind=kind).with_headers(**headers)

    return act


_BUSY = "The server is overloaded at the moment. Try again in a while."
_BROKEN = "Something went wrong on the server while it handled the request."
_SLOW_DOWN = "Rate limit reached for this project: 60 requests a minute."

STATUS_FAULTS = (
    Fault(
        "unauthorized",
        "401: the key was revoked",
        ANY,
        _refuse(401, "This API key has been revoked.", code="invalid_api_key"),
    ),
)
