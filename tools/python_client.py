"""Generate clients/python/bekhedmetkom_client/api.py from the API's OpenAPI document.

python tools/python_client.py            write it
python tools/python_client.py --check    exit with 1 if the file is out of date
"""

import keyword
import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
OUTPUT_PATH = ROOT / "clients" / "python" / "bekhedmetkom_client" / "api.py"
TYPE_NAMES = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
CLIENT_HEADERS = {"Authorization"}  # headers that the transport sends
HEAD = '''"""Client of Bekhedmetkom's API, generated from OpenAPI by tools/python_client.py. Do not edit."""

from __future__ import annotations

from typing import {names}

from .transport import ApiTransport, quote_path
'''


def render_client(document: Mapping[str, Any]) -> str:
    """Return the formatted source of the module."""
    schemas = document["components"]["schemas"]
    parts = [
        _render_typed_dict(name, schema) for name, schema in sorted(schemas.items()) if "properties" in schema
    ]
    parts += [
        _render_alias(name, schema) for name, schema in sorted(schemas.items()) if "properties" not in schema
    ]
    parts.append('class Client(ApiTransport):\n    """One method for each operation of the API."""\n')
    parts += [
        _render_method(path, verb, operation)
        for path, operations in document["paths"].items()
        for verb, operation in operations.items()
    ]
    text = "\n\n".join(parts)
    names = [
        name
        for name in ("Any", "Literal", "NotRequired", "TypeAlias", "TypedDict")
        if re.search(rf"\b{name}\b", text)
    ]
    text = f"{HEAD.format(names=', '.join(names))}\n\n{text}"
    command = [sys.executable, "-m", "ruff", "format", "--stdin-filename", str(OUTPUT_PATH), "-"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True, cwd=ROOT).stdout


def _render_typed_dict(name: str, schema: Mapping[str, Any]) -> str:
    required = set(schema.get("required", ()))
    fields = {
        field: _render_type(of) if field in required else f"NotRequired[{_render_type(of)}]"
        for field, of in schema["properties"].items()
    }
    if any(keyword.iskeyword(field) or not field.isidentifier() for field in fields):
        lines = ", ".join(f"{field!r}: {of!r}" for field, of in fields.items())
        return f"{_get_type_name(name)} = TypedDict({_get_type_name(name)!r}, {{{lines}}})"
    said = _render_docstring(schema.get("description", ""), 4)
    body = "".join(f"    {field}: {of}\n" for field, of in fields.items())
    return f"class {_get_type_name(name)}(TypedDict):\n{said}{body or '    pass'}"


def _render_alias(name: str, schema: Mapping[str, Any]) -> str:
    """Return a type alias; quoted unless it is an enumeration, because it may name classes defined later."""
    kind = _render_type(schema)
    return f"{_get_type_name(name)}: TypeAlias = {kind if 'enum' in schema else repr(kind)}"


def _render_type(schema: Mapping[str, Any]) -> str:
    match schema:
        case {"$ref": ref}:
            return _get_type_name(ref.rpartition("/")[2])
        case {"const": value}:
            return f"Literal[{value!r}]"
        case {"enum": values}:
            return f"Literal[{', '.join(map(repr, values))}]"
        case {"anyOf": options} | {"oneOf": options}:
            return " | ".join(dict.fromkeys(map(_render_type, options)))
        case {"allOf": [one]}:
            return _render_type(one)
        case {"type": "array"}:
            return f"list[{_render_type(schema.get('items', {}))}]"
        case {"type": "object"}:
            inside = schema.get("additionalProperties")
            return f"dict[str, {_render_type(inside) if isinstance(inside, Mapping) else 'Any'}]"
        case {"type": plain} if plain in TYPE_NAMES:
            return TYPE_NAMES[plain]
        case _:
            return "Any"


def _render_method(path: str, verb: str, operation: Mapping[str, Any]) -> str:
    asked = [one for one in operation.get("parameters", ()) if one["name"] not in CLIENT_HEADERS]
    of = {where: [one for one in asked if one["in"] == where] for where in ("path", "query", "header")}
    takes = [f"{_get_argument_name(one)}: {_render_type(one['schema'])}" for one in of["path"]]
    gives = []
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        needed = operation["requestBody"].get("required", False)
        takes.append(
            f"body: {_render_type(content['application/json']['schema'])}"
            + ("" if needed else " | None = None")
        )
        gives.append("body=body" if needed else "body=body or {}")
    elif content:
        takes.append("file: tuple[str, bytes]")
        gives.append("file=file")
    named = sorted([*of["query"], *of["header"]], key=lambda one: not one["required"])
    takes += ["*"] * bool(named) + [
        f"{_get_argument_name(one)}: {_render_type(one['schema'])}"
        if one["required"]
        else f"{_get_argument_name(one)}: {_render_optional(one)} = None"
        for one in named
    ]
    for where, argument in (("query", "query"), ("header", "headers")):
        if of[where]:
            pairs = ", ".join(f'"{one["name"]}": {_get_argument_name(one)}' for one in of[where])
            gives.append(f"{argument}={{{pairs}}}")
    address = re.sub(r"\{(\w+)\}", lambda found: f"{{quote_path({_escape_keyword(found[1])})}}", path)
    address = f'{"f" if "{" in address else ""}"{address}"'
    returns = next(
        _render_return_type(said) for status, said in operation["responses"].items() if int(status) < 300
    )
    said = _render_docstring(operation.get("description") or operation.get("summary", ""), 8)
    call = f"self._call({verb.upper()!r}, {', '.join([address, *gives])})"
    last = (
        f"        {call}\n"
        if returns == "None"
        else f"        result: {returns} = {call}\n        return result\n"
    )
    name, arguments = _escape_keyword(operation["operationId"]), ", ".join(["self", *takes])
    return f"    def {name}({arguments}) -> {returns}:\n{said}{last}"


def _render_return_type(said: Mapping[str, Any]) -> str:
    content = said.get("content", {}).get("application/json")
    return _render_type(content["schema"]) if content else "None"


def _get_argument_name(parameter: Mapping[str, Any]) -> str:
    return _escape_keyword(parameter["name"].lower().replace("-", "_"))


def _render_optional(parameter: Mapping[str, Any]) -> str:
    kind = _render_type(parameter["schema"])
    return kind if kind.endswith("| None") else f"{kind} | None"


def _escape_keyword(name: str) -> str:
    return f"{name}_" if keyword.iskeyword(name) else name


def _get_type_name(schema: str) -> str:
    return re.sub(r"\W", "_", schema)


def _render_docstring(text: str, indent: int) -> str:
    lines = list(_wrap_lines(text, 112 - indent))
    if not lines:
        return ""
    end = '"""' if len(lines) == 1 else f'\n{" " * indent}"""'
    return (
        textwrap.indent('"""' + "\n".join(lines), " " * indent)
        + end
        + "\n\n" * (indent == 4)
        + "\n" * (indent == 8)
    )


def _wrap_lines(text: str, width: int) -> Iterator[str]:
    for line in text.replace('"""', "'''").replace("\\", "").strip().splitlines():
        yield from textwrap.wrap(line.strip(), width) or [""]


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bekhedmetkom.config.settings")
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from bekhedmetkom.interfaces.api.urls import get_openapi_document

    text = render_client(get_openapi_document())
    if "--check" in sys.argv:
        return int(OUTPUT_PATH.read_text("utf-8") != text)
    OUTPUT_PATH.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
