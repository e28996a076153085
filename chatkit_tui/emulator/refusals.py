"""What the emulator refuses, in the shape of the API's errors."""

from __future__ import annotations

from chatkit_tui.emulator.calls import JSON, Answer
from chatkit_tui.emulator.demo import WORKFLOWS


class RefusedError(Exception):
    """A request that is answered with an error object."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        param: str | None = None,
        code: str | None = None,
        kind: str = "invalid_request_error",
    ) -> None:
        super().__init__(message)
        self.answer = error_answer(status, message, param=param, code=code, kind=kind)


def error_answer(
    status: int,
    message: str,
    *,
    param: str | None = None,
    code: str | None = None,
    kind: str = "invalid_request_error",
) -> Answer:
    """An answer with an error object; `kind` is its `type`."""
    error: JSON = {"message": message, "type": kind, "param": param, "code": code}
    return Answer(status, {"error": error})


def no_key() -> RefusedError:
    """401 for a request without credentials; the API gives it no code."""
    return RefusedError(401, "No credentials came in the Authorization header; send 'Bearer KEY'.")


def wrong_key(key: str) -> RefusedError:
    """401 for a key that is not accepted; the message shows at most its last four characters."""
    hint = f"****{key[-4:]}" if len(key) > 8 else "****"
    return RefusedError(401, f"Incorrect API key provided: {hint}.", code="invalid_api_key")


def no_beta() -> RefusedError:
    """400 for a request without the header that opts in to the beta."""
    return RefusedError(
        400,
        "The ChatKit API needs the header 'OpenAI-Beta: chatkit_beta=v1' on every request.",
        code="invalid_beta",
    )


def missing(param: str) -> RefusedError:
    """400 for a required parameter that is not there; `param` is its dotted name."""
    return RefusedError(
        400,
        f"Missing required parameter: '{param}'.",
        param=param,
        code="missing_required_parameter",
    )


def invalid(param: str, why: str, *, code: str = "invalid_value") -> RefusedError:
    """400 for a value that is outside its limits or of another type."""
    return RefusedError(400, f"Invalid '{param}': {why}", param=param, code=code)


def unknown_parameter(param: str) -> RefusedError:
    """400 for a parameter that the API does not have."""
    return RefusedError(
        400, f"Unknown parameter: '{param}'.", param=param, code="unknown_parameter"
    )


def unknown_cursor(param: str, cursor: str) -> RefusedError:
    """400 for a cursor that is no row of the list, a deleted row included."""
    return invalid(param, f"no row of this list has the id '{cursor}'.")


def unknown_thread(thread_id: str) -> RefusedError:
    """404 for a thread that does not exist, or does not exist any more."""
    return RefusedError(404, f"Thread with id '{thread_id}' not found.", param="thread_id")


def unknown_session(session_id: str) -> RefusedError:
    """404 for a session that was not made here."""
    return RefusedError(404, f"Session with id '{session_id}' not found.", param="session_id")


def unknown_workflow(workflow_id: str) -> RefusedError:
    """404 for a workflow that does not exist; the message lists those that do."""
    known = ", ".join(WORKFLOWS)
    return RefusedError(
        404, f"Workflow with id '{workflow_id}' not found. This emulator knows {known}."
    )


def unknown_path(method: str, path: str) -> RefusedError:
    """404 for a path that is not one of the six calls, as with a wrong base URL."""
    return RefusedError(404, f"Invalid URL ({method} {path})", code="unknown_url")


def wrong_method(method: str, path: str) -> RefusedError:
    """405 for a path that exists with another method."""
    return RefusedError(
        405, f"Method {method} is not allowed on {path}.", code="method_not_allowed"
    )
