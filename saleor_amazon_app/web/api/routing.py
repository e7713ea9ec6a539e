"""How a resource is declared: its address, its permission, its answers, its errors."""

from collections.abc import Callable, Iterator
from http import HTTPStatus
from itertools import chain
from typing import Any, Final, TypeVar

from flask import Response, current_app, request
from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel

from saleor_amazon_app.web.api.auth import PERMISSION, Permission, let_in

PREFIX: Final = "/api/v1"
BRIDGE: Final = "app_bridge"
_PROBLEM: Final = {
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
}
_ERRORS: Final = (
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
_MOST_BYTES: Final = "most_bytes"
_View = TypeVar("_View", bound=Callable[..., Any])


def needs(permission: Permission) -> Callable[[_View], _View]:
    """Name the permission of an endpoint. One that names none answers nobody."""

    def name(view: _View) -> _View:
        setattr(view, PERMISSION, permission)
        return view

    return name


def takes(most_bytes: int) -> Callable[[_View], _View]:
    """Let an endpoint take larger requests than the others, once its caller is let in."""

    def name(view: _View) -> _View:
        setattr(view, _MOST_BYTES, most_bytes)
        return view

    return name


class Resource(APIBlueprint):
    """A group of endpoints. Who may call is settled before anything of the call is looked at."""

    def __init__(self, name: str, import_name: str) -> None:
        super().__init__(
            f"api_{name}",
            import_name,
            url_prefix=PREFIX,
            abp_tags=[Tag(name=name)],
            abp_responses={error: dict(_PROBLEM) for error in _ERRORS},
            operation_id_callback=_operation_id,
        )
        self.before_request(_admit)

    def _collect_openapi_info(self, rule: str, func: Callable[..., Any], **told: Any) -> Any:  # noqa: ANN401 - the library's
        """Describe the endpoint's permission where its security is described."""
        permission: Permission = getattr(func, PERMISSION)
        told["security"] = [{BRIDGE: [permission.value]}]
        return super()._collect_openapi_info(rule, func, **told)


def _operation_id(*, bp_name: str, name: str, path: str, method: str) -> str:  # noqa: ARG001 - the library's
    return name


def _admit() -> None:
    view = current_app.view_functions[request.endpoint or ""]
    let_in(getattr(view, PERMISSION))
    if most := getattr(view, _MOST_BYTES, None):
        request.max_content_length = most


def answer(shape: BaseModel, status: HTTPStatus = HTTPStatus.OK) -> Response:
    """Answer with a shape as JSON."""
    made = Response(shape.model_dump_json(), status, content_type="application/json")
    made.headers["Cache-Control"] = "no-store"
    return made


def nothing() -> Response:
    """Answer that it is done, and that there is nothing to say."""
    return Response(status=HTTPStatus.NO_CONTENT)


CSV: Final[dict[Any, Any]] = {"200": {"content": {"text/csv": {"schema": {"type": "string"}}}}}
NOTHING: Final[dict[Any, Any]] = {"204": None}


def download(parts: Iterator[str], name: str) -> Response:
    """Answer with a file, part by part as it is made; what fails before its first part is told."""
    first = next(parts)
    made = Response(chain([first], parts), content_type="text/csv; charset=utf-8")
    made.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    made.headers["Cache-Control"] = "no-store"
    return made
