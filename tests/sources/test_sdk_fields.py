"""Every field of every type of the official SDK is in a model.

A release of the SDK that adds a type or a field fails here, which is how we learn of it.
"""

from __future__ import annotations

import importlib
import pkgutil
import typing
from collections.abc import Iterator
from typing import Any

import openai
import openai.types.beta.chatkit as sdk_types
import pytest
import typing_extensions
from openai.types.beta import chatkit_workflow
from openai.types.beta.chatkit import (
    chat_session_chatkit_configuration_param as configuration_param,
)
from openai.types.beta.chatkit import chat_session_expires_after_param as expires_param
from openai.types.beta.chatkit import chat_session_rate_limits_param as rate_limits_param
from openai.types.beta.chatkit import chat_session_workflow_param as workflow_param
from openai.types.beta.chatkit import chatkit_response_output_text as output_text
from openai.types.beta.chatkit import chatkit_thread, session_create_params
from openai.types.beta.chatkit import chatkit_thread_item_list as item_list
from openai.types.beta.chatkit import chatkit_thread_user_message_item as user_message
from openai.types.beta.chatkit import thread_list_items_params as list_items_params
from openai.types.beta.chatkit import thread_list_params as list_params
from pydantic import BaseModel

from chatkit_tui.models import items, sessions, threads
from chatkit_tui.sources.openai import AsyncPage
from chatkit_tui.sources.openai.sessions import Sessions
from chatkit_tui.sources.openai.threads import Threads

RESPONSES: dict[type[Any], type[Any]] = {
    sdk_types.ChatSession: sessions.Session,
    sdk_types.ChatSessionAutomaticThreadTitling: sessions.Switch,
    sdk_types.ChatSessionChatKitConfiguration: sessions.SessionConfiguration,
    sdk_types.ChatSessionFileUpload: sessions.FileUpload,
    sdk_types.ChatSessionHistory: sessions.History,
    sdk_types.ChatSessionRateLimits: sessions.RateLimits,
    chatkit_workflow.ChatKitWorkflow: sessions.Workflow,
    chatkit_workflow.Tracing: sessions.Switch,
    sdk_types.ChatKitAttachment: items.Attachment,
    sdk_types.ChatKitResponseOutputText: items.OutputText,
    output_text.AnnotationFile: items.Annotation,
    output_text.AnnotationFileSource: items.AnnotationSource,
    output_text.AnnotationURL: items.Annotation,
    output_text.AnnotationURLSource: items.AnnotationSource,
    sdk_types.ChatKitThread: threads.Thread,
    chatkit_thread.StatusActive: threads.ThreadStatus,
    chatkit_thread.StatusLocked: threads.ThreadStatus,
    chatkit_thread.StatusClosed: threads.ThreadStatus,
    sdk_types.ChatKitThreadAssistantMessageItem: items.AssistantMessage,
    sdk_types.ChatKitThreadUserMessageItem: items.UserMessage,
    user_message.ContentInputText: items.InputText,
    user_message.ContentQuotedText: items.QuotedText,
    user_message.InferenceOptions: items.InferenceOptions,
    user_message.InferenceOptionsToolChoice: items.ToolChoice,
    sdk_types.ChatKitWidgetItem: items.WidgetItem,
    sdk_types.ChatKitThreadItemList: AsyncPage,
    item_list.DataChatKitClientToolCall: items.ClientToolCall,
    item_list.DataChatKitTask: items.Task,
    item_list.DataChatKitTaskGroup: items.TaskGroup,
    item_list.DataChatKitTaskGroupTask: items.GroupedTask,
    sdk_types.ThreadDeleteResponse: threads.ThreadDeleted,
}

REQUESTS: dict[Any, type[BaseModel]] = {
    session_create_params.SessionCreateParams: sessions.SessionRequest,
    workflow_param.ChatSessionWorkflowParam: sessions.WorkflowRequest,
    workflow_param.Tracing: sessions.SwitchRequest,
    expires_param.ChatSessionExpiresAfterParam: sessions.ExpiresAfter,
    rate_limits_param.ChatSessionRateLimitsParam: sessions.RateLimitsRequest,
    configuration_param.ChatSessionChatKitConfigurationParam: sessions.ConfigurationRequest,
    configuration_param.AutomaticThreadTitling: sessions.SwitchRequest,
    configuration_param.FileUpload: sessions.FileUploadRequest,
    configuration_param.History: sessions.HistoryRequest,
}

LISTS: dict[Any, Any] = {
    list_params.ThreadListParams: Threads.list,
    list_items_params.ThreadListItemsParams: Threads.list_items,
}


def sdk_modules() -> Iterator[Any]:
    for module in pkgutil.iter_modules(sdk_types.__path__, sdk_types.__name__ + "."):
        yield importlib.import_module(module.name)
    yield chatkit_workflow


def sdk_responses() -> set[type[Any]]:
    """Every response type that the SDK declares for ChatKit."""
    return {
        value
        for module in sdk_modules()
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, openai.BaseModel)
        and value is not openai.BaseModel
    }


def sdk_requests() -> set[Any]:
    """Every request type that the SDK declares for ChatKit."""
    return {
        value
        for module in sdk_modules()
        for value in vars(module).values()
        if typing_extensions.is_typeddict(value)
    }


def test_every_response_type_of_the_sdk_has_a_model() -> None:
    assert sdk_responses() == set(RESPONSES)


def test_every_request_type_of_the_sdk_has_a_model_or_a_method() -> None:
    assert sdk_requests() == set(REQUESTS) | set(LISTS)


@pytest.mark.parametrize("theirs", RESPONSES, ids=lambda model: model.__name__)
def test_every_field_of_a_response_is_in_the_model(theirs: type[openai.BaseModel]) -> None:
    ours = RESPONSES[theirs]
    fields = set(dir(ours)) if ours is AsyncPage else set(ours.model_fields)
    assert set(theirs.model_fields) <= fields


@pytest.mark.parametrize("theirs", REQUESTS, ids=lambda model: model.__name__)
def test_every_field_of_a_request_is_in_the_model(theirs: Any) -> None:
    assert set(theirs.__annotations__) == set(REQUESTS[theirs].model_fields)


@pytest.mark.parametrize("theirs", LISTS, ids=lambda model: model.__name__)
def test_every_parameter_of_a_list_method_exists(theirs: Any) -> None:
    assert set(theirs.__annotations__) <= set(LISTS[theirs].__annotations__)


def test_every_item_type_of_the_sdk_is_known() -> None:
    union = typing.get_args(item_list.Data)[0]
    theirs = {
        typing.get_args(model.model_fields["type"].annotation)[0]
        for model in typing.get_args(union)
    }
    assert theirs == {f"chatkit.{name}" for name in items.KNOWN_ITEMS}


@pytest.mark.parametrize(
    ("resource", "ours"),
    [
        (openai.resources.beta.chatkit.AsyncSessions, Sessions),
        (openai.resources.beta.chatkit.AsyncThreads, Threads),
    ],
)
def test_every_method_of_the_sdk_is_there_with_its_keywords(resource: Any, ours: Any) -> None:
    methods = [
        name
        for name, value in vars(resource).items()
        if callable(value) and not name.startswith(("_", "with_"))
    ]
    assert methods
    for name in methods:
        theirs = set(getattr(resource, name).__annotations__) - {"return"}
        assert theirs == set(getattr(ours, name).__annotations__) - {"return"}
