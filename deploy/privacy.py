"""The notice of how personal data are processed, made from the settings, and the consent that refers to it.

What it says follows 个人信息保护法: 第十七条 and 第三十条 what must be told; 第二十三条, 第二十九条 and 第三十九条 what
needs a consent of its own; 第四十五条 to 第五十条 the client's rights. What the law asks beyond the software (an
assessment by 第五十五条, contracts by 第二十一条) is the operator's.
"""

import hashlib
import time
from collections.abc import Sequence
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict

from deploy import settings as config
from deploy.settings import Settings
from models.contracts import ModelCard

Part = Literal["given", "sensitive", "outside"]


class Section(BaseModel):
    """One part of the notice, and the articles of law that it follows."""

    title: str
    text: str
    articles: list[str]


class Notice(BaseModel):
    """The whole notice. `version` changes with its words; a consent names it.

    `parts`: what a consultation must have consent to, each for itself; none where consent is not required.
    """

    version: str
    required: bool
    parts: list[Part]
    sections: list[Section]


class Consent(BaseModel):
    """A client's consent: to the processing told in `version` of the notice (`given`), of sensitive personal
    information (`sensitive`), and to sending the words to models outside (`outside`), each on its own.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    given: bool
    version: str
    sensitive: bool = False
    outside: bool = False

    def record(self) -> dict[str, Any]:
        """What is kept with the session: the parts that were given, the version, and when (Unix seconds)."""
        return {**self.model_dump(), "at": time.time()}


class ConsentRecord(Consent):
    """A consent as it was given. `at`: Unix seconds."""

    at: float


def notice(settings: Settings, cards: Sequence[ModelCard]) -> Notice:
    """The notice of a server with these models."""
    outside = sorted({_receiver(card) for card in cards if card.outside})
    sections = [
        _section(
            "谁在处理",
            f"处理者:{settings.producer}。联系方式:{settings.contact or '运营者尚未填写'}。",
            "第十七条",
        ),
        _section(
            "目的、方式和种类",
            "为回答您的法律问题(理解情况、追问、检索法条和案例、写出意见、报告和文书),由服务器上的程序和人工智能模型自动处理,"
            "并保存对话,以便您继续咨询。处理的是您在咨询中自己写下的内容,其中可能有姓名、联系方式、证件号码、家庭、工作、财产和"
            "纠纷情况,以及您的设置和评价;另外记录所用密钥的请求次数和用量,其中没有您写的内容。依据是您的同意。",
            "第十三条", "第十四条", "第十七条",
        ),
        _section("保存期限", _retention(settings.retention_days), "第十七条", "第十九条"),
        _section("怎样保护", _protection(settings), "第五十一条"),
        _section("是否发给别人", _outside(outside), "第二十一条", "第二十三条", "第三十九条"),
        _section(
            "敏感个人信息",
            "法律问题的叙述里往往有敏感个人信息,如医疗健康、金融账户、行踪轨迹、不满十四周岁未成年人的信息。事先无法把它们从自由的叙述中"
            "排除,而不了解它们常常无法判断您的权利,所以有必要处理,并需要您单独同意(sensitive)。它们一旦泄露,可能使人格尊严"
            "受到侵害,或者使人身、财产安全受到危害,因此请只写与问题有关的内容,不写完整的账号和证件号码。涉及不满十四周岁未成年人的信息的,"
            "应当由其父母或者其他监护人同意。",
            "第二十八条", "第二十九条", "第三十条", "第三十一条",
        ),
        _section(
            "您的权利和行使方式",
            "用网页的,在“我的数据”里查阅、导出(复制)和删除(撤回同意)。用接口的,查阅、复制:GET /v1/consultations/{id} "
            "和 /v1/consultations/{id}/export;撤回同意、删除:DELETE /v1/consultations/{id},会话及其全部内容随即删除。"
            "更正、补充:在会话中直接说明,或者在确认事实时修改。"
            "撤回不影响撤回之前已经进行的处理。要求解释说明这些规则,或者不便自己操作:请用上面的联系方式提出。请求被拒绝的,会说明理由,您可以依法向人民法院起诉。",
            "第十五条", "第四十四条", "第四十五条", "第四十六条", "第四十七条", "第四十八条", "第五十条",
        ),
        _section(
            "不同意会怎样",
            "建立咨询会话必须处理您写下的内容,不同意就不能建立会话;查法条、用计算器不需要同意。本服务的意见仅供参考,"
            "不作出对您的权益有重大影响的决定。",
            "第十六条", "第二十四条",
        ),
    ]  # fmt: skip
    told = "\n".join(section.title + section.text for section in sections)
    parts: list[Part] = ["given", "sensitive", *(["outside"] if outside else [])]  # type: ignore[list-item]
    return Notice(
        version=hashlib.sha256(told.encode()).hexdigest()[:16],
        required=settings.consent_needed,
        parts=parts if settings.consent_needed else [],
        sections=sections,
    )


def missing(told: Notice, consent: Consent | None) -> list[str]:
    """What keeps the consent from being enough: parts that were not given, or `version`. Empty when it is enough.

    A consent that is not required must still name the notice's version, since it is kept.
    """
    if consent is None:
        return list(told.parts)
    absent: list[str] = [part for part in told.parts if not getattr(consent, part)]
    return absent if consent.version == told.version else [*absent, "version"]


def refusal(settings: Settings, told: Notice, absent: Sequence[str]) -> str:
    """Why there can be no consultation without the consent: what is processed, what for, how long, where it is told."""
    needed = {
        "given": "同意处理个人信息(given)",
        "sensitive": "单独同意处理敏感个人信息(sensitive)",
        "outside": "单独同意把内容发给外部的模型服务(outside)",
        "version": f"所同意的是现行的告知({told.version})",
    }
    return (
        "咨询会处理您写下的个人信息,用来回答您的法律问题并保存对话;"
        f"{_retention(settings.retention_days)}完整的告知见 GET /v1/privacy。"
        f"还需要:{'、'.join(needed[part] for part in absent)}。"
    )


def _section(title: str, text: str, *articles: str) -> Section:
    return Section(title=title, text=text, articles=[f"《个人信息保护法》{one}" for one in articles])


def _retention(days: float | None) -> str:
    if days is None:
        return "会话保存到您删除为止,没有设定自动删除的期限。"
    return f"会话在最后一轮对话的 {days:g} 天之后自动删除,您也可以随时删除。"


def _protection(settings: Settings) -> str:
    stored = "会话内容加密后保存" if config.storage_keys() else "会话内容保存在服务器的数据库中,没有另行加密"
    sent = "传输经 TLS 加密" if settings.tls else "传输是否加密由运营者的网络决定"
    return f"{stored};{sent};会话只有建立它的密钥和用户能够查看;日志中的证件号码、电话、银行卡号等加以遮盖。"


def _outside(receivers: Sequence[str]) -> str:
    if not receivers:
        return "不发给任何人:所用的模型都由处理者自己运行。"
    return (
        f"您写下的内容会发给下列外部的模型服务,由它们写出部分结果:{'、'.join(receivers)}。识别出的证件号码、电话、银行卡号等先加以遮盖。"
        "这需要您单独同意(outside)。接收方的联系方式,以及它是否在境外,请用上面的联系方式询问。"
    )


def _receiver(card: ModelCard) -> str:
    host = urlsplit(str(card.options.get("base_url", ""))).hostname
    return f"{card.label}({host})" if host else card.label
