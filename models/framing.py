"""A task as a language model is asked for it: the prompt file of the task around the client's words, and its schema.

The embedded backends need none of this; they read the request as it is.
"""

from models.contracts import BadRequest, GenerationRequest
from models.prompts import messages, outline, transcript
from models.schemas import SCHEMAS


def framed(request: GenerationRequest) -> GenerationRequest:
    """The request with the messages and the schema that its task asks for; a plain conversation stays as it is.

    A plan's routes and fields are those that its schema allows (`models.schemas.plan_schema`), and so are the facts
    that are read (`models.schemas.facts_schema`). Raises BadRequest for facts without a schema.
    """
    last, earlier = request.messages[-1].content, request.messages[:-1]
    if request.task in ("keywords", "articles"):
        asked = messages(request.task, text=last)
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
        return request
    return request.model_copy(update={"messages": asked, "schema_": request.schema_ or SCHEMAS.get(request.task)})
