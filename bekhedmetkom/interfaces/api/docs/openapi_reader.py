"""The OpenAPI document as a person reads it: operations, and their fields as flat lists."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

Schema = Mapping[str, Any]
MAX_DEPTH = 3  # levels of fields in fields


class FieldDoc(NamedTuple):
    """`name` is the path to it (`applicant.phone`, `items[].code`), `of` its type or its values."""

    name: str
    type: str
    required: bool
    description: str


class ResponseDoc(NamedTuple):
    """A status; of problems `about` names the sorts, by which the page explains them."""

    status: str
    problem_slugs: list[str]
    fields: list[FieldDoc]


class OperationDoc(NamedTuple):
    id: str
    section: str
    method: str
    path: str
    description: str
    parameters: list[FieldDoc]
    body: list[FieldDoc]
    responses: list[ResponseDoc]
    problems: list[ResponseDoc]


def read_operations(document: Mapping[str, Any], language: str) -> list[OperationDoc]:
    """Every operation, in the order of the document."""
    schemas = document["components"]["schemas"]
    return [
        _read_operation(path, method, found, schemas, language)
        for path, methods in document["paths"].items()
        for method, found in methods.items()
    ]


def _read_operation(path: str, method: str, found: Schema, schemas: Schema, language: str) -> OperationDoc:
    body = found.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    answers = [_read_response(str(status), said, schemas) for status, said in found["responses"].items()]
    return OperationDoc(
        id=found["operationId"], section=found["tags"][0], method=method.upper(), path=path,
        description=_strip_backticks(found["description"] if language.startswith("en") else found["x-description-ar"]),
        parameters=[
            FieldDoc(
                f"{given['name']} ({given['in']})", _format_type(given["schema"], schemas), given["required"],
                _strip_backticks(given.get("description", "")),
            )
            for given in found["parameters"]
        ],
        body=list(_iterate_fields(body, schemas)) if body else [],
        responses=[answer for answer in answers if answer.status < "400"],
        problems=sorted(answer for answer in answers if answer.status >= "400"),
    )  # fmt: skip


def _strip_backticks(markdown: str) -> str:
    return markdown.replace("`", "")


def _read_response(status: str, said: Schema, schemas: Schema) -> ResponseDoc:
    if status >= "400":
        return ResponseDoc(status, said["description"].partition(": ")[2].split(", "), [])
    content = said.get("content")  # 204 has none
    return ResponseDoc(
        status, [], list(_iterate_fields(content["application/json"]["schema"], schemas)) if content else []
    )


def _iterate_fields(
    schema: Schema, schemas: Schema, before: str = "", depth: int = MAX_DEPTH
) -> Iterator[FieldDoc]:
    """The fields of an object and of the objects in it; of alternatives those of the first."""
    schema = _resolve_schema(schema, schemas)
    for name, one in schema.get("properties", {}).items():
        path, inner = f"{before}{name}", _resolve_schema(one, schemas)
        about = one.get("description") or ("" if "properties" in inner else inner.get("description", ""))
        yield FieldDoc(
            path, _format_type(one, schemas), name in schema.get("required", ()), _strip_backticks(about)
        )
        if depth and inner.get("type") == "array":
            yield from _iterate_fields(inner["items"], schemas, f"{path}[].", depth - 1)
        elif depth:
            yield from _iterate_fields(inner, schemas, f"{path}.", depth - 1)


def _resolve_schema(schema: Schema, schemas: Schema) -> Schema:
    """The schema itself, behind references and behind being perhaps null."""
    if "$ref" in schema:
        return _resolve_schema(schemas[schema["$ref"].rsplit("/", 1)[1]], schemas)
    for several in ("anyOf", "allOf"):
        if several in schema:
            return _resolve_schema(next(one for one in schema[several] if one.get("type") != "null"), schemas)
    return schema


def _format_type(schema: Schema, schemas: Schema) -> str:
    """`string`, `integer | null`, `a, b or c`, `list of object`."""
    if "anyOf" in schema:
        return " | ".join(_format_type(one, schemas) for one in schema["anyOf"])
    found = _resolve_schema(schema, schemas)
    if "const" in found:
        return f'"{found["const"]}"'
    if "enum" in found:
        return " | ".join(f'"{value}"' for value in found["enum"])
    if found.get("type") == "array":
        return f"[{_format_type(found['items'], schemas)}]"
    return str(found.get("format") or found.get("type", ""))
