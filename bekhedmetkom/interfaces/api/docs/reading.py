"""The OpenAPI document as a person reads it: operations, and their fields as flat lists."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

Schema = Mapping[str, Any]
DEEPEST = 3  # levels of fields in fields


class Field(NamedTuple):
    """`name` is the path to it (`applicant.phone`, `items[].code`), `of` its type or its values."""

    name: str
    of: str
    required: bool
    about: str


class Answer(NamedTuple):
    """A status; of problems `about` names the sorts, by which the page explains them."""

    status: str
    about: list[str]
    fields: list[Field]


class Operation(NamedTuple):
    id: str
    part: str
    method: str
    path: str
    about: str
    parameters: list[Field]
    body: list[Field]
    answers: list[Answer]
    problems: list[Answer]


def operations(document: Mapping[str, Any], language: str) -> list[Operation]:
    """Every operation, in the order of the document."""
    schemas = document["components"]["schemas"]
    return [
        _operation(path, method, found, schemas, language)
        for path, methods in document["paths"].items()
        for method, found in methods.items()
    ]


def _operation(path: str, method: str, found: Schema, schemas: Schema, language: str) -> Operation:
    body = found.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    answers = [_answer(str(status), said, schemas) for status, said in found["responses"].items()]
    return Operation(
        id=found["operationId"], part=found["tags"][0], method=method.upper(), path=path,
        about=_plain(found["description"] if language.startswith("en") else found["x-description-ar"]),
        parameters=[
            Field(
                f"{given['name']} ({given['in']})", _type(given["schema"], schemas), given["required"],
                _plain(given.get("description", "")),
            )
            for given in found["parameters"]
        ],
        body=list(_fields(body, schemas)) if body else [],
        answers=[answer for answer in answers if answer.status < "400"],
        problems=sorted(answer for answer in answers if answer.status >= "400"),
    )  # fmt: skip


def _plain(markdown: str) -> str:
    return markdown.replace("`", "")


def _answer(status: str, said: Schema, schemas: Schema) -> Answer:
    if status >= "400":
        return Answer(status, said["description"].partition(": ")[2].split(", "), [])
    content = said.get("content")  # 204 has none
    return Answer(
        status, [], list(_fields(content["application/json"]["schema"], schemas)) if content else []
    )


def _fields(schema: Schema, schemas: Schema, before: str = "", depth: int = DEEPEST) -> Iterator[Field]:
    """The fields of an object and of the objects in it; of alternatives those of the first."""
    schema = _resolved(schema, schemas)
    for name, one in schema.get("properties", {}).items():
        path, inner = f"{before}{name}", _resolved(one, schemas)
        about = one.get("description") or ("" if "properties" in inner else inner.get("description", ""))
        yield Field(path, _type(one, schemas), name in schema.get("required", ()), _plain(about))
        if depth and inner.get("type") == "array":
            yield from _fields(inner["items"], schemas, f"{path}[].", depth - 1)
        elif depth:
            yield from _fields(inner, schemas, f"{path}.", depth - 1)


def _resolved(schema: Schema, schemas: Schema) -> Schema:
    """The schema itself, behind references and behind being perhaps null."""
    if "$ref" in schema:
        return _resolved(schemas[schema["$ref"].rsplit("/", 1)[1]], schemas)
    for several in ("anyOf", "allOf"):
        if several in schema:
            return _resolved(next(one for one in schema[several] if one.get("type") != "null"), schemas)
    return schema


def _type(schema: Schema, schemas: Schema) -> str:
    """`string`, `integer | null`, `a, b or c`, `list of object`."""
    if "anyOf" in schema:
        return " | ".join(_type(one, schemas) for one in schema["anyOf"])
    found = _resolved(schema, schemas)
    if "const" in found:
        return f'"{found["const"]}"'
    if "enum" in found:
        return " | ".join(f'"{value}"' for value in found["enum"])
    if found.get("type") == "array":
        return f"[{_type(found['items'], schemas)}]"
    return str(found.get("format") or found.get("type", ""))
