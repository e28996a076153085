"""The conversion of the input of a user to a valid request."""

from __future__ import annotations

import pytest

from chatkit_tui.models.sessions import RequestModel, SessionRequest
from chatkit_tui.sessions.form import (
    SESSION_FIELDS,
    SessionFieldError,
    read_state_value,
    session_request,
)

REQUIRED = {"user": "ana", "workflow.id": "wf_1"}


def messages(**values: str) -> dict[str, str]:
    paths = {name.replace("__", "."): value for name, value in values.items()}
    with pytest.raises(SessionFieldError) as caught:
        session_request({**REQUIRED, **paths})
    return caught.value.messages


def leaves(model: type[RequestModel], prefix: str = "") -> set[str]:
    """Return the dotted paths of the values in a request model."""
    found: set[str] = set()
    for name, info in model.model_fields.items():
        annotation = info.annotation
        inner = [annotation, *getattr(annotation, "__args__", ())]
        nested = [t for t in inner if isinstance(t, type) and issubclass(t, RequestModel)]
        found |= leaves(nested[0], f"{prefix}{name}.") if nested else {prefix + name}
    return found


def test_every_field_that_can_be_sent_has_a_field_in_the_form() -> None:
    in_form = {field.path for field in SESSION_FIELDS}
    assert leaves(SessionRequest) - in_form == {"expires_after.anchor"}  # it has but one value
    assert in_form <= leaves(SessionRequest)


def test_an_empty_field_is_not_sent() -> None:
    request = session_request(REQUIRED)
    assert request.model_dump(exclude_none=True) == {"user": "ana", "workflow": {"id": "wf_1"}}


def test_every_field_reaches_its_place() -> None:
    request = session_request(
        REQUIRED
        | {
            "workflow.version": "7",
            "workflow.state_variables": 'plan=pro\nseats=12\nbeta=true\nzip="01234"\n',
            "workflow.tracing.enabled": "off",
            "expires_after.seconds": "300",
            "rate_limits.max_requests_per_1_minute": "60",
            "chatkit_configuration.automatic_thread_titling.enabled": "off",
            "chatkit_configuration.file_upload.enabled": "on",
            "chatkit_configuration.file_upload.max_file_size": "16",
            "chatkit_configuration.file_upload.max_files": "3",
            "chatkit_configuration.history.enabled": "on",
            "chatkit_configuration.history.recent_threads": "5",
        }
    )
    assert request.model_dump() == {
        "user": "ana",
        "workflow": {
            "id": "wf_1",
            "version": "7",
            "state_variables": {"plan": "pro", "seats": 12, "beta": True, "zip": "01234"},
            "tracing": {"enabled": False},
        },
        "expires_after": {"anchor": "created_at", "seconds": 300},
        "rate_limits": {"max_requests_per_1_minute": 60},
        "chatkit_configuration": {
            "automatic_thread_titling": {"enabled": False},
            "file_upload": {"enabled": True, "max_file_size": 16, "max_files": 3},
            "history": {"enabled": True, "recent_threads": 5},
        },
    }


@pytest.mark.parametrize("seconds", ["0", "601", "-1", "1.5", "soon", "9" * 19, "9" * 5_000])
def test_an_expiry_outside_the_limits_names_the_limit(seconds: str) -> None:
    assert messages(expires_after__seconds=seconds) == {
        "expires_after.seconds": "Expires after must be 1 to 600 seconds"
    }


@pytest.mark.parametrize("megabytes", ["0", "513"])
def test_an_upload_size_outside_the_limits_names_the_limit(megabytes: str) -> None:
    path = "chatkit_configuration.file_upload.max_file_size"
    with pytest.raises(SessionFieldError, match="Largest upload must be 1 to 512 MB"):
        session_request(REQUIRED | {path: megabytes})


def test_all_missing_fields_are_named_at_once() -> None:
    with pytest.raises(SessionFieldError) as caught:
        session_request({})
    assert set(caught.value.messages) == {"user", "workflow.id"}


@pytest.mark.parametrize("number", ["1" + "0" * 18, "9" * 5_000])
def test_a_number_above_64_bits_is_rejected_without_an_upper_limit(
    number: str,
) -> None:
    assert messages(rate_limits__max_requests_per_1_minute=number) == {
        "rate_limits.max_requests_per_1_minute": (
            "Requests a minute must be a whole number of 1 or more"
        )
    }


def test_everything_that_is_wrong_is_named_at_once_in_the_order_of_the_form() -> None:
    with pytest.raises(SessionFieldError) as caught:
        session_request(
            {
                "workflow.id": "wf_1",
                "workflow.state_variables": f"{'n' * 65}=1",
                "expires_after.seconds": "601",
                "rate_limits.max_requests_per_1_minute": "often",
                "chatkit_configuration.file_upload.max_file_size": "513",
            }
        )
    assert list(caught.value.messages) == [
        "user",
        "workflow.state_variables",
        "expires_after.seconds",
        "rate_limits.max_requests_per_1_minute",
        "chatkit_configuration.file_upload.max_file_size",
    ]


def test_fields_of_a_workflow_without_an_id_are_checked() -> None:
    with pytest.raises(SessionFieldError) as caught:
        session_request({"user": "ada", "workflow.state_variables": f"{'n' * 65}=1"})
    assert list(caught.value.messages) == ["workflow.id", "workflow.state_variables"]


def test_the_65th_state_variable_is_rejected() -> None:
    lines = "\n".join(f"name{n}={n}" for n in range(65))
    assert "at most 64" in messages(workflow__state_variables=lines)["workflow.state_variables"]


def test_a_state_variable_with_a_name_of_65_characters_is_rejected() -> None:
    found = messages(workflow__state_variables=f"{'n' * 65}=1")
    assert "at most 64 characters" in found["workflow.state_variables"]


def test_a_line_without_an_equals_sign_is_named_by_its_number() -> None:
    found = messages(workflow__state_variables="plan=pro\nbroken")
    assert found["workflow.state_variables"] == "State variables: line 2 is not NAME=VALUE"


def test_a_repeated_name_is_rejected() -> None:
    found = messages(workflow__state_variables="plan=pro\nplan=free")
    assert "line 2 repeats 'plan'" in found["workflow.state_variables"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("pro", "pro"),
        ("12", 12),
        ("1.5", 1.5),
        ("true", True),
        ('"12"', "12"),
        ("", ""),
        ("null", "null"),
        ("[1]", "[1]"),
        ("NaN", "NaN"),
        ("01", "01"),
        ("[" * 100_000, "[" * 100_000),
    ],
)
def test_a_state_value_is_read_as_json_or_as_text(text: str, value: object) -> None:
    read = read_state_value(text)
    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize("user", [" ana ", "ana\u00a0", '"ana"', "ana,"])
def test_a_user_is_sent_as_it_is(user: str) -> None:
    assert session_request(REQUIRED | {"user": user}).user == user


@pytest.mark.parametrize("path", ["user", "workflow.id", "workflow.version"])
def test_a_control_character_in_a_name_is_rejected(path: str) -> None:
    assert "control character" in messages(**{path.replace(".", "__"): "a\rb"})[path]
