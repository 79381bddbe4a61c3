"""A task as a language model is asked for it: the prompt file of the task around the client's words, and its schema.

The embedded backends need none of this; they read the request as it is.
"""

import json
from collections.abc import AsyncGenerator
from contextlib import aclosing

from models.contracts import BadRequest, Chunk, GenerationRequest
from models.prompts import data, messages, outline, transcript
from models.schemas import SCHEMAS, TERMS, read_keywords


def framed(request: GenerationRequest) -> GenerationRequest:
    """The request with the messages and the schema that its task asks for; of a plain conversation only the marks of
    chat formats are made plain: a server that knows one would take them for its own.

    A plan's routes and fields are those that its schema allows (`models.schemas.plan_schema`), and so are the facts
    that are read (`models.schemas.facts_schema`). Keywords are asked for as a bare list, a third of the tokens, and
    `unframed` gives them the form of KEYWORDS. Raises BadRequest for facts without a schema.
    """
    last, earlier = request.messages[-1].content, request.messages[:-1]
    if request.task == "keywords":
        return request.model_copy(update={"messages": messages("keywords", text=last), "schema_": TERMS})
    if request.task == "articles":
        asked = messages("articles", text=last)
    elif request.task == "plan":
        named = (request.schema_ or SCHEMAS["plan"])["properties"]
        asked = messages(
            "plan",
            routes=named["route"].get("description", ""),
            fields="、".join(named["field"].get("enum", ())),
            history=transcript(earlier),
            text=last,
        )
    elif request.task == "facts":
        if request.schema_ is None:
            raise BadRequest("facts are read for the elements of a schema, and none was given")
        elements = request.schema_["properties"]["facts"]["description"]
        asked = messages("facts", elements=elements, history=transcript(earlier), text=last)
    elif request.plan is not None:
        asked = messages("dialogue", plan=outline(request.plan), history=transcript(earlier), text=last)
    else:
        return _plain(request)
    return request.model_copy(update={"messages": asked, "schema_": request.schema_ or SCHEMAS.get(request.task)})


def _plain(request: GenerationRequest) -> GenerationRequest:
    said = tuple(row.model_copy(update={"content": data(row.content)}) for row in request.messages)
    return request if said == request.messages else request.model_copy(update={"messages": said})


async def unframed(request: GenerationRequest, chunks: AsyncGenerator[Chunk, None]) -> AsyncGenerator[Chunk, None]:
    """What a model said to the framed request, in the form that every backend gives: see `models.schemas`.

    Raises BadOutput for keywords that were cut off.
    """
    async with aclosing(chunks):
        if request.task != "keywords":
            async for chunk in chunks:
                yield chunk
            return
        said = [chunk async for chunk in chunks]
    found = read_keywords("".join(chunk.text for chunk in said))
    rows = [{"term": row.term, "weight": row.weight} for row in found]
    text = json.dumps({"keywords": rows}, ensure_ascii=False)
    tokens = tuple(token for chunk in said for token in chunk.tokens)
    yield said[-1].model_copy(update={"text": text, "tokens": tokens})
