"""One table from errors to HTTP statuses, and OpenAI's error object for every one of them."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

from models.contracts import ModelError
from models.masking import mask
from orchestrator.contracts import ConsultationError
from orchestrator.inert import tagless
from retrievers.contracts import RetrievalError

STATUS: dict[str, int] = {
    "invalid_message": 400,
    "invalid_request": 400,
    "unsupported_parameter": 400,
    "unsupported_format": 400,
    "bad_values": 400,
    "models_do_not_fit": 400,
    "bad_model_request": 400,
    "bad_input": 400,
    "missing_inputs": 400,
    "context_length_exceeded": 400,
    "invalid_api_key": 401,
    "missing_api_key": 401,
    "forbidden": 403,
    "consent_required": 403,
    "session_not_found": 404,
    "no_such_key": 404,
    "no_such_article": 404,
    "no_such_case": 404,
    "no_such_document": 404,
    "no_such_model": 404,
    "no_such_adapter": 404,
    "no_such_calculator": 404,
    "template_not_found": 404,
    "no_such_revision": 404,
    "no_such_pin": 404,
    "no_such_request": 404,
    "not_found": 404,
    "method_not_allowed": 405,
    "request_timeout": 408,
    "session_busy": 409,
    "bad_model_card": 409,
    "bad_policy": 409,
    "bad_settings": 409,
    "model_exists": 409,
    "model_not_addable": 409,
    "model_not_drained": 409,
    "model_not_removable": 409,
    "nothing_asked": 409,
    "no_answer_yet": 409,
    "template_unfit": 409,
    "body_too_large": 413,
    "uri_too_long": 414,
    "unsupported_encoding": 415,
    "rate_limited": 429,
    "quota_exceeded": 429,
    "headers_too_large": 431,
    "no_cjk_font": 501,
    "font_lacks_characters": 501,
    "bad_model_output": 502,
    "overloaded": 503,
    "ingress_unavailable": 503,
    "model_overloaded": 503,
    "retriever_overloaded": 503,
    "model_unavailable": 503,
    "model_out_of_memory": 503,
    "retriever_unavailable": 503,
    "no_model": 503,
    "answer_failed": 503,
    "storage_failed": 503,
    "lease_lost": 503,
    "sealed_data_refused": 503,
    "corrupt_index": 503,
    "deadline_exceeded": 504,
}
RETRY_AFTER_S = {429: "1", 503: "2", 504: "2"}
PARAMETERS = {"no_such_adapter": "model", "context_length_exceeded": "messages"}  # which is at fault
KINDS = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
_NAMES = {404: "not_found", 405: "method_not_allowed", 413: "body_too_large", 401: "invalid_api_key", 403: "forbidden"}


class ApiError(Exception):
    """An error of the HTTP layer itself. Positional: stable code, message, the parameter at fault, and more members
    of the error object.
    """

    def __init__(
        self, code: str, message: str, param: str | None = None, extra: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(code, message, param, extra)
        self.code, self.message, self.param, self.extra = code, message, param, dict(extra or {})


def body(code: str, message: str, param: str | None = None) -> dict[str, Any]:
    """OpenAI's error object. Nothing that a caller sent is told back with effect: no tag, no identity data."""
    message, param = tagless(mask(message)), None if param is None else tagless(mask(param))
    status = STATUS.get(code, 500)
    kind = "server_error" if status >= 500 else KINDS.get(status, "invalid_request_error")
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


BUSY = "服务正忙,暂时不能接受更多请求,请稍后重试。"


def response(code: str, message: str, param: str | None = None, *, retry_after: int | None = None) -> JSONResponse:
    """The error as a response, with Retry-After where trying again may help: `retry_after` seconds, where known."""
    status = STATUS.get(code, 500)
    headers = {"Retry-After": str(retry_after or RETRY_AFTER_S[status])} if status in RETRY_AFTER_S else {}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(body(code, message, param), status_code=status, headers=headers)


def install(app: FastAPI) -> None:
    """Translate every error of the app."""

    @app.exception_handler(ApiError)
    async def _api(request: Request, error: ApiError) -> JSONResponse:
        made = response(error.code, error.message, error.param)
        if error.extra:
            told = body(error.code, error.message, error.param)
            made = JSONResponse({"error": {**told["error"], **error.extra}}, status_code=made.status_code)
        return made

    async def _family(request: Request, error: Exception) -> JSONResponse:
        code = getattr(error, "code", "internal_error")
        return response(code, str(error), PARAMETERS.get(code))

    for family in (ConsultationError, ModelError, RetrievalError):
        app.add_exception_handler(family, _family)

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        # The input itself is not repeated: it may be personal, or not even be encodable.
        first = error.errors()[0]
        # Parts in brackets are pydantic's own: [key] of a mapping.
        where = ".".join(str(part) for part in first["loc"] if part != "body" and not str(part).startswith("["))
        return response("invalid_request", f"请求格式不正确:{where or '正文'}:{first['msg']}", where or None)

    @app.exception_handler(ClientDisconnect)
    async def _left(request: Request, error: ClientDisconnect) -> Response:
        return Response(status_code=499)  # nobody reads it

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> JSONResponse:
        code = _NAMES.get(error.status_code, "invalid_request" if error.status_code < 500 else "internal_error")
        headers = dict(error.headers or {})
        if error.status_code == 405:  # the router names the methods of the first route only
            headers["Allow"] = ", ".join(_methods(request))
        return JSONResponse(body(code, str(error.detail)), status_code=error.status_code, headers=headers)


def _methods(request: Request) -> list[str]:
    """The methods that the path of the request takes: by the API's description, or its own where it is not in there."""
    route = request.scope.get("route")
    described = request.app.openapi()["paths"].get(getattr(route, "path_format", ""))
    return [one.upper() for one in described] if described else sorted(getattr(route, "methods", ("GET",)))
