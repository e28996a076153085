"""The types of the official SDK, and what stands for each in this program.

To import them takes seconds: a test does so when it runs.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import openai
import openai.types.beta.chatkit as sdk_types
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

from chatkit_tui.models import items, parts, sessions, tasks, threads
from chatkit_tui.sources.openai import AsyncPage
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
    sdk_types.ChatKitAttachment: parts.Attachment,
    sdk_types.ChatKitResponseOutputText: parts.OutputText,
    output_text.AnnotationFile: parts.Annotation,
    output_text.AnnotationFileSource: parts.AnnotationSource,
    output_text.AnnotationURL: parts.Annotation,
    output_text.AnnotationURLSource: parts.AnnotationSource,
    sdk_types.ChatKitThread: threads.Thread,
    chatkit_thread.StatusActive: threads.ThreadStatus,
    chatkit_thread.StatusLocked: threads.ThreadStatus,
    chatkit_thread.StatusClosed: threads.ThreadStatus,
    sdk_types.ChatKitThreadAssistantMessageItem: items.AssistantMessage,
    sdk_types.ChatKitThreadUserMessageItem: items.UserMessage,
    user_message.ContentInputText: parts.InputText,
    user_message.ContentQuotedText: parts.QuotedText,
    user_message.InferenceOptions: parts.InferenceOptions,
    user_message.InferenceOptionsToolChoice: parts.ToolChoice,
    sdk_types.ChatKitWidgetItem: items.WidgetItem,
    sdk_types.ChatKitThreadItemList: AsyncPage,
    item_list.DataChatKitClientToolCall: items.ClientToolCall,
    item_list.DataChatKitTask: items.Task,
    item_list.DataChatKitTaskGroup: items.TaskGroup,
    item_list.DataChatKitTaskGroupTask: tasks.GroupedTask,
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
