"""民间借贷: whole stories, as people tell them, against what the pack makes of them."""

from datetime import date

import pytest

from orchestrator import asking, facts, reasoning
from orchestrator.contracts import Fact
from orchestrator.domains.lending import DOMAIN
from tests.orchestrator.fields import rounds

TODAY = date(2026, 11, 20)
RULES = "最高人民法院关于审理民间借贷案件适用法律若干问题的规定"


def told(*messages: str) -> tuple[list[str], dict[str, str], list[str], set[str]]:
    """Causes, facts (id to value), questions (element ids), articles of the findings that hold."""
    known: dict[str, Fact] = {}
    for message in messages:
        known = facts.merge(known, facts.extract(DOMAIN.elements, message, TODAY))
    causes = reasoning.recognise(DOMAIN, "\n".join(messages))
    decision = reasoning.decide(causes, known, TODAY)
    asked = [element.id for element in reasoning.worth_asking(DOMAIN, decision, known)]
    grounds = {article for _, finding in decision.held for ground in finding.grounds for article in ground.articles}
    assert not set(asked) & set(known), "asked what was told"
    return [cause.id for cause in causes], {id: fact.value for id, fact in known.items()}, asked, grounds


STORIES = [
    ("2021年5月我朋友找我借了5万块钱,说半年还,到现在一直没还,微信转账的没打借条,中间还了8000,前几天他把我拉黑了", "recover", {"side": "出借人", "principal": "50000元", "returned": "8000元", "proof": "只有转账或聊天记录", "due": "约定了,已到期", "lent_on": "2021年5月"}, ["demand", "interest", "tricked", "debtor", "due_since"], "民法典#561"),
    ("同事2022年3月10日向我借10万元做生意,打了借条写明2023年3月10日归还,月息1分,他老婆也签了字,到期只付了几个月利息,昨天打电话他说手头没钱,我想起诉,律师说要收8000,划得来吗", "recover", {"principal": "100000元", "fees": "8000元", "due_since": "2023年3月10日", "lent_on": "2022年3月10日", "demand": "催过或对方承诺过", "interest": "约定了,年利率12%以内(月息1分以内)", "spouse": "夫妻共同签字或共用"}, [], "民法典#1064"),
    ("我在网贷平台借了3万,实际到手2万7,每个月还3200,还了10期了还不起了,现在天天打电话催收,还给我爸妈同事打电话,怎么办", "owed", {"side": "借款人", "principal": "30000元", "got": "27000元", "cut": "有预扣", "repaid": "还了一部分"}, ["interest", "lender_kind"], "民法典#670"),
    ("收到法院传票,前同事告我欠他6万,其实那笔钱是他还我的钱,根本不是借的,当时是微信转的,没有借条", "owed", {"side": "借款人", "principal": "60000元", "repaid": "没有借过或没收到钱"}, [], f"{RULES}#16"),
    ("我跟一个放贷的借了5万,说好月息5分,砍头息扣了2500,打的借条是5万,已经还了4万利息了他还说欠5万本金", "owed", {"side": "借款人", "principal": "50000元", "returned": "40000元", "interest": "约定了,比这高", "cut": "有预扣", "special": "对方专门放贷"}, [], f"{RULES}#13"),
    ("我给朋友做了担保,他借了20万,借条上写我是担保人,没写别的,2024年1月到期没还,现在债主要告我让我还钱", "surety", {"side": "担保人", "due_since": "2024年1月", "guarantor": "写了担保人,没写方式"}, ["chased"], "民法典#687"),
    ("老王借了我15万,去年12月底到期,他弟弟在借条上以担保人签字,老王现在跑了找不到人,能找他弟弟要吗", "recover", {"side": "出借人", "principal": "150000元", "due_since": "2025年12月", "guarantor": "写了担保人,没写方式"}, ["interest", "tricked", "demand"], "民法典#692"),
    ("我哥借了别人30万赌博,现在债主找我嫂子要,嫂子根本不知道,需要还吗", "spouse_debt", {"side": "借款人的配偶", "spouse": "一方自己用"}, [], "民法典#1064"),
    ("2018年借给老同学4万,有借条,写着2019年底还,后来一直没好意思要,现在能起诉不", "recover", {"side": "出借人", "due_since": "2019年12月", "lent_on": "2018年", "demand": "没有催过"}, ["interest"], "民法典#192"),
    ("欠邻居2万早就还清了,当时没收回借条,现在他拿着借条又来找我要,说要告我", "owed", {"side": "借款人", "repaid": "已经还清"}, [], f"{RULES}#15"),
    ("我借了朋友八万块做生意亏了,现在还不上,他说要起诉我,会坐牢吗,能不能分期", "owed", {"side": "借款人", "principal": "80000元", "repaid": "还没还"}, ["interest", "cut"], "刑法#313"),
    ("借给朋友20万,他一直拖,给他打电话说下个月还下个月还,去年3月借的说三个月还,我每个月要还信用卡4500压力好大,那钱是我套信用卡借给他的", "recover", {"side": "出借人", "principal": "200000元", "lent_on": "2025年3月", "demand": "催过或对方承诺过", "special": "用信用卡或贷款套出来转借"}, ["proof", "interest", "due_since"], f"{RULES}#13"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("story", "cause", "expected", "questions", "article"), STORIES, ids=[row[0][:14] for row in STORIES]
)
def test_a_story_is_understood_and_only_what_decides_is_asked(
    story: str, cause: str, expected: dict[str, str], questions: list[str], article: str
) -> None:
    causes, known, asked, grounds = told(story)
    assert cause in causes
    assert {id: known.get(id) for id in expected} == expected
    assert asked == questions
    assert article in grounds


def test_a_bare_line_leads_to_the_decisive_questions() -> None:
    causes, known, asked, _ = told("别人欠钱不还怎么办")
    assert causes == ["recover"]
    assert known == {"side": "出借人"}
    assert {"due", "proof", "demand"} <= set(asked)


def test_a_promise_to_pay_is_no_due_date() -> None:
    _, known, _, _ = told("借给朋友2万,他老说下个月还")
    assert "due_since" not in known


def test_being_blocked_is_no_demand() -> None:
    assert "demand" not in told("借给网友5000,他把我拉黑了不接电话")[1]


def test_the_rate_decides_how_interest_is_read() -> None:
    interest = next(element for element in DOMAIN.elements if element.id == "interest")
    for said, value in (
        ("年化36%", "约定了,比这高"),
        ("月息两分", "约定了,比这高"),
        ("年利率8%", "约定了,年利率12%以内(月息1分以内)"),
        ("月息一分", "约定了,年利率12%以内(月息1分以内)"),
        ("月息一分五", "约定了,比这高"),
        ("没说利息", "没有约定"),
    ):
        found = facts.read_reply(interest, said, TODAY)
        assert found is not None, said
        assert found.value == value, said


def test_a_quick_reply_is_read_as_itself() -> None:
    for element in DOMAIN.elements:
        for choice in element.choices:
            found = facts.read_reply(element, choice.value, TODAY)
            assert found is not None
            assert found.value == choice.value


# Stories in which a lawyer would miss nothing: (cause, story).
WHOLE = [
    ("recover", "单位同事老周2023年5月6日管我借12万块给孩子交首付,当天我从工行卡转给他,他手写了借条,写的是2024年5月6日前还清,月息一分。到期以后他前后还了2万,最后一笔是去年10月。我每隔一两个月就在微信上催他,他都回说手头紧、过一阵一定给。借条上没有担保人也没抵押,他老婆当时也在借条上签了字。他还在单位上班,名下有一套房,身份证复印件我也有。我还没去法院,想问怎么起诉。"),
    ("owed", "去年3月我急着周转,跟一个做民间放贷的老板借了10万,借条写的10万,实际打到我卡上只有9万,他说先收一个月利息,约定月息5分,借期六个月。后来我陆续转账还了7万多,流水都在。今年9月他又拿着借条说我还欠本息14万,上周我收到了法院的传票和起诉状,12月10号开庭。他在我们这边借给好多人钱。我现在每月工资6000,想弄清还要还多少。"),
    ("surety", "2024年6月1日我堂哥向孙某借30万,约定一年,2025年6月1日到期。我在借条的保证人一栏签了名,写的是承担连带保证责任,没写保证期间。到期后堂哥一分没还,人也跑到外地联系不上,他名下就一辆旧车。孙某这一年多从来没找过我,也没起诉堂哥,直到上个月才第一次打电话让我还。中间他们有没有展期我不知道情况,没人让我再签字。我现在还没收到法院传票,想知道要不要还。"),
    ("spouse_debt", "我和丈夫2018年结婚,去年他瞒着我跟朋友借了25万,全拿去网上赌球输了,借条上只有他一个人签名,我不知情,也从来没在任何东西上签过字、没答应过还。今年3月我们已经离婚,协议写债务归他。上个月债主把我们两个一起告了,我收到了传票。家里日常开销都是我的工资出的,他没拿钱回来过。我想问这钱我要不要还?"),
]  # fmt: skip

# Openings that keep facts back: cause, story, what was told already, what must be asked in three turns.
OPENINGS = [
    ("recover", "我把钱借给了大学室友,现在他装死不还,我该怎么办?", {"side"}, {"principal", "demand", "interest", "proof", "returned", "due"}),
    ("recover", "表弟前年问我拿了八万块说是买车,到现在影子都没见着,我想把钱弄回来", {"principal", "lent_on", "side"}, {"interest", "admitted", "proof", "returned", "due"}),
    ("recover", "闺蜜说她妈住院急用,我前后给她打了三万,她现在连电话都不接了", {"principal", "debtor", "paid_by", "side"}, {"interest", "proof", "due"}),
    ("owed", "我从一个放债的人手里拿过一笔钱,现在他天天上门要我还,数目越滚越大", {"side"}, {"interest", "repaid", "action", "said_loan", "returned", "cut"}),
    ("owed", "有人去法院把我告了,说我欠他十五万,可我手里还过他不少", {"principal", "repaid", "action", "side"}, {"interest", "cut", "special", "said_loan"}),
    ("owed", "几年前的一张借条,人家现在拿出来起诉我了", {"proof", "action", "side"}, {"interest", "repaid", "cut", "returned"}),
    ("surety", "前年给老乡的借款当了保人,现在债主找上门来了", {"side"}, {"chased", "due_since", "guarantor", "term"}),
    ("surety", "我给小舅子的贷款签了个字,小额贷款公司起诉我了", {"action", "side"}, {"due_since", "chased", "guarantor", "term"}),
    ("spouse_debt", "我老公背着我在外面借了一屁股债,债主堵到家里让我还", {"side"}, {"spouse", "action", "principal", "ratified"}),
    ("spouse_debt", "离婚后突然有人拿着前夫的欠条来找我要账", {"wed", "side"}, {"spouse", "principal", "ratified"}),
]  # fmt: skip


@pytest.mark.parametrize(("cause", "story"), WHOLE, ids=[row[1][:14] for row in WHOLE])
def test_whoever_told_everything_is_asked_nothing(cause: str, story: str) -> None:
    assert reasoning.recognise(DOMAIN, story)[0].id == cause
    assert rounds(DOMAIN, story, TODAY) == []


@pytest.mark.parametrize(("cause", "story", "said", "decisive"), OPENINGS, ids=[row[1][:14] for row in OPENINGS])
def test_the_decisive_facts_are_asked_and_what_was_told_is_not(
    cause: str, story: str, said: set[str], decisive: set[str]
) -> None:
    assert reasoning.recognise(DOMAIN, story)[0].id == cause
    asked = {id for turn in rounds(DOMAIN, story, TODAY) for id in turn}
    assert not asked & said
    assert decisive <= asked


# The typical troubles of the field: the cause that leads, and how a client opens.
TROUBLES = [
    ("recover", "发小三年前从我这拿走五万说周转几天,现在装聋作哑"),
    ("recover", "借给表姐八万,微信转的,她总说下个月下个月"),
    ("recover", "十年前的一张借条,现在还能起诉要钱吗,借给邻居的"),
    ("recover", "同事欠我两万一直赖着不还,我想去法院告他"),
    ("recover", "我儿子借给同学一万二,人家爸妈说不管,怎么要"),
    ("recover", "钱是现金给的,没打条,现在他翻脸说没借过我的钱"),
    ("recover", "借给亲戚买房的钱,他说是我赠与的,没有写借条"),
    ("recover", "朋友借了我六万说好月息两分,现在利息也不给了"),
    ("owed", "收到法院传票,一个朋友起诉我还八万,我其实还了一大半"),
    ("owed", "我欠老乡十万块,生意赔了一时还不上,他要起诉我,会坐牢不"),
    ("owed", "钱早还完了借条没要回来,人家又拿条子来告我"),
    ("owed", "我压根没借过他的钱,他拿着转账记录说我欠他"),
    ("owed", "我爸欠了别人二十万还不上,人家天天来家里要账"),
    ("surety", "我给妹夫的借款做了保证人,现在债主起诉我"),
    ("surety", "借条上我在担保人那里签了字,都过去两年多了还要我还吗"),
    ("surety", "单位领导让我给他借钱当担保,现在他还不上了找我"),
    ("spouse_debt", "老公在外面网贷赌博欠了四十万,催债的找我要,我一点不知道"),
    ("spouse_debt", "跟前妻离婚两年了,有人拿着前妻的借条把我也告了"),
    ("spouse_debt", "我儿子欠了债,债主把儿媳妇也告上法庭说是夫妻共同债务"),
    ("dead_debtor", "堂哥借我十二万没还,今年车祸走了,嫂子说人死债烂"),
    ("dead_debtor", "老朋友欠我钱没还人就过世了,他儿子继承了房子却不认账"),
    ("mortgage", "他拿车押给我借了五万,车在我这,现在不还我能把车卖了吗"),
    ("mortgage", "借钱时签了一份房屋买卖合同做担保,说还不上房子就归我"),
    ("mortgage", "我把房本押给放款的老板借了三十万,现在他要收我的房"),
    ("evade", "他欠我四十万,听说把房子过户到他儿子名下了,怎么办"),
    ("evade", "借钱不还,夫妻俩办了假离婚,房子全给了女方"),
    ("enforce", "官司打赢了,判决下来半年了他一分钱不给"),
    ("enforce", "法院调解好了分期还,他还了一期就不还了,可以申请强制执行吗"),
    ("on_lent", "同事求我帮他贷款,我用自己名义在网贷平台贷了六万给他用,他现在不还了"),
    ("on_lent", "男朋友刷了我信用卡三万,分手后不认账"),
    ("lovers", "分手后前男友起诉我,说谈恋爱时转的五万是借款"),
    ("lovers", "女朋友处对象期间问我要了好几万,现在分手了能要回来吗"),
    ("forced", "他们把我关在酒店逼我写了二十万的欠条"),
    ("forced", "打麻将输了三万,当场写了借条,现在人家拿条子起诉我"),
    ("forced", "婚外情分手,被逼着签了十万块分手费的欠条"),
    ("forced", "工程款没结清,老板给我打了张欠条,这算不算借款"),
    ("venture", "朋友拉我入股他的饭店,说保本每月给分红,现在店关了钱不退"),
    ("collect", "网贷逾期三个月,催收天天爆我通讯录,还给我单位打电话"),
    ("owed", "借了高利贷五万,实际到手四万,已经还了六万还说没还完"),
    ("recourse", "我给朋友做担保,银行把我的钱划走了十万,我能找他要回来吗"),
    ("recourse", "弟弟欠人家钱,我替他还了八万,现在他不认"),
    ("assigned", "原来的债主把债权转让给一个公司,现在公司来找我要钱"),
    ("company_loan", "公司老板跟我们员工借钱周转,打的是他个人的借条,现在公司倒闭了"),
    ("company_loan", "我借给厂里三十万盖了公章,老板说跟他个人没关系"),
    ("vanished", "网上认识的人借了我两万,拿到钱就把我拉黑了,只知道微信号,能报警吗"),
    ("vanished", "借给老乡七万,现在人跑了电话打不通,找不到人还能起诉吗"),
    ("note", "借条不小心弄丢了,只剩当时拍的照片,对方还不知道"),
    ("note", "借条上没写我的名字,也没写身份证,法院认吗"),
    ("recover", "前年春上，邻村老李借走我三万八买牛，条子打了，现在见我就躲"),
    ("recover", "我把养老钱二十万借给外甥开店，他说赔光了没钱"),
    ("recover", "借给朋友钱，他说已经还给我了，其实没还"),
    ("recover", "微信借出去一万多，没借条，对方现在不回消息"),
    ("owed", "银行卡里收到八万是朋友还我的，现在他反过来告我借他钱不还"),
    ("owed", "欠人家五万，每月还两千，他现在要我一次还清还要告我"),
    ("owed", "借条写了十万，实际只给了我八万五，现在要我按十万还"),
    ("surety", "朋友贷款我签了字，说就是走个形式，现在银行让我还"),
    ("surety", "保证期间没写，借款人跑了，债主两年后来找我要"),
    ("spouse_debt", "前妻婚内借她表姐的钱，现在表姐把我告了"),
    ("spouse_debt", "老公炒股亏了借的私人钱，债主上门找我婆婆和我要"),
    ("dead_debtor", "欠我五万的工友上个月工地出事没了，找谁要"),
    ("mortgage", "拿车子抵给典当行借了三万，利息高得吓人，车被他们卖了"),
    ("evade", "判决还没下来，老板就把厂子和房子都转到他老婆名下了"),
    ("evade", "他欠钱不还，跟老婆离了婚，房子存款全给女方"),
    ("enforce", "判决都一年了，法院说他名下没财产，就这么算了吗"),
    ("on_lent", "闺蜜用我的花呗套了两万，说好每月还，现在不管了"),
    ("on_lent", "帮老板办的经营贷，钱他用了，银行天天催我"),
    ("lovers", "交往的时候他给我转了六万，现在分手要我还，不还就起诉"),
    ("forced", "赌场放数的逼我爸签了三十万借据"),
    ("venture", "亲戚拉我投了十五万到他的项目，每月返三千，现在不返了本也不退"),
    ("collect", "在手机App上借了三千，七天要还四千五，还不上就群发我照片"),
    ("recourse", "替表弟担保被法院扣了六万工资，现在想找他要回来"),
    ("company_loan", "厂长借我钱说厂里发工资用，条子是他个人写的，厂子倒闭了"),
    ("vanished", "网恋对象借了三万就消失了，连真名都不知道"),
    ("note", "欠条上名字写的是小名，没写身份证，他不认账"),
    ("assigned", "收到短信说我欠的钱转给某资产公司了，要我还给他们"),
    ("recover", "小舅子盖房问我拿了六万，都五年了，提都不提"),
    ("recover", "同学会上认识的，向我借了一万五，说下月还，现在推三阻四"),
    ("recover", "亲兄弟借钱不还，有聊天记录，想起诉又怕伤和气"),
    ("recover", "之前给人垫的货款，他写了借条，到期不给"),
    ("owed", "债主天天来我单位闹，我是真没钱，能不能分期还"),
    ("owed", "借了表哥八万，他说利息要按月两分算，我觉得太高"),
    ("owed", "我妈年轻时借的钱，人家现在拿二十年前的条子来要"),
    ("surety", "给同乡做的担保，当时写连带责任，银行起诉了"),
    ("surety", "我只是在借条上当见证人签了名，现在也被告了"),
    ("spouse_debt", "老婆偷偷借网贷买奢侈品，欠了十几万，我要还吗"),
    ("dead_debtor", "合伙人欠我二十万，上月心梗走了，他儿子说不知道这回事"),
    ("mortgage", "他把房子抵押给我办了登记，现在不还，怎么把房子拍卖"),
    ("evade", "起诉前他把车低价卖给了他弟弟"),
    ("enforce", "赢了官司拿不到钱，对方天天发朋友圈旅游"),
    ("on_lent", "前男友用我名字贷款买车，车他开走了，贷款我还"),
    ("forced", "跟人合伙亏了，他带人到我家逼着写了欠条"),
    ("venture", "朋友说带我炒股保本，给了他十万，亏完了不认"),
    ("collect", "网贷逾期了，他们给我村里人都打了电话"),
    ("company_loan", "公司资金紧张，让员工集资，现在老板跑了"),
    ("note", "转账时没备注，借条也没写，就有一段录音"),
]  # fmt: skip


@pytest.mark.parametrize(("cause", "opening"), TROUBLES, ids=[row[1][:14] for row in TROUBLES])
def test_a_trouble_comes_out_at_its_own_cause(cause: str, opening: str) -> None:
    assert reasoning.recognise(DOMAIN, opening)[0].id == cause


# A cause of its own, a story with its deciding facts, and an article that the conclusion rests on.
CONCLUSIONS = [
    ("dead_debtor", "堂哥去年借我12万有借条没还,今年5月车祸去世,他名下有一套房子,儿子继承了", "民法典#1161"),
    ("mortgage", "他拿店面抵押跟我借了80万,只押了房产证没有去办抵押登记", "民法典#402"),
    ("evade", "他欠我40万有判决,把房子赠与给儿子,我今年10月9日查到的", "民法典#538"),
    ("enforce", "官司赢了,判决下来他不给,我还没申请强制执行", "民事诉讼法#250"),
    ("on_lent", "我把信用卡套出来的钱借给同事,帮他贷款五万", f"{RULES}#13"),
    ("lovers", "前男友起诉我还钱,都是520、1314红包,我从来没写过借条", "民法典#657"),
    ("forced", "他们不让我走,逼我写了二十万欠条", "民法典#150"),
    ("venture", "朋友拉我投资他的店,说保本,现在不退钱", "民法典#146"),
    ("collect", "网贷催收爆我通讯录,天天打给我爸妈", "刑法#293-1"),
    ("recourse", "我作为担保人替他还了八万,现在他不认", "民法典#700"),
    ("assigned", "债权转让给一个公司来要钱,没人通知过我", "民法典#546"),
    ("company_loan", "老板跟我借钱,个人名义签的,钱公司周转用了", f"{RULES}#22"),
    ("vanished", "借给网友两万,用的假身份,现在失联了", "刑法#266"),
    ("note", "借条弄丢了,借给老同学三万", f"{RULES}#2"),
]  # fmt: skip


@pytest.mark.parametrize(("cause", "story", "article"), CONCLUSIONS, ids=[row[0] for row in CONCLUSIONS])
def test_a_special_trouble_is_concluded_on_its_own_articles(cause: str, story: str, article: str) -> None:
    causes, _, _, grounds = told(story)
    assert causes[0] == cause
    assert article in grounds


# What was misread or missed: the messages of one client, what must be known at the end, and words of a conclusion.
MENDED = [
    (("2023年4月跟一个放款的人借了20万,月息三分。借条写的20万,但他当场就扣了第一个月6000块利息,实际打到我卡上19万4。后来我陆陆续续还了他十几万,他还要我还28万", "是的,他在我们市场放给好多人,公司没有牌照"), {"side": "借款人", "cut": "有预扣", "repaid": "还了一部分", "special": "对方专门放贷"}, "实际到手的本金"),
    (("通过熟人介绍跟一个放款的借了十万块周转,这两年每个月都在还,已经还了快十二万了,他还说我欠他六万八,还说要到法院起诉我", "他专门干这个的,七八个做餐饮的都借过他的", "转账十万给我,当天让我取一万五现金给他,说是头三个月的利息"), {"side": "借款人", "principal": "100000元", "action": "还没有起诉", "cut": "有预扣", "special": "对方专门放贷"}, "先扣掉的利息不算本金"),
    (("我和朋友马某都在借款合同的“连带保证人”一栏签了字,在同一张合同上。老赵借给孙某12万,2025年5月到期孙某没还,法院判了,执行的时候只扣到我的钱,法院从我账户划走了13万7千",), {"side": "担保人", "paid_for": "担保人或共同借款人", "co_surety": "同一份合同上签字"}, "请其他担保人按比例分担"),
    (("2024年1月10日,我通过银行转账借给表哥周某10万元,他写了借条,年利率8%,2025年1月10日一次还本付息。没有扣过利息,也没有写逾期利息。他未婚,到期后没还",), {"lent_on": "2024年1月10日", "due_since": "2025年1月10日", "interest": "约定了,年利率12%以内(月息1分以内)", "cut": "没有预扣", "spouse": "借款人没有结婚"}, "约定的利息可以一并要"),
    (("借条是我亲手写的,可是那十万块钱他根本没转给我,现在拿着借条逼我还钱",), {"repaid": "没有借过或没收到钱"}, "可以明确否认借款"),
    (("老同事的儿子借了别人十五万,我在借条上签了担保人三个字,别的没写,债主来找我要钱", "今年8月来找我要的,没听说他去法院告过那小子"), {"side": "担保人", "chased": "只找过担保人要", "action": None}, "是一般保证"),
    (("朋友陈总开了家印刷公司,去年找我借了五十万,借条是他本人签的字。个人名下啥都没有,房子早转出去了,公司机器都还开着。我能不能把他公司一起告了", "转到公司账上了,没盖章,就他自己签名", "过户给他妹妹了,没给钱"), {"signer": "个人名义,公司用", "company_state": "还在经营", "disposal": "白送或放弃", "action": None}, "公司和个人可以一起告"),
    (("同事借了我六万,借条写着2018年4月底还清", "今年国庆他在微信上跟我说那六万我记着呢,一定还你,聊天还在"), {"due_since": "2018年4月", "demand": "催过或对方承诺过"}, "不能再拿时效推脱"),
    (("客户老吴找我借八十万,拿店面给我做抵押,写了抵押合同,房产证给我收着。现在他不还钱", "没去房管局办过,想说证在我手里就稳了", "证上是老吴跟他老婆两个人的名,抵押合同只有老吴签"), {"registered": "没有登记,只押了证件或东西", "owner": "和配偶等人共有,共有人没签字"}, "抵押权还没设立"),
    (("老战友跟我借了十五万,说好年底还,上个月人没了", "有一套两居室在他名下"), {"left": "有遗产"}, "在拿到的遗产价值范围内替他还"),
    (("我闺蜜说周转不开,我微信转给她四万六,就没让她打条子。现在她说那钱是我自己愿意给她的",), {"proof": "只有转账或聊天记录", "admitted": "没有承认或改口"}, "没有借条"),
    (("我儿子在网上借了好几家网贷,现在催收天天打电话给我,说再不还就上门,他22岁,欠了八万多",), {"debt_of": "成年子女"}, "没有义务还"),
]  # fmt: skip


@pytest.mark.parametrize(("messages", "expected", "words"), MENDED, ids=[row[0][0][:14] for row in MENDED])
def test_what_was_misread_is_read(messages: tuple[str, ...], expected: dict[str, str | None], words: str) -> None:
    known: dict[str, Fact] = {}
    for message in messages:
        known = facts.merge(known, facts.extract(DOMAIN.elements, message, TODAY))
    held = reasoning.decide(reasoning.recognise(DOMAIN, messages[0]), known, TODAY).held
    assert {id: known[id].value if id in known else None for id in expected} == expected
    assert any(words in finding.concludes for _, finding in held)


def test_a_lender_is_not_asked_what_a_surety_is() -> None:
    known = facts.extract(DOMAIN.elements, "同事借了我六万,有借条,一直不还", TODAY)
    assert {"chased", "term", "renewed", "altered"} <= asking.moot(DOMAIN, known, TODAY)
