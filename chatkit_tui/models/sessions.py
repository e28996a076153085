"""Sessions: what an end user's browser is given to talk to a workflow."""

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

from chatkit_tui.models.fields import JSON, FieldError, LenientModel, Seconds, lenient
from chatkit_tui.models.json import Effort
from chatkit_tui.secrets import CLIENT_SECRET, Secret, client_secrets, holds_secret, redact_known


def _without_secret(text: str) -> str:
    if holds_secret(text):
        raise PydanticCustomError(HOLDS_SECRET, "must not hold a key or a client secret")
    return text


HOLDS_SECRET: Final = "holds_secret"  # noqa: S105 - the type of an error
"""The type of the error of a text that is refused, since the program keeps what is sent."""

SentText: TypeAlias = Annotated[StrictStr, AfterValidator(_without_secret)]

StateValue: TypeAlias = (
    StrictBool | StrictInt | Annotated[StrictFloat, AllowInfNan(False)] | SentText  # noqa: FBT003
)

# -- answers ---------------------------------------------------------------------------------------


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
    """The limits that were resolved."""

    max_requests_per_1_minute: int | None = None


class FileUpload(LenientModel):
    """Whether and what the end user may upload; sizes in megabytes."""

    enabled: bool | None = None
    max_file_size: int | None = None
    max_files: int | None = None


class History(LenientModel):
    """Whether the end user sees earlier threads, and how many; null is all of them."""

    enabled: bool | None = None
    recent_threads: int | None = None


class SessionConfiguration(LenientModel):
    """The features that were resolved."""

    automatic_thread_titling: Annotated[Switch | None, lenient(Switch)] = None
    file_upload: Annotated[FileUpload | None, lenient(FileUpload)] = None
    history: Annotated[History | None, lenient(History)] = None


def _client_secret(value: JSON) -> Secret:
    if not isinstance(value, str):
        raise ValueError("not a text")
    return Secret(value, CLIENT_SECRET)


ClientSecret: TypeAlias = Annotated[Secret, PlainValidator(_client_secret)]


class Session(LenientModel):
    """A session as create and cancel answer it. The client secret never shows in a `repr`."""

    id: str = ""
    """Empty when the server gave none; such a session cannot be cancelled."""
    object: str = "chatkit.session"
    status: str = "unknown"
    """`active`, `expired` or `cancelled`; other words are kept."""
    user: str | None = None
    workflow: Annotated[Workflow | None, lenient(Workflow)] = None
    expires_at: Seconds | None = None
    """Unix seconds."""
    client_secret: ClientSecret | None = None
    """What the end user's browser authenticates with; empty after a cancellation."""
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
        """Make a model of an answer that may repeat its client secret in any field.

        The secret is in `client_secret` alone and, with `keep_secret`, in `raw`. Raises
        `ValueError` when the answer is not a JSON object, and `TooMuchError` when it has too many
        escapes to be searched.
        """
        session = cls.from_json(raw)  # from here on its secret is known
        for found in client_secrets(raw.decode("utf-8", "replace")):
            Secret(found, CLIENT_SECRET)
        redacted = redact_known(raw, spend=Effort().spend)
        if redacted == raw:
            return session
        made = cls.from_json(redacted).with_raw(raw if keep_secret else redacted)
        return made.model_copy(update={"client_secret": session.client_secret})

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """The documented fields alone: another could be a secret under a name that is new."""
        for name, value in super().__repr_args__():
            if name in type(self).model_fields:
                yield name, value

    @property
    def problems(self) -> tuple[FieldError, ...]:
        """As for every model, save that a client secret that did not fit is not shown."""
        return tuple(
            problem._replace(value=None) if problem.path == "client_secret" else problem
            for problem in super().problems
        )


# -- what is sent ----------------------------------------------------------------------------------


class Request(BaseModel):
    """The base of what is sent: strict, closed, checked before it leaves."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, defer_build=True, protected_namespaces=()
    )


class SwitchRequest(Request):
    """A feature to be on or off."""

    enabled: bool | None = None


class WorkflowRequest(Request):
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
    """At most 64 keys of at most 64 characters; text, truth values and numbers."""
    tracing: SwitchRequest | None = None


class ExpiresAfter(Request):
    """When the session ends, counted from its creation."""

    anchor: Literal["created_at"] = "created_at"
    seconds: int = Field(ge=1, le=600)


class RateLimitsRequest(Request):
    """How often the session may ask."""

    max_requests_per_1_minute: int | None = Field(default=None, ge=1)


class FileUploadRequest(Request):
    """Uploads: sizes in megabytes."""

    enabled: bool | None = None
    max_file_size: int | None = Field(default=None, ge=1, le=512)
    max_files: int | None = Field(default=None, ge=1)


class HistoryRequest(Request):
    """Earlier threads that the end user may see."""

    enabled: bool | None = None
    recent_threads: int | None = Field(default=None, ge=1)


class ConfigurationRequest(Request):
    """Features that differ from the server's defaults."""

    automatic_thread_titling: SwitchRequest | None = None
    file_upload: FileUploadRequest | None = None
    history: HistoryRequest | None = None


class SessionRequest(Request):
    """Everything that `sessions.create` can send. What is None is not sent.

    The limits are those of the API's description; its server defaults are 600 seconds, 10
    requests a minute, titling on, uploads off, whole history, tracing on, latest version.
    """

    user: SentText = Field(min_length=1)
    workflow: WorkflowRequest
    expires_after: ExpiresAfter | None = None
    rate_limits: RateLimitsRequest | None = None
    chatkit_configuration: ConfigurationRequest | None = None
