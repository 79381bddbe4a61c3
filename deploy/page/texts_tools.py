"""The words of the tabs beside the conversation, in Chinese and English."""

_COMMON: dict[str, tuple[str, str]] = {
    "tools.waiting": ("正在打开…", "Opening…"),
    "tools.choose": ("请选择", "Choose"),
    "tools.read": ("看原文和版本:{name}", "Open {name}"),
}

_CALCULATORS: dict[str, tuple[str, str]] = {
    "calculators.title": ("法律计算器", "Legal calculators"),
    "calculators.lead": (
        "每一步都写明怎么算、依据哪一条。结果只供参考,以裁判和仲裁为准。",
        "Every step shows how it is worked out and by which article. For reference only; courts decide.",
    ),
    "calculators.back": ("全部计算器", "All calculators"),
    "calculators.calculate": ("计算", "Calculate"),
    "calculators.wanted": ("需要知道的", "Needed"),
    "calculators.more": ("其他情况({count} 项,知道的再填)", "More circumstances ({count}; fill in what you know)"),
    "calculators.place": ("地区(省或市)", "Province or city"),
    "calculators.place.hint": ("有些标准各地不同,例如“上海”", "Some rates differ from place to place, such as 上海"),
    "calculators.on": ("按哪天计算", "Day of the calculation"),
    "calculators.on.hint": ("不填就按今天", "Today, if left open"),
    "calculators.hint.amount": ("元,例如 8000 或 5万", "Yuan, such as 8000"),
    "calculators.hint.duration": (
        "例如 7年6个月、15天",
        "Such as 7年6个月 or 15天",
    ),
    "calculators.hint.number": ("数字", "A number"),
    "calculators.hint.rate": ("每年百分之几,例如 12", "Percent a year, such as 12"),
    "calculators.hint.payments": ("一笔一行,例如:2024-03-05 5000", "One on each line, such as 2024-03-05 5000"),
    "calculators.missing": (
        "还缺少:{labels}。填好后再按“计算”。",
        "Still needed: {labels}. Fill in and calculate again.",
    ),
    "calculators.field.unit": ("请写明单位,如 5年、18个月、15天", "Say in what: 5年, 18个月, 15天"),
    "calculators.field.missing": ("这一项需要填写", "This is needed"),
    "calculators.result": ("计算结果", "Result"),
    "calculators.step": ("步骤", "Step"),
    "calculators.working": ("怎么算", "Working"),
    "calculators.gives": ("得出", "Gives"),
    "calculators.basis": ("依据", "By"),
    "calculators.assumed": ("计算时假定", "Taken for granted"),
    "calculators.notes": ("请注意", "Please note"),
    "calculators.copy": ("复制结果", "Copy the result"),
}  # fmt: skip

_PAPERS: dict[str, tuple[str, str]] = {
    "papers.title": ("法律文书", "Legal documents"),
    "papers.lead": (
        "选一种文书,填好知道的,其余会标成【待填】。诉状等要以一次咨询为依据。",
        "Choose a document and fill in what you know; the rest stays marked 【待填】. Pleadings need a consultation.",
    ),
    "papers.back": ("全部文书", "All documents"),
    "papers.session": ("根据咨询生成", "made from a consultation"),
    "papers.alone": ("可以直接填写", "can be filled in directly"),
    "papers.from": ("根据哪次咨询", "From which consultation"),
    "papers.from.hint": ("咨询中已经说明的事实会自动填入", "Facts told there are filled in"),
    "papers.from.none": ("不用咨询,直接填写", "None; fill in directly"),
    "papers.from.empty": (
        "这种文书要根据咨询来写,您还没有咨询记录。请先到“咨询”说清事情的经过,得到意见后再来。",
        "This document is made from a consultation, and you have none yet. Tell your story under “Consult” first.",
    ),
    "papers.form": ("填写", "Fill in"),
    "papers.preview": ("预览", "Preview"),
    "papers.preview.title": ("预览:{title}", "Preview: {title}"),
    "papers.open": ("还有 {count} 处待填", "{count} places are still open"),
    "papers.whole": ("没有待填的地方了", "Nothing is left open"),
    "papers.download": ("下载", "Download"),
    "papers.print.hint": ("Word 可以接着修改,PDF 适合打印。", "Word can be edited further; PDF is for printing."),
}  # fmt: skip

_ARTICLES: dict[str, tuple[str, str]] = {
    "articles.title": ("查法条", "Look up the law"),
    "articles.lead": (
        "写法条名称和条号就直接查那一条;写一件事或几个词就检索有关的法条和案例。",
        "Name a law and an article to open it, or describe a matter to find articles and cases (in Chinese).",
    ),
    "articles.box": ("法条、问题或关键词", "Article, question or keywords"),
    "articles.box.hint": (
        "例如:民法典675、劳动合同法第四十七条第二款、加班费怎么算",
        "Such as 民法典675, 劳动合同法第四十七条第二款, 加班费怎么算",
    ),
    "articles.what": ("查什么", "What to look for"),
    "articles.what.articles": ("法条", "Articles"),
    "articles.what.cases": ("案例", "Cases"),
    "articles.as_of": ("按哪天的法律", "Law of which day"),
    "articles.as_of.hint": ("不填就按今天", "Today, if left open"),
    "articles.charge": ("罪名(只对案例)", "Charge (cases only)"),
    "articles.level": ("法院层级(只对案例)", "Court (cases only)"),
    "articles.any": ("不限", "Any"),
    "articles.more": ("筛选", "Filters"),
    "articles.go": ("查找", "Find"),
    "articles.found": ("检索到的法条", "Articles found"),
    "articles.looked": ("您写的法条", "The article you named"),
    "articles.nothing": ("没有找到。换个说法,或者只写关键的词。", "Nothing found. Try other words."),
    "articles.keywords": ("检索用的关键词", "Keywords used"),
    "articles.paragraph": ("第{number}款", "Paragraph {number}"),
    "articles.why": ("为什么找到", "Why it was found"),
    "articles.why.said": ("字面相同:{words}", "Words in common: {words}"),
    "articles.why.score": ("适用的可能 {percent}%", "Likely to govern: {percent}%"),
    "articles.why.asked": ("以前类似的问题用到过这一条", "Earlier questions like this one led to it"),
    "articles.why.first": ("排第 {place}", "Rank {place}"),
    "articles.paragraph.digest": (
        "现在只有这一条的要旨,不分款;导入官方文本后可以看到各款。",
        "Only a digest of this article is loaded, which has no paragraphs.",
    ),
    "articles.paragraph.none": ("这一条没有第{number}款。", "This article has no paragraph {number}."),
    "articles.day": ("日期应写成 2024-03-05 这样。", "Write the day as 2024-03-05."),
    "cases.found": ("检索到的案例", "Cases found"),
}  # fmt: skip

_MINE: dict[str, tuple[str, str]] = {
    "mine.title": ("我的数据", "My data"),
    "mine.lead": (
        "这里是本服务保存的关于您的全部内容。您可以随时带走或者删除。",
        "All that this service keeps about you. Take it with you or delete it at any time.",
    ),
    "mine.consultations": ("我的咨询({count})", "My consultations ({count})"),
    "mine.none": ("没有保存任何咨询。", "No consultation is kept."),
    "mine.export": ("导出", "Export"),
    "mine.export.one": ("导出:{title}", "Export: {title}"),
    "mine.export.all": ("导出全部(JSON)", "Export all (JSON)"),
    "mine.delete": ("删除", "Delete"),
    "mine.delete.one": ("删除:{title}", "Delete: {title}"),
    "mine.delete.sure": ("确定删除", "Delete it"),
    "mine.deleted.one": ("已删除这次咨询和它的全部内容。", "The consultation and all that belonged to it are deleted."),
    "mine.delete.all": ("删除全部", "Delete everything"),
    "mine.delete.all.hint": (
        "所有咨询、评价和由它们保存的内容都会删除,不能恢复。请输入“{word}”来确认。",
        "All consultations and ratings are deleted for good. Type “{word}” to confirm.",
    ),
    "mine.delete.word": ("删除", "DELETE"),
    "mine.delete.box": ("输入“{word}”", "Type “{word}”"),
    "mine.file": ("我的咨询数据", "my-consultations"),
    "mine.delete.wrong": ("没有删除:请原样输入“{word}”。", "Nothing was deleted: type “{word}” exactly."),
    "mine.deleted": ("已删除 {count} 次咨询。", "{count} consultations deleted."),
    "mine.notice": ("个人信息处理的告知", "How personal data are processed"),
    "mine.notice.chinese": ("", "The notice is in Chinese, the language that binds."),
    "mine.basis": ("依据:{articles}", "By: {articles}"),
}  # fmt: skip

TOOLS: dict[str, tuple[str, str]] = {**_COMMON, **_CALCULATORS, **_PAPERS, **_ARTICLES, **_MINE}
