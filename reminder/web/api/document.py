"""The description of the API (OpenAPI 3.1), made of its calls and their types: `openapi.json`, `/api/openapi.json`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Any, Final

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from reminder.web.api.calls import PREFIX, ApiCall
from reminder.web.api.problems import DETAILS, PROBLEM, ProblemRow

Json = dict[str, Any]

SCHEMAS: Final = "#/components/schemas/{model}"
_QUERY: Final = "Query"
_PATH_PART: Final = re.compile(r"<(?:(\w+):)?(\w+)>")
_PARTS: Final = {"number": "The number that a row has.", "name": "The name of a channel."}
"""What the parts of paths are."""
_INTRODUCTION: Final = (
    "What comes out, who is told and why, for programs. A token of a person lets in"
    " (`reminder web token`); the owner's sees everything, another's only what is theirs. Rows are those of `--json`."
    " Within v1, fields are added and never taken away."
)


class _Plain(GenerateJsonSchema):
    """Leaves out the title that each field would have: it says its name again."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def document(calls: Iterable[ApiCall]) -> Json:
    """Return the description of these calls."""
    everyone = list(calls)
    types = {key: adapter for call in everyone for key, adapter in _types(call)}
    types["problem", "serialization"] = TypeAdapter(ProblemRow)
    inputs = [(key, mode, adapter) for (key, mode), adapter in types.items()]
    found, shared = TypeAdapter.json_schemas(inputs, ref_template=SCHEMAS, schema_generator=_Plain)
    schemas = {name: schema for name, schema in shared.get("$defs", {}).items() if not name.endswith(_QUERY)}
    paths: dict[str, Json] = {}
    for call in everyone:
        paths.setdefault(_path(call.rule), {})[call.method.lower()] = _operation(call, found)
    return {
        "openapi": "3.1.0",
        "info": {"title": "reminder", "version": "1", "description": _INTRODUCTION},
        "servers": [{"url": PREFIX}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": dict(_refusals(found)),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "A token of a person: `rt_…`."}
            },
        },
    }


def document_text(calls: Iterable[ApiCall]) -> str:
    """Return the description as the committed file holds it."""
    return json.dumps(document(calls), indent=2, ensure_ascii=False) + "\n"


def _types(call: ApiCall) -> Iterator[tuple[tuple[str, Any], TypeAdapter[Any]]]:
    yield (f"{call.name} answer", "serialization"), TypeAdapter(call.answer)
    for part, model in (("query", call.query), ("body", call.body)):
        if model is not None:
            yield (f"{call.name} {part}", "validation"), TypeAdapter(model)


def _path(rule: str) -> str:
    return _PATH_PART.sub(r"{\2}", rule)


def _operation(call: ApiCall, found: Any) -> Json:
    refused = {400, 401, 403, 404, 415, 429, 503}
    refused -= {415} if call.body is None else set()
    answer: Json = {"description": call.says, "content": _json(found[f"{call.name} answer", "serialization"])}
    headers = _headers(call)
    operation: Json = {
        "operationId": call.name,
        "summary": call.says,
        "parameters": [*_path_parameters(call), *_query_parameters(call)],
        "responses": {
            str(call.status): {**answer, **({"headers": headers} if headers else {})},
            **({"304": {"description": "Nothing has changed since the answer with this ETag."}} if headers else {}),
            **{str(status): {"$ref": f"#/components/responses/{status}"} for status in sorted(refused)},
        },
    }
    if call.body is not None:
        operation["requestBody"] = {"required": True, "content": _json(found[f"{call.name} body", "validation"])}
    return operation


def _json(schema: Json) -> Json:
    return {"application/json": {"schema": schema}}


def _headers(call: ApiCall) -> Json:
    if call.method != "GET":
        return {}
    text = {"type": "string"}
    link = {"Link": {"description": 'Where the next page is (`rel="next"`), if there is one.', "schema": text}}
    etag = {"ETag": {"description": "To be sent back as If-None-Match.", "schema": text}}
    return {**etag, **(link if call.is_paged else {})}


def _path_parameters(call: ApiCall) -> Iterator[Json]:
    for kind, name in _PATH_PART.findall(call.rule):
        schema = {"type": "integer", "minimum": 0} if kind == "int" else {"type": "string"}
        yield {"name": name, "in": "path", "required": True, "description": _PARTS[name], "schema": schema}


def _query_parameters(call: ApiCall) -> Iterator[Json]:
    if call.query is None:
        return
    model = call.query.model_json_schema(ref_template=SCHEMAS, schema_generator=_Plain)
    for name, schema in model["properties"].items():
        yield {"name": name, "in": "query", "description": schema["description"], "schema": _of_parameter(schema)}


def _of_parameter(schema: Json) -> Json:
    """Return the schema of a parameter as it is when it is there: one that may be left out is never null."""
    known = {key: value for key, value in schema.items() if key != "description"}
    if known.get("default", True) is None:
        del known["default"]
        (given,) = (each for each in known.pop("anyOf") if each != {"type": "null"})
        return {**known, **given}
    return known


def _refusals(found: Any) -> Iterator[tuple[str, Json]]:
    schema = found["problem", "serialization"]
    for status, detail in DETAILS.items():
        answer = {"description": f"{HTTPStatus(status).phrase}. {detail}", "content": {PROBLEM: {"schema": schema}}}
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            answer["headers"] = {
                "Retry-After": {"description": "How many seconds to wait.", "schema": {"type": "integer"}}
            }
        yield str(status), answer
