"""All words of the page, in Chinese and English. What the assistant says is not here: it answers in Chinese."""

from typing import Literal, get_args

from deploy.page.texts_tools import TOOLS
from orchestrator.wording import typeset

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = get_args(Lang)

_SITE: dict[str, tuple[str, str]] = {
    "site.tagline": ("中国法律咨询", "Chinese legal consultation"),
    "site.title": ("律枢 Lexhub · 法律咨询", "Lexhub 律枢 · legal consultation"),
    "site.loading": ("正在打开…", "Opening…"),
    "nav.label": ("页面栏目", "Sections"),
    "nav.consult": ("咨询", "Ask"),
    "nav.calculators": ("计算器", "Calculators"),
    "nav.papers": ("文书", "Papers"),
    "nav.articles": ("查法条", "Law"),
    "nav.mine": ("我的数据", "My data"),
    "nav.menu": ("打开咨询记录", "Open the list of consultations"),
    "theme.switch": ("切换深色或浅色", "Switch between dark and light"),
    "language.switch": ("English", "中文"),
    "notice.ai": (
        "AI生成,仅供参考,不构成律师意见",
        "AI-generated, for reference only, not legal advice",
    ),
    "notice.aid": ("免费法律援助热线", "Free legal aid hotline"),
    "emergency.title": ("有危险时,先打电话", "In danger, call first"),
    "emergency.hint": (
        "人身安全最要紧,法律上的事等安全了再说。",
        "Safety first. The legal side can wait until you are safe.",
    ),
    "emergency.110": ("报警", "Police"),
    "emergency.120": ("急救", "Ambulance"),
    "emergency.12338": ("妇女维权", "Women's rights"),
    "emergency.12356": ("心理援助", "Crisis support"),
}

_CONVERSATION: dict[str, tuple[str, str]] = {
    "welcome.title": ("说说您遇到的事", "Tell us what happened"),
    "welcome.lead": (
        "用平常话说就行:时间、金额、对方是谁、有没有字据。我会先问清关键的事实,再给出有法条依据的意见。",
        "Plain words are enough: when, how much, with whom, what is in writing. Decisive facts are asked for first; "
        "the opinion then names the articles of law it rests on. Write in Chinese: questions and answers are in Chinese.",
    ),
    "welcome.examples": ("比如", "For example"),
    "welcome.example.loan": ("借给朋友五万块,没写借条,现在联系不上了怎么办?", "借给朋友五万块,没写借条,现在联系不上了怎么办?"),
    "welcome.example.wages": ("公司拖欠我三个月工资,还让我自己走人,能要赔偿吗?", "公司拖欠我三个月工资,还让我自己走人,能要赔偿吗?"),
    "welcome.example.divorce": ("想离婚,对方不同意,孩子两岁,房子是婚后买的。", "想离婚,对方不同意,孩子两岁,房子是婚后买的。"),
    "welcome.private": (
        "对话保存在本服务的服务器上,您可以随时导出或删除;怎样处理见“我的数据”。",
        "The conversation is kept on this server; export or delete it at any time. See My data for how it is processed.",
    ),
    "composer.label": ("您的问题", "Your question"),
    "composer.placeholder": ("写下经过,或者接着问……", "Describe what happened, or ask on…"),
    "composer.send": ("发送", "Send"),
    "composer.stop": ("停止等待", "Stop waiting"),
    "composer.hint": ("Enter 发送 · Shift+Enter 换行 · / 到这里输入", "Enter sends · Shift+Enter breaks the line · / types here"),
    "mode.label": ("咨询方式", "Kind of consultation"),
    "mode.professional": ("专业", "Thorough"),
    "mode.normal": ("普通", "Quick"),
    "questions.title": ("还需要了解", "Still to be known"),
    "questions.hint": ("选一个或自己写;不回答的可以留空。", "Choose one or write your own; leave open what you like."),
    "questions.several": ("可以选几个", "Choose all that apply"),
    "questions.why": ("为什么问", "Why it matters"),
    "questions.unclear": ("不清楚", "Don't know"),
    "questions.skip": ("跳过", "Skip"),
    "questions.own": ("自己写:", "In your own words:"),
    "questions.own.placeholder": ("也可以用自己的话回答", "Or answer in your own words"),
    "questions.send": ("提交回答", "Send answers"),
    "facts.title": ("请核对这些事实", "Please check these facts"),
    "facts.hint": (
        "意见以这些事实为准。有不对的直接改,改过的会再给您看一遍。",
        "The opinion rests on them. Correct what is wrong; corrections are shown to you once more.",
    ),
    "facts.settled": ("据以回答的事实", "The facts the answer rests on"),
    "facts.label": ("事项", "Fact"),
    "facts.value": ("内容", "As understood"),
    "facts.source": ("来自", "Told in"),
    "facts.source.story": ("您的叙述", "your story"),
    "facts.source.reply": ("您的回答", "your reply"),
    "facts.source.confirm": ("您的更正", "your correction"),
    "facts.changed": ("已修改", "changed"),
    "facts.unread": ("照原话记下,不据此判断", "kept as told, decides nothing"),
    "facts.edit": ("修改:{label}", "Correct: {label}"),
    "facts.confirm": ("确认无误", "All correct"),
    "facts.correct": ("提交修改,再核对", "Send corrections"),
    "thoughts.running": ("正在处理……", "Working…"),
    "thoughts.steps": ("处理过程", "How it was worked out"),
    "step.intake": ("收到消息", "Message received"),
    "step.plan": ("制定计划", "Planning"),
    "step.understand": ("理解案情", "Understanding the matter"),
    "step.facts": ("提取事实", "Reading the facts"),
    "step.clarify": ("想清要问什么", "Deciding what to ask"),
    "step.keywords": ("提炼法律关键词", "Legal keywords"),
    "step.articles": ("检索法条", "Finding articles of law"),
    "step.cases": ("检索案例", "Finding similar cases"),
    "step.documents": ("查阅内部文件", "Reading internal documents"),
    "step.premises": ("核对前提", "Checking premises"),
    "step.suggest": ("挑选可用的法条", "Choosing what applies"),
    "step.calculate": ("计算", "Calculating"),
    "step.answer": ("准备答复要点", "Preparing the answer"),
    "step.dialogue": ("撰写答复", "Writing the answer"),
    "step.verify": ("逐句核对引用", "Checking every citation"),
    "step.lookup": ("查找法条", "Looking up the article"),
    "step.draft": ("起草文书", "Drafting"),
    "step.reply": ("回复", "Replying"),
}  # fmt: skip

_ANSWER: dict[str, tuple[str, str]] = {
    "citations.title": ("依据的法条", "Articles of law cited"),
    "citations.verified": ("已核对原文", "official text checked"),
    "citations.digest": ("要旨(非原文)", "digest (not the official text)"),
    "citations.open": ("查看{name}全文", "Open {name}"),
    "citations.more": ("另外 {count} 条", "{count} more"),
    "article.number": ("第{number}条", "Art. {number}"),
    "article.sub": ("第{number}条之{sub}", "Art. {number}-{sub}"),
    "article.close": ("关闭", "Close"),
    "article.digest": (
        "以下是本项目写的要旨,不是官方原文;引用时请以公布的法律文本为准。",
        "A digest written by this project, not the official text; quote the law from its official publication.",
    ),
    "article.official": ("官方原文", "Official text"),
    "article.status.in_force": ("现行有效", "in force"),
    "article.status.not_yet": ("尚未施行", "not yet in force"),
    "article.status.repealed": ("已废止", "repealed"),
    "article.status.superseded": ("已被修改", "superseded"),
    "article.version": ("版本", "Version"),
    "article.adopted": ("{day} 通过", "adopted {day}"),
    "article.effective": ("施行", "In force"),
    "article.since": ("{start} 起", "from {start}"),
    "article.until": ("{end} 前(不含当日)", "until {end} (exclusive)"),
    "article.between": ("{start} 起,至 {end} 前", "from {start}, until {end} (exclusive)"),
    "article.unknown": ("未注明", "not stated"),
    "article.chapter": ("所在章节", "Chapter"),
    "article.category": ("类别", "Category"),
    "article.source": ("来源", "Source"),
    "article.successor": ("现在适用", "Governed now by"),
    "article.versions": ("各版本", "Versions"),
    "article.copy": ("复制条文", "Copy the text"),
    "cases.title": ("相似案例", "Similar cases"),
    "cases.invented": ("虚构教学案例", "Invented teaching case"),
    "cases.judgment": ("裁判文书", "Judgment"),
    "cases.guiding": ("指导性案例", "Guiding case"),
    "cases.invented.hint": ("为说明而编写,没有这样一份判决。", "Written for illustration; no such judgment exists."),
    "cases.alike": ("相同", "Alike"),
    "cases.differs": ("不同", "Different"),
    "cases.nothing.differs": ("没有看出关键的不同", "No decisive difference seen"),
    "cases.open": ("看全文", "Read it"),
    "cases.label": ("案例全文", "Case"),
    "cases.facts": ("案情", "Facts"),
    "cases.issue": ("争议焦点", "Issue"),
    "cases.outcome": ("结果", "Outcome"),
    "cases.reasoning": ("理由", "Reasoning"),
    "cases.articles": ("涉及法条", "Articles"),
    "cases.court": ("法院", "Court"),
    "cases.number": ("案号", "Case number"),
    "cases.year": ("年份", "Year"),
    "cases.subject": ("案由", "Cause"),
    "documents.title": ("内部文件", "Internal documents"),
    "documents.hint": ("来自您单位自己的文件,不是法律,也没有经过核对。", "From your own organisation's files; not law, and not checked."),
    "actions.label": ("对这份答复", "About this answer"),
    "actions.copy": ("复制", "Copy"),
    "actions.copied": ("已复制", "Copied"),
    "actions.regenerate": ("重新回答", "Answer again"),
    "actions.up": ("有帮助", "Helpful"),
    "actions.down": ("没帮助", "Not helpful"),
    "actions.thanks": ("已记下您的评价", "Your rating is kept"),
    "actions.report": ("下载报告", "Download report"),
    "actions.paper": ("生成文书", "Make a document"),
    "actions.print": ("打印", "Print"),
}  # fmt: skip

_AROUND: dict[str, tuple[str, str]] = {
    "history.title": ("我的咨询", "My consultations"),
    "history.new": ("新咨询", "New consultation"),
    "history.empty": ("还没有咨询记录", "No consultations yet"),
    "history.untitled": ("还没有答复的咨询", "Consultation without a reply yet"),
    "history.delete": ("删除:{title}", "Delete: {title}"),
    "history.delete.confirm": ("确定删除", "Delete it"),
    "history.delete.hint": ("删除后不能恢复", "This cannot be undone"),
    "history.mode.professional": ("专业", "thorough"),
    "history.mode.normal": ("普通", "quick"),
    "errors.title": ("没有成功", "That did not work"),
    "errors.code": ("错误代码", "Code"),
    "errors.request": ("请求编号", "Request"),
    "errors.retry": ("再试一次", "Try again"),
    "errors.wait": ("请等 {seconds} 秒后再试。", "Try again in {seconds} s."),
    "errors.hint": (
        "反复出现时,请把上面的代码和编号告诉管理员。",
        "If it keeps happening, tell the operator the code and number above.",
    ),
    "errors.nothing_asked": ("刚才的内容没有用上。下面是现在的进展,可以接着回答。", "That could not be used. This is how it stands now; go on from here."),
    "errors.session_busy": ("上一条消息还在处理,请等它完成。", "The previous message is still being worked on."),
    "errors.session_not_found": ("没有这次咨询,可能已经删除。", "There is no such consultation; it may have been deleted."),
    "errors.missing_api_key": (
        "这个页面还没有访问服务的密钥,请联系管理员(用 `lexhub keys` 建立一把有 consult 和 experts 权限的密钥,放在环境变量 LEXHUB_PAGE_KEY 里,再重新启动)。",
        "This page has no key for the service yet; ask the operator, who makes one with `lexhub keys`, with the scopes consult and "
        "experts, sets LEXHUB_PAGE_KEY to it, and starts the server again.",
    ),
    "errors.rate_limited": ("请求太快了,请稍后再试。", "Too many requests; try again shortly."),
    "errors.overloaded": ("现在咨询的人很多,请稍后再试。", "The service is busy; try again shortly."),
    "errors.answer_failed": ("答复没有写完,这一轮没有保存,可以重新发送。", "The answer was not finished and this turn was not kept; send it again."),
    "errors.deadline_exceeded": ("处理超时,可以重新发送。", "It took too long; send it again."),
    "errors.unreachable": ("连不上咨询服务,请稍后再试。", "The service cannot be reached; try again shortly."),
}  # fmt: skip

_CORE: dict[str, tuple[str, str]] = {
    "chat.label": ("对话", "Conversation"),
    "chat.asked": ("为了给您准确的意见,还需要了解下面的情况。", "For an accurate opinion some more has to be known."),
    "chat.shown": ("请核对我理解的事实,确认之后给出意见。", "Please check the facts as understood; the opinion follows."),
    "chat.still": ("前面的还等您答复:", "What was asked before still waits for you:"),
    "chat.confirmed": ("以上事实无误。", "The facts are right."),
    "chat.corrected": ("更正:", "Corrections:"),
    "chat.stopped": (
        "已停止等待。这一轮仍在服务器上继续,可以随时接着看。",
        "You no longer wait for it. The turn goes on at the server; go on watching whenever you like.",
    ),
    "chat.follow": ("接着看", "Go on watching"),
    "chat.again": ("用同样的话重新咨询一次,原来的答复保留在记录里。", "The same is told in a new consultation; this answer is kept."),
    "consent.title": ("开始之前,需要您的同意", "Before you begin, your consent is needed"),
    "consent.notice": ("个人信息处理的告知", "How personal data are processed"),
    "consent.given": ("我同意处理我写下的个人信息", "I consent to the processing of what I write"),
    "consent.sensitive": ("我单独同意处理其中的敏感个人信息", "I separately consent to the processing of sensitive personal information"),
    "consent.outside": ("我单独同意把内容发给外部的模型服务", "I separately consent to sending what I write to models outside"),
    "consent.needed": ("请先逐项同意,再发送。", "Please consent to each part first."),
    "failed.title": ("出错了", "Error"),
    "lost": ("与服务器的连接断了,正在重新连接;写好的内容都还在。", "The server cannot be reached; trying again. Nothing you wrote is lost."),
    "errors.visitor": ("没有认出您的浏览器,请刷新页面。", "Your browser was not recognised; reload the page."),
}  # fmt: skip

TEXTS: dict[str, tuple[str, str]] = {**_CORE, **_SITE, **_CONVERSATION, **_ANSWER, **_AROUND, **TOOLS}
_TYPESET = {key: typeset(words) for key, (words, _) in TEXTS.items()}


def text(key: str, lang: Lang = "zh", **values: object) -> str:
    """The words of this key, as plain text: whoever puts them into HTML escapes them. Raises KeyError."""
    words = _TYPESET[key] if lang == "zh" else TEXTS[key][1]
    return words.format(**values) if values else words


def known(key: str) -> bool:
    """Whether there are words of this key."""
    return key in TEXTS
