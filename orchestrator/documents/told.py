"""What a message says for the gaps of a template: names and homes where they are plainly stated, amounts, dates.

Only plain statements count (我叫张三, 借款人李四, 原告是张三,住在…); what is left open the client fills in.
"""

import re
from datetime import date

from orchestrator import facts
from orchestrator.documents.matter import Gap, Matter
from orchestrator.documents.template import Template
from orchestrator.domains.pack import Element
from orchestrator.wording import pattern, plain

_SURNAME = (
    "(?:欧阳|上官|司马|诸葛|司徒|东方|夏侯|皇甫|尉迟|公孙|慕容|令狐|端木|"
    "[赵孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤何吕施张孔曹严华魏陶姜戚邹喻柏章苏潘葛范彭郎鲁韦马苗凤方俞袁柳鲍史唐费廉岑薛雷"
    "贺倪汤滕殷罗毕郝邬安乐傅皮卞齐康伍余顾孟黄穆萧尹姚邵湛汪祁毛禹狄米贝臧计戴宋茅庞熊纪舒屈项祝董梁杜阮蓝闵季贾路江童颜郭梅盛林"
    "钟徐邱骆高夏蔡田樊胡凌霍万柯管卢莫房丁邓洪左石崔龚程邢裴陆翁荀甄封储靳段焦侯宁仇甘厉祖武符刘景詹龙叶黎白蒲邰鄂索赖卓屠"
    "池乔翟谭姬申冉牛边燕温庄晏柴阎文寇广欧沃聂敖冷辛简饶游肖岳沙查荆红涂付覃闫娄楚])"
)
# Surnames that begin everyday words (曾经, 关于, 金额): they count only behind 是, 叫, 为 or a colon.
_DOUBTFUL = "[于曾关包金钱那任许谢]"
_END = r"(?=[,，。.;；、:：!！\s\d)）】]|$|和|与|向|跟|借|住|还|把|租|欠|给|于|的|是|因|,)"
_NAME = rf"({_SURNAME}[\u4e00-\u9fff]{{1,2}}?){_END}"
_DOUBTFUL_NAME = rf"({_DOUBTFUL}[\u4e00-\u9fff]{{1,2}}?){_END}"
_FIRM = r"([\u4e00-\u9fffA-Za-z0-9()]{2,30}?(?:公司|工厂|商店|酒店|医院|学校|合作社|事务所|中心))"
_IS = r"(?:的?(?:姓名|名字|名称))?(?:是|叫做?|为|:)?\s*"
_HOME = r"(?:住在|住址(?:是|为|:)?|住所(?:是|为|:)?|地址(?:是|为|:)?|住于)\s*([^,，。;；\s]{4,40})"
_ASKS = re.compile(r"[??]|怎么|如何|吗|能不能|可不可以|会不会|为什么")


def values(wanted: Template, text: str, matter: Matter, today: date) -> dict[str, str]:
    """The content of gaps that the text states, by gap id."""
    return {**_measured(wanted, plain(text), today), **people(wanted, text, matter)}


def people(wanted: Template, text: str, matter: Matter) -> dict[str, str]:
    """The names and homes that the text states, by gap id."""
    text = plain(text)
    found: dict[str, str] = {}
    mine = wanted.me(matter)
    for gap in wanted.gaps:
        if gap.kind == "name" and (name := _name(gap, text) or (_own(text) if gap.id == mine else "")):
            found[gap.id] = name
    for gap in wanted.gaps:
        if gap.kind == "place" and (home := _home(gap, text, mine, found)):
            found[gap.id] = home
    return found


def fills(wanted: Template, text: str, matter: Matter) -> bool:
    """Whether the text only states names or homes for the template: no question, nothing else to answer."""
    if _ASKS.search(text):
        return False
    return bool(people(wanted, text, matter))


def _measured(wanted: Template, text: str, today: date) -> dict[str, str]:
    """Amounts, dates and durations, found as the facts of a story are."""
    elements = [
        Element(
            id=gap.id,
            label=gap.label,
            why="",
            question="",
            kind=gap.kind,
            near=gap.cues,
            sole=gap.sole,
        )
        for gap in wanted.gaps
        if gap.kind in ("amount", "date", "duration")
    ]
    return {id: fact.value for id, fact in facts.extract(elements, text, today).items()}


def _name(gap: Gap, text: str) -> str:
    cues = "|".join(gap.cues)
    if not cues:
        return ""
    match = pattern(rf"(?<!被)(?:{cues}){_IS}{_NAME}").search(text)
    for doubtful in (_DOUBTFUL_NAME, _FIRM):
        match = match or pattern(rf"(?<!被)(?:{cues})(?:是|叫|为|:)\s*{doubtful}").search(text)
    return match[1] if match else ""


def _own(text: str) -> str:
    match = pattern(rf"(?:我|本人)(?:的名字)?(?:是|叫)(?:{_NAME}|{_DOUBTFUL_NAME})").search(text)
    return (match[1] or match[2]) if match else ""


def _home(gap: Gap, text: str, mine: str, found: dict[str, str]) -> str:
    """The home of the one named by a cue, by the name itself, or (我住在) of the client."""
    owner = gap.id.replace("_address", "_name")
    who = [
        *gap.cues,
        *([re.escape(found[owner])] if owner in found else []),
        *(["我", "本人"] if owner == mine else []),
    ]
    match = pattern(rf"(?<!被)(?:{'|'.join(who)})[^。;；\n住址]{{0,12}}{_HOME}").search(text) if who else None
    return match[1] if match else ""
