"""Courtesy: the replies that need no retrieval: emergency, refusal, small talk, out of scope, and what is still to come."""

from orchestrator import signals
from orchestrator.contracts import Question, ReplyStatus
from orchestrator.state import State
from orchestrator.steps.common import Run, emit, entry, message_of, reply
from orchestrator.wording import typeset

_EMERGENCY: dict[str, str] = {
    "life": "您现在的感受一定非常难熬,谢谢您愿意说出来。请先不要一个人扛着:\n\n- 现在就可以拨打 **12356**(全国统一心理援助热线),有人会听您说\n- 已经受伤或服了药,请立刻拨打 **120**;身边有危险,请拨打 **110**\n- 请马上联系一位您信任的家人或朋友,让他/她陪在您身边\n\n法律上的难处(欠债、纠纷、案件)几乎都有处理的办法,等您安全了,我们再一件一件来看。",
    "violence": "您的安全最重要,请先离开危险的地方或锁好门:\n\n- 立刻拨打 **110** 报警;不方便说话时可以发短信 **12110** 说明地点和情况\n- 有人受伤拨打 **120**\n- 安全之后保存好伤情照片、就诊记录和报警回执\n\n等您安全了,可以继续告诉我经过,我再说明如何追究责任和索赔。",
    "home_violence": "您的安全最重要,请先离开现场或躲进能锁门的房间,带上孩子和手机:\n\n- 立刻拨打 **110**,说清“正在发生家庭暴力”和地址\n- 有人受伤拨打 **120**,就医时告诉医生是被打伤的,保留病历\n- 妇女求助可以拨打 **12338**(妇女维权热线);法律咨询 **12348**\n- 报警后要求警方出警记录或告诫书\n\n安全之后,您可以向法院申请**人身安全保护令**,不需要先离婚。想继续的话,请告诉我您和对方的关系、伤情和是否报过警,我来说明怎么申请。",
    "minor": "孩子的安全最重要:\n\n- 立刻拨打 **110** 报警;孩子受伤拨打 **120**\n- 可以拨打 **12355**(青少年服务热线)求助\n- 不要反复追问孩子细节,不要清洗衣物,尽快由警方和医生取证\n\n等孩子安全了,请继续告诉我情况,我再说明后面的法律程序。",
    "captive": "请先保证安全,尽量不要激怒对方:\n\n- 想办法拨打 **110**,不方便说话时发短信到 **12110**,写明位置、被谁限制、人数\n- 把实时位置发给可信的家人或朋友,请他们报警\n- 受伤请拨打 **120**\n\n限制他人人身自由是违法的。脱身之后可以继续告诉我经过,我来说明如何追究。",
    "fraud": "请马上做这几件事,越快越有可能止付:\n\n- 立刻拨打 **110** 报警,同时可拨打 **96110**(反诈专线)请求紧急止付\n- 马上联系您的转出银行或支付平台,说明被诈骗,要求冻结或止付\n- 不要再向对方转任何“解冻费”“保证金”,不要删除聊天和转账记录\n\n报警之后,请继续告诉我金额、时间和转账方式,我再说明后续怎样追回损失。",
    "fire": "请立刻离开危险区域并拨打 **119**;有人受伤拨打 **120**。燃气泄漏时不要开关电器、不要在现场打电话,先关阀、开窗、撤离。\n\n等您安全了,再告诉我情况,我来说明责任和赔偿的问题。",
    "injury": "先救人:\n\n- 立刻拨打 **120**;交通事故同时拨打 **110** 报警\n- 不要随意搬动伤者,开启警示灯、放置警告标志,保护现场\n- 条件允许时拍下现场、车辆和证件的照片\n\n人得到救治之后,请继续告诉我经过,我来说明责任和赔偿。",
    "any": "如果您或身边的人现在有危险,请立刻拨打 **110**(报警)或 **120**(急救);火灾拨打 **119**。心里撑不住时可以拨打 **12356**(心理援助热线)。\n\n安全之后请继续告诉我发生了什么,我再从法律上帮您分析。",
}  # fmt: skip
_REFUSE = "这个请求我不能帮忙:它涉及实施或掩盖违法行为、伪造证据,或者侵害他人的隐私和安全,做了可能要承担行政甚至刑事责任。\n\n如果您自己遇到了纠纷、被追债、被起诉或者被调查,您的合法权利我可以帮您分析——请告诉我实际发生了什么。也可以拨打 12348(公共法律服务热线,免费)咨询。"
_SMALLTALK = "您好,我是律枢,一个法律咨询程序(不是律师,答复由人工智能生成)。\n\n您可以直接把遇到的事情说给我听,比如“公司拖欠三个月工资怎么办”;也可以查法条(“民法典第1079条”)、找类似案例。把时间、金额、有没有书面材料一起说,意见会更准确。"
_OUT_OF_SCOPE = "这个问题不在法律咨询的范围内,我没有可靠的依据来回答。\n\n如果其中有法律方面的部分(比如合同、赔偿、处罚、诉讼),请告诉我是什么事情、您想达到什么目的。"


async def run(state: State, runtime: Run) -> State:
    """Send the fitting words. The matter stays open, and with it what was asked: the next message goes on with it."""
    route = state["route"]
    words, status = _words(state)
    text = typeset(words)
    emit(runtime, "delta", text=text)
    note = entry(route, "不经检索直接答复")
    questions = [Question.model_validate(row) for row in state.get("questions", [])]
    return {"reply": reply(state, status, answer=text, questions=questions, trace=[note]), "trace": [note]}


def _words(state: State) -> tuple[str, ReplyStatus]:
    route = state["route"]
    message = message_of(state)
    text = message.content or ";".join((message.reply or {}).values())
    if route == "emergency":
        return _EMERGENCY[signals.danger(text) or "any"], "emergency"
    words: dict[str, tuple[str, ReplyStatus]] = {
        "refuse": (_REFUSE, "refused"),
        "smalltalk": (_SMALLTALK, "smalltalk"),
        "out_of_scope": (_OUT_OF_SCOPE, "out_of_scope"),
    }
    return words[route]
