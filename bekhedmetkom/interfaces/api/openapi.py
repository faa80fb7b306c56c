"""The document that describes the API: what django-ninja finds out by itself, and what only we know."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import reduce
from http.client import responses
from operator import or_
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from . import problems
from .problems import Sort
from .schemas import shared

REF = "#/components/schemas/{model}"
BODY = (
    problems.MALFORMED,
    problems.TOO_LARGE,
    problems.NOT_JSON,
    problems.INVALID,
)  # for whatever takes a body
_MODELS: Mapping[Sort, type[BaseModel]] = {
    problems.CHANGED: shared.ChangedMeanwhile,
    problems.NOT_POSSIBLE: shared.NotPossibleNow,
    problems.PROOF_NEEDED: shared.ProofNeeded,
    problems.SAYS_TOO_LITTLE: shared.SaysTooLittle,
    problems.CONFIDENTIAL: shared.UseConfidentialChannel,
}


def answers(
    arabic: str,
    model: Any,
    *sorts: Sort,
    status: int = 200,
    headers: Iterable[Mapping[str, Any]] = (),
    takes: type[BaseModel] | None = None,
) -> dict[str, Any]:
    """What an endpoint can answer, as arguments of its registration: its success, and each problem by name.

    `arabic` says what it does, as its docstring does in English. `headers` and `takes` are what it reads for itself,
    unseen by django-ninja.
    """
    by_status: defaultdict[int, list[Sort]] = defaultdict(list)
    for sort in dict.fromkeys((*sorts, problems.FAULT, problems.UNAVAILABLE)):
        by_status[sort.status].append(sort)
    said = {
        code: {"description": f"{responses[code]}: {', '.join(sort.slug for sort in found)}"}
        for code, found in by_status.items()
    }
    return {
        "response": {status: model} | {code: _model(found) for code, found in by_status.items()},
        "openapi_extra": {"x-description-ar": arabic, "responses": said, "parameters": list(headers)}
        | _body(takes),
    }


def header(name: str, description: str, *, required: bool = True) -> dict[str, Any]:
    """A header that an endpoint reads for itself, as OpenAPI spells a parameter."""
    return {"in": "header", "name": name, "required": required, "description": description,
            "schema": {"type": "string"}}  # fmt: skip


def completed(document: dict[str, Any], bodies: Iterable[type[BaseModel]]) -> dict[str, Any]:
    """The document with problems under their own content type, and the schemas of bodies read by endpoints."""
    for operation in (operation for path in document["paths"].values() for operation in path.values()):
        for status, said in operation["responses"].items():
            if int(status) >= 400:
                said["content"] = {problems.CONTENT_TYPE: said["content"]["application/json"]}
    _, found = models_json_schema([(model, "validation") for model in bodies], ref_template=REF)
    document["components"]["schemas"].update(found.get("$defs", {}))
    return document


def _body(model: type[BaseModel] | None) -> dict[str, Any]:
    """A body that an endpoint reads for itself; `completed` adds the schema that it names."""
    if model is None:
        return {}
    schema = {"$ref": REF.format(model=model.__name__)}
    required = any(field.is_required() for field in model.model_fields.values())
    return {"requestBody": {"required": required, "content": {"application/json": {"schema": schema}}}}


def _model(sorts: list[Sort]) -> Any:
    return reduce(or_, dict.fromkeys(_MODELS.get(sort, shared.ProblemDetails) for sort in sorts))
