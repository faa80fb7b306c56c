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
from .problems import ProblemType
from .schemas import shared

SCHEMA_REF = "#/components/schemas/{model}"
BODY_PROBLEMS = (
    problems.MALFORMED_REQUEST,
    problems.TOO_LARGE,
    problems.NOT_JSON,
    problems.INVALID_FIELDS,
)  # for whatever takes a body
_PROBLEM_MODELS: Mapping[ProblemType, type[BaseModel]] = {
    problems.CHANGED_MEANWHILE: shared.ChangedMeanwhileOut,
    problems.NOT_POSSIBLE: shared.NotPossibleNowOut,
    problems.PROOF_NEEDED: shared.ProofNeededOut,
    problems.SAYS_TOO_LITTLE: shared.SaysTooLittleOut,
    problems.USE_CONFIDENTIAL_CHANNEL: shared.UseConfidentialChannelOut,
}


def document_responses(
    arabic: str,
    model: Any,
    *sorts: ProblemType,
    status: int = 200,
    headers: Iterable[Mapping[str, Any]] = (),
    takes: type[BaseModel] | None = None,
) -> dict[str, Any]:
    """What an endpoint can answer, as arguments of its registration: its success, and each problem by name.

    `arabic` says what it does, as its docstring does in English. `headers` and `takes` are what it reads for itself,
    unseen by django-ninja.
    """
    by_status: defaultdict[int, list[ProblemType]] = defaultdict(list)
    for sort in dict.fromkeys((*sorts, problems.SERVER_ERROR, problems.UNAVAILABLE)):
        by_status[sort.status].append(sort)
    said = {
        code: {"description": f"{responses[code]}: {', '.join(sort.slug for sort in found)}"}
        for code, found in by_status.items()
    }
    return {
        "response": {status: model}
        | {code: _build_problem_model(found) for code, found in by_status.items()},
        "openapi_extra": {"x-description-ar": arabic, "responses": said, "parameters": list(headers)}
        | _document_body(takes),
    }


def document_header(name: str, description: str, *, required: bool = True) -> dict[str, Any]:
    """A header that an endpoint reads for itself, as OpenAPI spells a parameter."""
    return {"in": "header", "name": name, "required": required, "description": description,
            "schema": {"type": "string"}}  # fmt: skip


def complete_document(document: dict[str, Any], bodies: Iterable[type[BaseModel]]) -> dict[str, Any]:
    """The document with problems under their own content type, and the schemas of bodies read by endpoints."""
    for operation in (operation for path in document["paths"].values() for operation in path.values()):
        for status, said in operation["responses"].items():
            if int(status) >= 400:
                said["content"] = {problems.CONTENT_TYPE: said["content"]["application/json"]}
    _, found = models_json_schema([(model, "validation") for model in bodies], ref_template=SCHEMA_REF)
    document["components"]["schemas"].update(found.get("$defs", {}))
    return document


def _document_body(model: type[BaseModel] | None) -> dict[str, Any]:
    """A body that an endpoint reads for itself; `completed` adds the schema that it names."""
    if model is None:
        return {}
    schema = {"$ref": SCHEMA_REF.format(model=model.__name__)}
    required = any(field.is_required() for field in model.model_fields.values())
    return {"requestBody": {"required": required, "content": {"application/json": {"schema": schema}}}}


def _build_problem_model(sorts: list[ProblemType]) -> Any:
    return reduce(or_, dict.fromkeys(_PROBLEM_MODELS.get(sort, shared.ProblemOut) for sort in sorts))
