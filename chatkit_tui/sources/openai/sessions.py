"""Sessions: create and cancel. The API has no call that lists or retrieves them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias, Unpack

from chatkit_tui.errors import InvalidArgumentError
from chatkit_tui.sources.http.executor import RequestExecutor
from chatkit_tui.sources.http.request import Extras, Request, build_request, path_segment

if TYPE_CHECKING:
    from chatkit_tui.models.sessions import (
        ConfigurationRequest,
        ExpiresAfter,
        RateLimitsRequest,
        Session,
        SessionRequest,
        WorkflowRequest,
    )

Fields: TypeAlias = Mapping[str, Any]

_LIMITS = {
    "string_too_short": "must have at least {min_length} character",
    "string_too_long": "must have at most {max_length} characters",
    "too_long": "must have at most {max_length} entries",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "missing": "is required",
    "extra_forbidden": "is not a field of the API",
    "literal_error": "must be {expected}",
    "string_type": "must be text",
    "string_unicode": "holds an unpaired surrogate",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "dict_type": "must be an object",
    "model_type": "must be an object",
}


class Sessions:
    """`client.sessions`, with the names and keywords of the official SDK.

    Both methods take `extra_headers`, `extra_query` and `extra_body`, which win over what the
    method itself sends, and a `timeout` in seconds for this call alone. Both raise
    `InvalidArgumentError` before anything is sent, `ReadOnlyError` in read-only mode, and an
    `APIError` when the call fails.
    """

    def __init__(self, executor: RequestExecutor) -> None:
        self._executor = executor

    async def create(
        self,
        *,
        user: str,
        workflow: WorkflowRequest | Fields,
        chatkit_configuration: ConfigurationRequest | Fields | None = None,
        expires_after: ExpiresAfter | Fields | None = None,
        rate_limits: RateLimitsRequest | Fields | None = None,
        **extras: Unpack[Extras],
    ) -> Session:
        """Create a session, within the limits of `SessionRequest`.

        It is retried only if it certainly did not arrive, or if the server requests that
        (`x-should-retry`): a second arrival would create a second session. Raises
        `OutcomeUnknownError` when it went out and no answer came.
        """
        wanted = _checked(
            user=user,
            workflow=workflow,
            chatkit_configuration=chatkit_configuration,
            expires_after=expires_after,
            rate_limits=rate_limits,
        )
        request = Request(
            "POST",
            "/chatkit/sessions",
            subject=f"workflow {wanted.workflow.id}",
            effect="the session was made",
            repeatable=False,
            way_on="Create another if need be: an unused one ends within 10 minutes.",
            brings_secret=True,
            if_missing="Check the workflow's id and the key's project.",
        )
        body = wanted.model_dump(mode="json", exclude_none=True)
        call = build_request(request, extras, body=body)
        answer = await self._executor.answer(call)
        return await self._executor.read(answer, call, partial(_read, keep_secret=True))

    async def cancel(self, session_id: str, **extras: Unpack[Extras]) -> Session:
        """Cancel a session, so that its client secret is invalid.

        Raise `NotFoundError` if this account has no such session.
        """
        request = Request(
            "POST",
            f"/chatkit/sessions/{path_segment(session_id, 'session_id')}/cancel",
            subject=f"session {session_id}",
            effect="the session was cancelled",
        )
        call = build_request(request, extras)
        answer = await self._executor.answer(call)
        return await self._executor.read(answer, call, _read)


# The models are imported by the first call that needs them: no screen opens with a session.


def _read(raw: bytes, *, keep_secret: bool = False) -> Session:
    from chatkit_tui.models.sessions import Session

    return Session.from_answer(raw, keep_secret=keep_secret)


def _checked(**fields: object) -> SessionRequest:
    """Return the model of a session. Raise `InvalidArgumentError` with the first invalid field."""
    from pydantic import ValidationError

    from chatkit_tui.models.sessions import SessionRequest

    given = {
        name: dict(value) if isinstance(value, Mapping) else value for name, value in fields.items()
    }
    try:
        return SessionRequest.model_validate(given)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
    steps = [str(step) for step in faults[0]["loc"]]
    if steps[:2] == ["workflow", "state_variables"] and len(steps) > 2:
        param = ".".join(steps[:3])
        words = (
            "must have a name of at most 64 characters"
            if "[key]" in steps
            else "must be text, a number, true or false"
        )
    else:
        param = ".".join(steps)
        words = _LIMITS.get(faults[0]["type"], faults[0]["msg"]).format(**faults[0].get("ctx", {}))
    raise InvalidArgumentError(f"{param} {words}.", param=param)
