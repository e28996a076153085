"""Every field of every type of the official SDK is in a model.

A release of the SDK that adds a type or a field fails here, which is how we learn of it.
"""

from __future__ import annotations

import typing
from typing import Any

import pytest

from chatkit_tui.models import items
from chatkit_tui.sources.http.request import Extras
from chatkit_tui.sources.openai import AsyncPage
from chatkit_tui.sources.openai.sessions import Sessions
from chatkit_tui.sources.openai.threads import Threads


@pytest.fixture
def sdk() -> Any:
    """The types of the SDK."""
    from tests.sources import sdk_types

    return sdk_types


def test_every_response_type_of_the_sdk_has_a_model(sdk: Any) -> None:
    assert sdk.sdk_responses() == set(sdk.RESPONSES)


def test_every_request_type_of_the_sdk_has_a_model_or_a_method(sdk: Any) -> None:
    assert sdk.sdk_requests() == set(sdk.REQUESTS) | set(sdk.LISTS)


def test_every_field_of_a_response_is_in_the_model(sdk: Any) -> None:
    missing = {}
    for theirs, ours in sdk.RESPONSES.items():
        fields = set(dir(ours)) if ours is AsyncPage else set(ours.model_fields)
        missing[theirs.__name__] = set(theirs.model_fields) - fields
    assert {name: fields for name, fields in missing.items() if fields} == {}


def test_every_field_of_a_request_is_in_the_model(sdk: Any) -> None:
    theirs = {model.__name__: set(model.__annotations__) for model in sdk.REQUESTS}
    assert theirs == {
        model.__name__: set(ours.model_fields) for model, ours in sdk.REQUESTS.items()
    }


def test_every_parameter_of_a_list_method_exists(sdk: Any) -> None:
    for theirs, ours in sdk.LISTS.items():
        assert set(theirs.__annotations__) <= set(ours.__annotations__), theirs.__name__


def test_every_item_type_of_the_sdk_is_known(sdk: Any) -> None:
    union = typing.get_args(sdk.item_list.Data)[0]
    theirs = {
        typing.get_args(model.model_fields["type"].annotation)[0]
        for model in typing.get_args(union)
    }
    assert theirs <= {f"chatkit.{name}" for name in items.KNOWN_ITEMS}


def keywords_of(method: Any) -> set[str]:
    """The keywords of one of our methods, those of every method included."""
    named = set(method.__annotations__) - {"return"}
    assert method.__annotations__["extras"] == "Unpack[Extras]"
    return named - {"extras"} | set(Extras.__annotations__)


@pytest.mark.parametrize(
    ("resource", "ours"),
    [
        ("AsyncSessions", Sessions),
        ("AsyncThreads", Threads),
    ],
)
def test_every_method_of_the_sdk_is_there_with_its_keywords(
    sdk: Any, resource: str, ours: Any
) -> None:
    theirs = getattr(sdk.openai.resources.beta.chatkit, resource)
    methods = [
        name
        for name, value in vars(theirs).items()
        if callable(value) and not name.startswith(("_", "with_"))
    ]
    assert methods
    for name in methods:
        keywords = set(getattr(theirs, name).__annotations__) - {"return"}
        assert keywords == keywords_of(getattr(ours, name))
