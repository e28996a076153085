"""Sessions, with which an end user's browser talks to a workflow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import (
    AfterValidator,
    AllowInfNan,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
)
from pydantic_core import PydanticCustomError

from chatkit_tui.models.fields import FieldError, LenientModel, Seconds, lenient
from chatkit_tui.models.json import JSON, Effort
from chatkit_tui.secrets import CLIENT_SECRET, Secret, client_secrets, holds_secret, redact_known


def _without_secret(text: str) -> str:
    if holds_secret(text):
        raise PydanticCustomError(HOLDS_SECRET, "must not hold a key or a client secret")
    return text


HOLDS_SECRET: Final = "holds_secret"  # noqa: S105 - the type of an error
"""The type of a validation error: a secret must not be sent, since requests are recorded."""

SentText: TypeAlias = Annotated[StrictStr, AfterValidator(_without_secret)]

StateValue: TypeAlias = (
    StrictBool | StrictInt | Annotated[StrictFloat, AllowInfNan(False)] | SentText  # noqa: FBT003
)

# -- responses -------------------------------------------------------------------------------------


class Switch(LenientModel):
    """A feature that is on or off: tracing, automatic titling."""

    enabled: bool | None = None


class Workflow(LenientModel):
    """The workflow behind a session."""

    id: str = ""
    version: str | None = None
    """Null for the latest deployment."""
    state_variables: dict[str, JSON] | None = None
    tracing: Annotated[Switch | None, lenient(Switch)] = None


class RateLimits(LenientModel):
    """The limits in effect."""

    max_requests_per_1_minute: int | None = None


class FileUpload(LenientModel):
    """Uploads of the end user; sizes in megabytes."""

    enabled: bool | None = None
    max_file_size: int | None = None
    max_files: int | None = None


class History(LenientModel):
    """Earlier threads that the end user sees; a null number is all."""

    enabled: bool | None = None
    recent_threads: int | None = None


class SessionConfiguration(LenientModel):
    """The features in effect."""

    automatic_thread_titling: Annotated[Switch | None, lenient(Switch)] = None
    file_upload: Annotated[FileUpload | None, lenient(FileUpload)] = None
    history: Annotated[History | None, lenient(History)] = None


def _client_secret(value: JSON) -> Secret:
    if not isinstance(value, str):
        raise ValueError("not a text")
    return Secret(value, CLIENT_SECRET)


ClientSecret: TypeAlias = Annotated[Secret, PlainValidator(_client_secret)]


class Session(LenientModel):
    """A session as create and cancel return it. A `repr` never contains the client secret."""

    id: str = ""
    """Empty if the server sent none; the session cannot be cancelled then."""
    object: str = "chatkit.session"
    status: str = "unknown"
    """`active`, `expired` or `cancelled`; others are unknown."""
    user: str | None = None
    workflow: Annotated[Workflow | None, lenient(Workflow)] = None
    expires_at: Seconds | None = None
    """Unix seconds."""
    client_secret: ClientSecret | None = None
    """The credential of the end user's browser; empty after a cancellation."""
    max_requests_per_1_minute: int | None = None
    rate_limits: Annotated[RateLimits | None, lenient(RateLimits)] = None
    chatkit_configuration: Annotated[SessionConfiguration | None, lenient(SessionConfiguration)] = (
        None
    )
    cancelled_at: Seconds | None = None
    """Unix seconds; only in some documents."""
    ttl_seconds: int | None = None
    """Seconds; only in some documents."""
    scope: dict[str, JSON] | None = None
    """Only in some documents."""
    max_requests_per_session: int | None = None
    """Only in some documents."""

    @classmethod
    def from_answer(cls, raw: bytes, *, keep_secret: bool = False) -> Session:
        """Return the session in a response that may repeat its client secret in any field.

        The secret is only in `client_secret` and, with `keep_secret`, in `raw`. Raise `ValueError`
        if it is not a JSON object, and `TooMuchError` if it has too many escapes.
        """
        session = cls.from_json(raw)  # registers its secret
        for found in client_secrets(raw.decode("utf-8", "replace")):
            Secret(found, CLIENT_SECRET)
        redacted = redact_known(raw, spend=Effort().spend)
        if redacted == raw:
            return session
        made = cls.from_json(redacted).model_copy(update={"client_secret": session.client_secret})
        made._raw = raw if keep_secret else redacted  # noqa: SLF001 - its own
        return made

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Yield the documented fields: others may contain a secret."""
        for name, value in super().__repr_args__():
            if name in type(self).model_fields:
                yield name, value

    @property
    def problems(self) -> tuple[FieldError, ...]:
        """The invalid fields, without the value of the client secret."""
        return tuple(
            problem._replace(value=None) if problem.path == "client_secret" else problem
            for problem in super().problems
        )


# -- requests --------------------------------------------------------------------------------------


class RequestModel(BaseModel):
    """The base of every model of a request: strict, without unknown fields."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, defer_build=True, protected_namespaces=()
    )


class SwitchRequest(RequestModel):
    """A feature to switch on or off."""

    enabled: bool | None = None


class WorkflowRequest(RequestModel):
    """The workflow to run."""

    id: SentText = Field(min_length=1)
    version: SentText | None = None
    """None for the latest deployment."""
    state_variables: (
        dict[
            Annotated[SentText, Field(max_length=64)],
            Annotated[StateValue, Field()],
        ]
        | None
    ) = Field(default=None, max_length=64)
    """At most 64 keys of at most 64 characters; strings, booleans and numbers."""
    tracing: SwitchRequest | None = None


class ExpiresAfter(RequestModel):
    """The lifetime of the session."""

    anchor: Literal["created_at"] = "created_at"
    seconds: int = Field(ge=1, le=600)


class RateLimitsRequest(RequestModel):
    """The rate limits of the session."""

    max_requests_per_1_minute: int | None = Field(default=None, ge=1)


class FileUploadRequest(RequestModel):
    """Uploads: sizes in megabytes."""

    enabled: bool | None = None
    max_file_size: int | None = Field(default=None, ge=1, le=512)
    max_files: int | None = Field(default=None, ge=1)


class HistoryRequest(RequestModel):
    """Earlier threads that the end user sees."""

    enabled: bool | None = None
    recent_threads: int | None = Field(default=None, ge=1)


class ConfigurationRequest(RequestModel):
    """Features that differ from the server's defaults."""

    automatic_thread_titling: SwitchRequest | None = None
    file_upload: FileUploadRequest | None = None
    history: HistoryRequest | None = None


class SessionRequest(RequestModel):
    """The request of `sessions.create`, with the documented limits. None is not sent.

    The server's defaults are 600 seconds, 10 requests per minute, titling on, uploads off, the
    whole history, tracing on, and the latest version.
    """

    user: SentText = Field(min_length=1)
    workflow: WorkflowRequest
    expires_after: ExpiresAfter | None = None
    rate_limits: RateLimitsRequest | None = None
    chatkit_configuration: ConfigurationRequest | None = None
