"""What must be recognised by rule and not left to a classifier: danger to life, requests for wrongdoing, plain courtesies.

Each rule asks for the words of the thing and for the sign that it is meant: danger that is present (not last year's),
a wrong that the writer wants to do (not one that was done to them). Knows nothing of models.
"""

import re
from typing import Literal

from orchestrator.wording import plain

Danger = Literal["life", "violence", "home_violence", "minor", "captive", "fraud", "fire", "injury"]

_NOW = r"(正在|正(?![当常式规确好义因])|现在|此刻|刚刚|刚才|马上|就在|又(要|在)|今晚|快来|救命|救救|门口|堵着|拿着|举着|追着|怎么办啊?救)"
_PAST = re.compile(r"(去年|前年|以前|之前|曾经|上个?月|几年前|年前|那时|当时)")

_LIFE = re.compile(
    r"(我|俺|自己|真的|实在|都)?(不想活|活不下去|想死|想自杀|想跳楼|要跳楼|想轻生|想一死|死了算了|一了百了|结束(自己的)?生命|了断自己|自残|割腕|写好?了?遗书|(吞|喝|吃|服)(下|了|完)?.{0,6}(安眠药|农药|百草枯|敌敌畏))"
)
_LIFE_OF_OTHERS = re.compile(r"(自杀|跳楼|轻生)(了|身亡|死亡|后|,|,).{0,30}(赔|责任|保险|工伤|单位|公司)")
_ABUSE = r"(打我|打人|砍|捅|杀|掐|揍我|动手|家暴|施暴|殴打|拿(着)?刀|持刀|砸门|踹门|撞门|泼(汽油|硫酸)|往死里打)"
_HOME = re.compile(r"(老公|丈夫|老婆|妻子|男朋友|前夫|公公|婆婆|家暴|我爸|我妈|父亲|继父|男友|前男友|对象)")
_VIOLENCE = re.compile(
    rf"((?!现在){_NOW}[^。!?]{{0,16}}{_ABUSE})|(现在[^。!?]{{0,6}}{_ABUSE})|({_ABUSE}[^。!?]{{0,12}}(救命|救救|快来|门口|追着|堵着|现在就|刚才|刚刚))"
)
# A cry for help is often a figure of speech (救命,网上买的裙子起球): alone, or beside a peril, it is meant.
_CRY = re.compile(r"救命(?!恩人|钱|药|啊?.{0,2}(家人们|姐妹们|各位|大家))")
_PERIL = re.compile(r"(打(?!开|电话|折|包|算|听|扰|车|官司)|杀|刀|血|绑|困|追|堵|踹|火|死|毒|掐|抢|淹|跳楼|昏|晕)")
CRY_ALONE = 12  # characters
_MINOR = re.compile(
    rf"({_NOW}[^。!?]{{0,20}}(孩子|小孩|女儿|儿子|学生|未成年)[^。!?]{{0,12}}(打(?!来|电话|工|官司|算|开|车|针|印|听|包|折|扰|卡|游戏|球|款)|虐|猥亵|侵害|性侵))|({_NOW}[^。!?]{{0,16}}(打(?!来|电话|工|官司|算|开|车|针|印|听|包|折|扰|卡|游戏|球|款)|虐待|猥亵|性侵|侵犯)(我(家|的)?)?(孩子|小孩|女儿|儿子|学生))|((孩子|小孩|未成年)[^。!?]{{0,16}}{_NOW}[^。!?]{{0,10}}(打(?!来|电话|工|官司|算|开|车|针|印|听|包|折|扰|卡|游戏|球|款)|虐|猥亵|侵害))"
)
_CAPTIVE = re.compile(
    rf"(({_NOW})[^。!?]{{0,12}}(关在|关着|锁在(?!我|自己)|扣(着|押|在)|不让(我)?(走|出去|离开)|非法拘禁|限制(我)?(的)?人身自由))|((被(关|锁|困)|把(我|我们)(关|锁))在[^。!?]{{0,16}}(出不(去|来)|不让|救))|传销[^。!?]{{0,10}}(出不来|跑不掉|不让走)"
)
_OFFICIAL = re.compile(r"(看守所|派出所|拘留|公安|警察|监狱|法院|检察院)")
_FRAUD = re.compile(
    r"(刚刚?|刚才|现在|今天|昨晚|半小时前|几分钟前|正在|一个?小时前)[^。!?]{0,24}(被骗|骗走|骗了|(?<!信用卡)(?<!合同)(?<![算犯])诈骗|转给骗子|电信诈骗|杀猪盘|刷单)|(骗子|诈骗|安全账户|刷单|公检法).{0,20}(让我(马上|现在|立刻)?(转账|汇款)|刚转|正在转|刚才转)"
)
_FIRE = re.compile(
    r"(着火了|起火了|失火了|(?<!防止)(?<!避免)(煤气|燃气|天然气|液化气)(泄漏|泄露)(了|啦|,|。|!|$|怎么办)|火灾.{0,6}(现在|正在|困))"
)
_AFTERMATH = re.compile(r"(赔|责任|谁负责|保险|起诉|中介|凶宅|隐瞒)")
_INJURY = re.compile(
    r"(刚刚?|刚才|现在|正).{0,16}(车祸|出(了)?车祸|被撞|撞(了|到)人|摔下|砸到|触电).{0,30}(流血|昏迷|不省人事|动不了|晕|死|受伤|很?重)|(昏迷不醒|大出血|没有呼吸|没呼吸了)(?!.{0,60}(医院|医生|事故|手术|告|赔))"
)


def danger(text: str) -> Danger | None:
    """The danger that the message tells of as present; None when there is none or it lies in the past."""
    text = plain(text)
    if _LIFE.search(text) and not _LIFE_OF_OTHERS.search(text):
        return "life"
    if _FIRE.search(text) and not _PAST.search(text) and not _AFTERMATH.search(text):
        return "fire"
    if _MINOR.search(text) and not _PAST.search(text):
        return "minor"
    if _CAPTIVE.search(text) and not _PAST.search(text) and not _OFFICIAL.search(text):
        return "captive"
    cries = _CRY.search(text) and (len(text) <= CRY_ALONE or _PERIL.search(text))
    if (cries or _VIOLENCE.search(text)) and not _PAST.search(text):
        return "home_violence" if _HOME.search(text) else "violence"
    if _FRAUD.search(text):
        return "fraud"
    if _INJURY.search(text):
        return "injury"
    return None


_WANT = r"(我想|我要|想要|打算|准备|帮我|教我|教教我|能不能帮|怎样才能|怎么才能|如何才能|有没有办法|有什么办法|怎么样?(?=(把?(我的|名下的?)?(财产|存款|房产|房子)?转移|藏|伪造|销毁|串供|逃避|躲避?|报复|骚扰|洗))|如何(?=(转移|藏|伪造|销毁|串供|逃|报复|骚扰|洗))|给我(写|做|弄|编))"
_WRONG = re.compile(
    _WANT + r".{0,16}?("
    r"(伪造|编造|造假|做假|作假|ps|PS|假的)(一?[份张些])?(银行|微信)?(的)?(证据|借条|欠条|签名|公章|合同|病历|流水|聊天记录|转账记录|证明|收据|发票)|(做|弄|编|造|写|出|搞|开)一?[份张个]?(虚?假)(的)?(?!期|设|如)"
    r"|(销毁|毁掉|删掉|藏匿?)(掉)?(犯罪)?(证据|账本|监控)|串供|(找|让|收买|买通)(人|证人).{0,6}(作假证|做伪证|改口)"
    r"|(查|搞到|弄到|定位|跟踪|人肉)(一下)?(他|她|前女友|前男友|前妻|前夫|别人|对方|小三|那个人).{0,10}(住址|地址|行踪|定位|开房|手机号|身份证|隐私|通话记录)?(的)?"
    r"(?=.{0,10}(住|在哪|行踪|定位|开房|手机|身份|隐私|记录|信息))|人肉"
    r"|(报复|弄死|搞死|打残|打断|砍死|毒死|做掉|弄残)(他|她|对方|老板|邻居|那|前)"
    r"|(骚扰|恐吓|威胁|吓唬)(他|她|对方|前|那|债务人|老板)"
    r"|(曝光|公开|散布|发到网上).{0,8}(裸照|私密|隐私|身份证|住址)|把.{0,8}(裸照|私密|隐私|身份证|住址).{0,6}(曝光|公开|散布|发(到|上|在)?网|发给)"
    r"|(逃避|躲避|规避|躲过)(法院)?(执行|追债|债务|抓捕|追捕|警察|侦查|刑事责任)|(转移|藏|隐匿)(掉|起来|走)?(我的|名下)?(财产|资产|存款|房产)?.{0,16}(不(被|让)|躲|逃|防止|避免|执行|分)"
    r"|洗(一下)?(黑)?钱|(买|卖|开)(一?些)?(假|虚开)(发票|证)|(贿赂|送钱给|打点|买通)(法官|检察官|警察|领导)"
    r"|(敲诈|勒索|讹)(他|她|对方|商家|公司|一笔)"
    r")|(怎么|如何)(处理|藏|埋|处置)(掉|了)?尸体|(想|要)(个|点)?办法.{0,6}(敲诈|勒索|讹)(他|她|对方|商家|公司)"
)
_VICTIM = re.compile(
    r"(对方|他|她|老板|公司|有人|别人|被告|原告|老公|老婆|丈夫|妻子|单位)(在|要|想|可能|会|已经|偷偷|恶意)?.{0,4}(伪造|转移|销毁|隐匿|骚扰|威胁|恐吓|报复|敲诈|做假|人肉)"
)


def wrongdoing(text: str) -> bool:
    """Whether the writer asks for help to commit or hide a wrong; a victim or suspect asking for advice does not."""
    text = plain(text)
    return bool(_WRONG.search(text)) and not _VICTIM.search(text)


_GREETING = re.compile(
    r"^((你好|您好)[,。!~\s]*)?(你好|您好|哈喽|嗨|hi|hello|hey|在吗|在不在|有人吗|早上好|下午好|晚上好|早|谢谢|多谢|感谢|辛苦了|再见|拜拜|好的?|嗯+|哦|ok|你是谁|你是(机器人|人工|真人|律师)吗?|你能做什么|你会什么|怎么用)[啊呀呢吗了你您们,。.!?~\s]*(谢谢|你好|您好|在吗)?[啊呀你您。.!?~\s]*$",
    re.IGNORECASE,
)


def courtesy(text: str) -> bool:
    """Whether the whole message is a greeting, thanks, or a question about the service itself."""
    return bool(_GREETING.match(plain(text).strip()))


_NEW_MATTER = re.compile(
    r"(换(一?个|个)?(问题|话题|事)|(另外|再|还)(有|想)?(问|咨询)?(一?件|一?个)(别的|其他|另外|新)?的?(事|问题)|另一(件|个)(事|问题)|重新(开始|咨询)|新(的)?问题)"
)


def new_matter(text: str) -> bool:
    """Whether the client says that another matter begins."""
    return bool(_NEW_MATTER.search(plain(text)))


_AGREES = re.compile(
    r"^(对的?|是的?|没错|正确|确认|没问题|好的?|可以|嗯+|ok|就是这样|都对|无误|准确|确定|属实)(了|啊|呀|吧|哦)?[,。.!\s]*(都对|没问题|没错|确认|谢谢|就这样|继续)?[吧了。.!\s]*$",
    re.IGNORECASE,
)


def agrees(text: str) -> bool:
    """Whether a bare message says that the facts shown are right."""
    return bool(_AGREES.match(plain(text).strip()))


_FOLLOWS_LOOKUP = re.compile(
    r"^(那么?|再看|还有|请问|然后)?(它的?|其|该条|这条|这一条)?(的)?(第(?P<article>[0-9〇零一二两三四五六七八九十百千]+)条)?(第?(?P<paragraph>[0-9一二三四五六七八九十]+)款)?"
    r"(第?[(]?(?P<item>[0-9一二三四五六七八九十]+)[)]?项)?(呢|是什么|怎么(?:规定|说)的?|说的?什么|讲什么)?[?。]?$"
)


def lookup_follow_up(text: str) -> tuple[str | None, str | None, str | None] | None:
    """(article, paragraph, item) numerals of a bare follow-up (那第二款呢) to an article just shown, else None."""
    match = _FOLLOWS_LOOKUP.match(plain(text).strip())
    if match is None or not any(match.group("article", "paragraph", "item")):
        return None
    return match["article"], match["paragraph"], match["item"]


_CITED = re.compile(
    r"(《[^》]{2,60}》(\([^)]{1,12}\))?|[\u4e00-\u9fa5]{1,30}?(法典|法|解释|条例|规定|办法|细则)(\([一二三四五六]\))?|(?=第[0-9〇零一二两三四五六七八九十百千]+条))(第)?[0-9〇零一二两三四五六七八九十百千]{1,12}条(?!路|街|消息|建议|线索|证据|狗|鱼)(之[0-9一二三四五六七八九十]+)?(第[^,。,]{1,4}款)?(第[^,。,]{1,5}项)?"
)


def bare_citation(text: str) -> bool:
    """Whether the message names an article and asks hardly anything else, so that the article itself is wanted."""
    text = plain(text)
    if not _CITED.search(text):
        return False
    rest = re.sub(
        r"(请问|帮我|我想|想|查一?下|查询|看一?下|看看|告诉我|的?(内容|规定|原文|全文|条文)(是什么|是啥|有哪些)?|是什么|是啥|怎么(规定|说)的?|规定了什么|说的?是?什么|讲的?是?什么|具体|一下|呢|吗|了|的|[,。.?!\s《》、和与及])",
        "",
        _CITED.sub("", text),
    )
    return len(rest) <= 4


# The words that make a route believable; without them the planner must be sure and the text no general question
# (承揽合同包含哪些种类 is no request to draft one).
SIGNS: dict[str, re.Pattern[str]] = {
    "article_search": re.compile(
        r"(法律|法规|法条|条文|规定|依据|依據|哪一?[条部條]|第几条|司法解释|条款|法里|法上|有法|什么法|出处|出自|哪里写|写在|文件|国标|哪个(法|办法|条例|规定)|what law|which (law|article))"
    ),
    "case_search": re.compile(
        r"(案例|判例|案子|类似|先例|裁判|判决(书)?(?!作出|生效|不服)|怎么判的|同类|案件|类案|胜诉)"
    ),
    "draft_document": re.compile(
        r"(写|撰|起草|草拟|拟|模板|模版|范本|样本|范文|格式|代书|[出做弄来要整搞][一个份张]|帮手|出具|给我?[一个份]|制作|制定|生成|整理成|[修更]改|改[一下成]|润色|帮.{0,12}(合同|协议|状|书|函|条|信|遗嘱|证明|清单)|[状书函]一?份?$)"
    ),
    "calculate": re.compile(
        r"(算|多少[^次人种]|多少$|几[个天倍块成分钱]|几号|好多|核一下|多久|哪天|最后一天|数额|金额|合计|一共|总共|几何|几多)"
    ),
}
# What a request without such words must still have, and must not have: a paper named (还款协议书,分十二期) or sums set
# out (上诉费,一百零三万的案子), and no trouble told with them.
_UNSIGNED: dict[str, tuple[re.Pattern[str], re.Pattern[str] | None]] = {
    "draft_document": (
        re.compile(
            r"(书|状|函|(?<![微短征相])信(?![用息任])|合同|协议|条|通知|声明|材料|意见|章程|决议|公告|申请|清单|单|证明|遗嘱|告示|NDA)"
        ),
        None,
    ),
    "calculate": (
        re.compile(r"[0-9零一二两三四五六七八九十百千万亿%]"),
        re.compile(r"(没(?!收)|不(?!服)|却|骗|拒|赖|坏|假|跑|突然|说(?!明))"),
    ),
}
_QUESTION = re.compile(r"(什么是|能否|是否|能不能|可不可以|如何|怎么|怎样|哪些|吗[?。]?$|会不会|为什么)")
_LEGAL = re.compile(
    r"(法律|法院|法官|合同|协议|债|起诉|诉讼|律师|处罚|违法|犯法|合法|犯罪|责任|赔偿|赔|维权|仲裁|判刑|拘留|离婚|遗产|继承|工资|社保|借钱|欠|房东|租|押金|权[利益属]?|行政|公证|担保|抵押|留置|质押|保理|公益)"
)
# Questions about what the law makes of a wrong are not requests for help with one.
_JUDGES = re.compile(
    r"(后果|[请事病年婚产休]假|构成|罪吗|认定|违法吗|犯法吗|合法吗|判几年|怎么判|怎么?处罚|如何处罚|怎么处理|责任|什么是|补救|起诉|申请|界定|设立|判断|不知情|维权|举报|(?<!不)(?<!别)(?<!免得)被[他她人骗抓告查])"
)
_DRAFTS = re.compile(
    r"(?:^|[,。;!?\s])(?:那|就|先|还是|请|麻烦|劳驾|你|您|能不能|能否|可以|可不可以|我?想(?:要|请)?(?:你|您)?)*"
    r"(?:(?:帮|给|替|为)(?:我|俺|咱|我们|一下|个忙)*|(?=写[个份张一]|起草|草拟|代写))"
    r"(?:写|起草|草拟|拟|代写|出|做|弄|整|生成|搞)(?!了|过|的)"
)
_SUMS = re.compile(r"(?:帮|给|替)(?:我|俺|咱|我们)?(?:计算|核算|算)|算(?:一?下|算|一算|一笔|出来)|计算(?:一下|器)")


def asks_draft(text: str) -> bool:
    """Whether the message asks outright that something be written."""
    return bool(_DRAFTS.search(plain(text)))


def asks_sum(text: str) -> bool:
    """Whether the message asks outright that something be worked out."""
    return bool(_SUMS.search(plain(text)))


LIKELY, CERTAIN = 0.6, 0.9  # probabilities of the planner
GREETING_LENGTH = 14  # characters; a greeting that goes on is the beginning of a story
THANKS_LENGTH = 80  # the same of thanks that ask for nothing
_THANKS = re.compile(r"(谢谢|感谢|感激|多谢|谢了|辛苦(了|您|你))")
_ASKS = re.compile(r"([?]|怎么|如何|能不能|可不可以|是不是|有没有|请问|想问|吗(?![a-z])|该不该|多少|但是|可是|不过)")
_WANTS_TEXT = re.compile(
    r"(原文|条文|全文|法条内容)[^。;?]{0,8}(给我|发|看|贴|念|查|列)|(看|查|发|给|贴|念|列)[^。;?]{0,12}(原文|条文|全文)|只要(条文|原文|法条)"
)


def asks_text(text: str) -> bool:
    """Whether the message wants the text of an article that it names, however much else it says."""
    said = plain(text)
    return bool(_CITED.search(said) and _WANTS_TEXT.search(said))


def believable(route: str, text: str, probability: float) -> bool:
    """Whether a planner's route can stand for this text; what cannot is treated as a consultation.

    Refusals and emergencies have rules of their own (above); a classifier's word alone must be likely, and the text no
    question about a wrong or a past event: turning away a person in need is worse than one answer too many.
    """
    text = plain(text)
    if route == "refuse":
        return probability >= LIKELY and not _JUDGES.search(text) and not _VICTIM.search(text)
    if route == "emergency":
        return probability >= LIKELY and not _PAST.search(text) and not _AFTERMATH.search(text)
    if route == "smalltalk":
        thanks = _THANKS.search(text) and len(text) <= THANKS_LENGTH and not _ASKS.search(text)
        return len(text) <= GREETING_LENGTH or bool(probability >= LIKELY and thanks)
    if route == "out_of_scope":
        return not _LEGAL.search(text) or probability >= CERTAIN
    sign = SIGNS.get(route)
    if sign is None or sign.search(text):
        return True
    if route in _UNSIGNED:
        needed, refuted = _UNSIGNED[route]
        if not needed.search(text) or (refuted is not None and refuted.search(text)):
            return False
    return probability >= LIKELY and not _QUESTION.search(text)
