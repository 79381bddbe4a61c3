"""What the client takes for granted about the law, and what nobody can tell.

Citations that do not exist or are not in force, common beliefs that are wrong, and questions without an answer: how a
judgment will turn out, what other countries' law says, what only other people know.
"""

import re
from dataclasses import dataclass
from datetime import date

from orchestrator import misbeliefs
from orchestrator.wording import plain
from retrievers.contracts import Library, Passage, RetrievalError


@dataclass(frozen=True)
class Premises:
    """Corrections of wrong citations and beliefs, and notices of laws that are no longer, or not yet, in force.

    `limits` say what of the question cannot be answered; `basis` are the articles that corrections of beliefs rest on.
    """

    corrections: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    basis: tuple[Passage, ...] = ()


async def examine(library: Library, text: str, as_of: date | None) -> tuple[Premises, str]:
    """The premises of `text` that do not hold, and the reason when the check itself could not be made."""
    limits = beyond(text)
    try:
        resolved = await library.resolve(text, as_of)
        believed = misbeliefs.held(text)
        ids = list(dict.fromkeys(id for one in believed for id in one.articles))
        passages = {one.id: one for one in await library.passages(ids, as_of) if one.citable} if ids else {}
    except RetrievalError as error:
        return Premises(limits=limits), f"{error.code}: {error}"
    corrections = [one.note for one in resolved if one.outcome.startswith("no_such") and one.mention.law and one.note]
    basis: dict[str, Passage] = {}
    for belief in believed:
        if all(id in passages for id in belief.articles):
            named = "、".join(passages[id].name for id in belief.articles)
            corrections.append(f"{belief.right}{BASIS}{named})")
            basis |= {id: passages[id] for id in belief.articles}
    late = [one for one in resolved if one.passage is not None and one.passage.status == "not_yet"]
    gone = [one for one in resolved if one.outcome in ("repealed", "superseded")]
    notices = [one.note for one in (*gone, *late) if one.note]
    unique = tuple(dict.fromkeys(corrections)), tuple(dict.fromkeys(notices))
    return Premises(*unique, limits, tuple(basis.values())), ""


BASIS = "(依据:"  # what the law of a corrected belief stands after
FOREIGN = "这涉及外国或者港澳台地区的法律,我只收录中国内地现行的法律,不能回答那边怎么规定;请咨询当地的律师或者使领馆。"
_ABROAD = (
    r"(?:美国|英国|日本|韩国|德国|法国|加拿大|澳大利亚|澳洲|新加坡|泰国|俄罗斯|意大利|西班牙|印度|越南|马来西亚|新西兰"
    r"|香港|澳门|台湾|国外|外国|境外|海外|加州|纽约|欧盟)"
)
_LIMITS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            rf"(?:按|根据|依|照|在)?{_ABROAD}(?:的|那边的?|当地的?|人的?)?[^,。!?;]{{0,10}}(?:法律|法规|法院|刑法|民法|移民法|劳动法|签证|怎么判|怎么规定|怎么赔|判几年|合法吗|违法吗|犯法吗)"
        ),
        FOREIGN,
    ),
    (
        re.compile(
            r"(?:一定|肯定|百分之?百|100%|保证|绝对|必然|稳)(?:能|会|可以|要)?[^,。!?;]{0,4}(?:赢|胜诉|败诉|打赢|赢官司|判给我|拿回来|要回来|输)"
            r"|(?:能|会)不(?:能|会)[^,。!?;]{0,3}(?:赢|胜诉|输|败诉|打赢)|(?:胜诉率|胜算|赢的?(?:几率|概率|可能性|把握))|(?:能|会)(?:打)?(?:赢|胜诉)(?:吗|么|不)"
        ),
        "官司一定能不能赢,没有人能够保证,我也不能给出胜诉率:结果取决于双方的证据、对方的抗辩和法院对事实的认定。下面只说现有事实下法律上的依据,和怎样把证据准备得更扎实。",
    ),
    (
        re.compile(
            r"(?:法官|法院|仲裁员?|仲裁委)[^,。!?;]{0,8}(?:到底|最后|最终|具体|究竟)?(?:会|将)[^,。!?;]{0,4}(?:怎么判|怎样判|判多少|判几年|判给谁|支持谁|偏向谁|裁多少)"
            r"|(?:到底|最后|最终|究竟)(?:会|能)?判(?:多少|几年|给谁|多久)"
        ),
        "法院最后会怎么判,事先没有人知道。下面说的是法律规定的标准和幅度,不是对裁判结果的预测。",
    ),
    (
        re.compile(
            r"(?:他|她|对方|老板|前夫|前妻|老公|老婆|被告|债务人)(?:现在|到底|究竟|心里|名下|手里|会不会|是不是|还)*"
            r"(?:有没有钱|有多少(?:钱|存款|财产)|在哪(?:里|儿)?(?![^,。!?;]{0,4}(?:起诉|告))|躲在哪|怎么想的?|在想什么|有没有转移财产|有没有出轨|会不会还|爱不爱)"
        ),
        "对方的想法、行踪和财产状况,只有对方或者有权调查的机关知道,我无从得知,也不会猜测。能做的是收集线索,需要时申请法院调查或者财产保全。",
    ),
)


def beyond(text: str) -> tuple[str, ...]:
    """What of the question nobody, or not this service, can answer."""
    said = plain(text)
    return tuple(dict.fromkeys(words for pattern, words in _LIMITS if pattern.search(said)))
