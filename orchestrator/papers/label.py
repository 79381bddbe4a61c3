"""The labels of AI-generated content (GB 45438-2025) that every renderer adds: the visible one, that of metadata."""

import json

SHORT = "AI生成"
VISIBLE = "本文件由人工智能生成（AI生成），仅供参考，不构成律师意见，不能代替律师的专业判断。"
NAMESPACE = "http://www.tc260.org.cn/ns/AIGC/1.0/"  # of the AIGC property in XMP


def aigc(producer: str, id: str) -> dict[str, str]:
    """The implicit label of generated content; `producer` is the operator's name or code, `id` the content's id."""
    return {
        "Label": "1",
        "ContentProducer": producer,
        "ProduceID": id,
        "ReservedCode1": "",
        "ContentPropagator": "",
        "PropagateID": "",
        "ReservedCode2": "",
    }


def aigc_json(producer: str, id: str) -> str:
    """The implicit label as one line of JSON, as it stands in a file's metadata."""
    return json.dumps(aigc(producer, id), ensure_ascii=False)
