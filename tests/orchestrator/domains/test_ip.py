"""知识产权: whole stories, as people tell them, against what the pack makes of them."""

from datetime import date

import pytest

from orchestrator import facts, reasoning
from orchestrator.contracts import Fact
from orchestrator.domains.ip import DOMAIN
from tests.orchestrator.fields import played

TODAY = date(2026, 11, 20)
COPY = "最高人民法院关于审理著作权民事纠纷案件适用法律若干问题的解释"
GRANT = "最高人民法院关于审理商标授权确权行政案件若干问题的规定"
PATENTS = "最高人民法院关于审理专利纠纷案件适用法律问题的若干规定"
SECRETS = "最高人民法院关于审理侵犯商业秘密民事案件适用法律若干问题的规定"
UNFAIR = "最高人民法院关于适用反不正当竞争法若干问题的解释"


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


# Story, cause that stands first, some facts, all that is still asked, an article that must be among the grounds.
STORIES = [
    ("我拍的照片被一家网店盗用当主图,发消息不理我,能赔多少", "copyright", {"role": "权利人", "title": "自己或本单位原创", "warned": "警告过仍不停", "use": "商业使用"}, ["proof", "keep"], "著作权法#54"),
    ("我写的小说被人洗稿发在番茄上,原稿都在,对方不承认抄袭,已经做了公证", "copyright", {"role": "权利人", "work": "文字", "proof": "有底稿、登记或原文件", "keep": "已公证或可信存证", "use": "抄袭、改写或改编"}, [], "著作权法#52"),
    ("有人在闲鱼低价卖我的网课,9.9一份,我有源文件和版权登记,已经公证取证,发律师函他也不理,卖了好几万", "copyright", {"role": "权利人", "use": "复制贩卖", "warned": "警告过仍不停"}, [], "刑法#217"),
    ("我是摄影师,去年10月发现一家房产中介公众号用了我12张照片,照片我有RAW原片,已经做了可信时间戳,给他们发律师函不理,现在还挂着,律师费5000,能要求赔多少", "copyright", {"role": "权利人", "known_since": "2025年10月", "cost": "5000元", "proof": "有底稿、登记或原文件", "keep": "已公证或可信存证"}, [], f"{COPY}#26"),
    ("2021年就发现对方用我的插画印在T恤上卖,到现在还在卖,我有底稿,公证过了,没联系过他", "copyright", {"role": "权利人", "known_since": "2021年", "warned": "没有通知过"}, [], f"{COPY}#27"),
    ("公司公众号用了一张网上下载的图,现在收到律师函要赔5000,怎么办", "copyright", {"role": "被指侵权的一方", "source": "网上找的,没有授权", "stage": "收到律师函或索赔", "claim": "5000元"}, [], "著作权法#59"),
    ("视觉中国说我们侵权要一万", "copyright", {"role": "被指侵权的一方", "claim": "10000元"}, ["use", "source"], f"{COPY}#25"),
    ("公司装了盗版CAD,收到律师函索赔20万", "copyright", {"work": "软件", "use": "商业使用", "claim": "200000元"}, [], "计算机软件保护条例#30"),
    ("收到法院传票,说我店铺详情页用的字体侵权,详情页是美工做的", "copyright", {"work": "字体", "source": "外包、供应商或员工弄的", "stage": "已被起诉"}, [], "民法典#1191"),
    ("我不是抄袭,是自己写的,现在被起诉抄袭小说", "copyright", {"role": "被指侵权的一方", "source": "自己做的", "stage": "已被起诉"}, [], f"{COPY}#15"),
    ("我做影视解说,剪了几分钟电影片段,会不会侵权", "copyright", {"use": "评论、介绍时少量引用", "stage": "只是担心,还没人找"}, [], "著作权法#24"),
    ("我在网上卖盗版电子书,赚了3万多,被公安叫去问话", "copyright", {"role": "被指侵权的一方", "use": "复制贩卖", "stage": "市场监管或公安查处", "gain": "30000元"}, [], "刑法#218"),
    ("我注册了商标,开了5年奶茶店,现在对面开了一家店名跟我只差一个字的奶茶店,发了律师函也不改名", "trademark", {"role": "权利人", "tm_state": "已经注册", "tm_goods": "同一种或类似", "tm_used": "一直在用", "tm_act": "用作店名、字号或招牌"}, [], "商标法#57"),
    ("我们牌子没注册商标,同行仿冒我们的名字和包装,怎么办", "trademark", {"role": "权利人", "tm_state": "没有注册"}, [], f"{UNFAIR}#4"),
    ("小超市卖了几瓶假洗发水,被品牌方起诉要赔3万,我从批发市场进的有进货单", "trademark", {"role": "被指侵权的一方", "tm_source": "不知情,有进货凭证", "claim": "30000元", "stage": "已被起诉"}, [], "商标法#64"),
    ("俺在村里开小卖部,卖洗衣粉让人家告了,说是冒牌,要俺赔2万,俺从镇上批发部进的,没得单子,俺真不晓得是假的", "trademark", {"role": "被指侵权的一方", "tm_source": "不知情,没有凭证", "claim": "20000元"}, [], "商标法#64"),
    ("我在朋友圈卖高仿鞋,被公安查了会坐牢吗", "trademark", {"role": "被指侵权的一方", "tm_source": "知道是假货", "stage": "市场监管或公安查处"}, [], "刑法#214"),
    ("我2017年开始用这个店名,他2020年注册的商标,现在要我赔10万,律师函收到了,我在县城就一家店,开餐馆的", "trademark", {"role": "被指侵权的一方", "tm_prior": "对方申请注册之前就在用", "claim": "100000元"}, [], "商标法#59"),
    ("我的店名用了三年,突然收到律师函说侵犯他们商标权要求改名赔偿5万,他们是2010年就注册了", "trademark", {"tm_prior": "对方注册之后才用", "claim": "50000元"}, [], "商标法#57"),
    ("工商查到我店里卖假酒,说罚五倍,我是从上门推销的人手里进的,没要票", "trademark", {"stage": "市场监管或公安查处", "tm_source": "不知情,没有凭证"}, [], "商标法#60"),
    ("我店开了八年小有名气,名字去年被别人注册成功了,还让我改名", "registration", {"reg_matter": "被别人抢注", "reg_stage": "已注册,不满五年", "reg_ground": "在先使用、有一定名气"}, [], "商标法#45"),
    ("我的经销商偷偷把我的牌子拿去注册了商标,现在是初审公告", "registration", {"reg_stage": "初审公告期内(三个月)", "reg_ground": "对方是我的经销商、合伙人、员工等"}, [], "商标法#15"),
    ("我画的图案被人拿去注册商标了,已经注册6年了", "registration", {"reg_stage": "已注册满五年", "reg_ground": "有著作权、姓名、字号等在先权利"}, [], f"{GRANT}#19"),
    ("商标申请被驳回了,说跟别人近似,11月10号收到的通知", "registration", {"reg_matter": "申请被驳回", "reject_why": "与别人的在先商标近似", "reg_notice": "2026年11月10日"}, [], "商标法#34"),
    ("收到商标局撤三通知,让提供使用证据,我们一直在用,有发票合同", "registration", {"reg_matter": "自己的商标被申请撤销或无效", "reg_use": "用过,有证据"}, [], "商标法实施条例#66"),
    ("商标过期三个月了还能续吗", "registration", {"reg_matter": "续展或变更"}, [], "商标法#40"),
    ("我买了别人的商标,签了合同付了2万还没过户", "registration", {"reg_matter": "买卖、转让商标", "fee": "20000元"}, [], "商标法#42"),
    ("描述商品特点的商标能获得注册吗?", "registration", {"reg_matter": "想注册、问能不能注册"}, [], "商标法#11"),
    ("我的实用新型专利被同行山寨,已授权,还没做评价报告,公证购买了样品,对方是工厂,2025年3月发现的", "patent", {"role": "权利人", "patent_kind": "实用新型", "patent_report": "没有报告", "known_since": "2025年3月"}, [], "专利法#66"),
    ("我的产品在申请专利时就已经被仿造了怎么办?", "patent", {"role": "权利人", "patent_state": "申请中,还没授权"}, [], "专利法#13"),
    ("有人告我侵犯他的实用新型专利,收到传票,可是这东西市面上早就有了,2018年淘宝就有卖,他2021年才申请", "patent", {"role": "被指侵权的一方", "stage": "已被起诉", "patent_defence": "他申请前市面上早就有"}, [], "专利法#67"),
    ("我在淘宝卖的杯架被投诉外观专利侵权下架了,我是1688进的货,有聊天记录和订单", "patent", {"patent_kind": "外观设计", "stage": "平台投诉、下架", "patent_defence": "进货来卖,不知情且有来源"}, [], "专利法#77"),
    ("我早在2015年就生产这款锁了,他2019年申请专利后告我侵权要我赔50万", "patent", {"patent_defence": "他申请前我就在做", "claim": "500000元"}, [], "专利法#75"),
    ("外观专利保护几年", "patent", {"role": "没有纠纷,想了解规定", "patent_kind": "外观设计"}, [], "专利法#42"),
    ("我是公司研发工程师,在职时发明了一个装置,公司拿到发明专利赚了大钱,一分奖金没给,合同也没约定", "invention", {"inv_issue": "奖励报酬", "inv_agree": "没有约定"}, [], "专利法实施细则#93"),
    ("我离职半年后自己申请了一个专利,老东家说是职务发明要归公司", "invention", {"inv_how": "离职一年内,与原工作有关", "inv_issue": "归属"}, [], "专利法实施细则#13"),
    ("下班后在家自己花钱做的发明,跟工作没关系,公司非要以公司名义申请专利", "invention", {"inv_how": "业余自己做,与工作无关", "inv_issue": "归属"}, [], "专利法#6"),
    ("我花钱请设计师做的logo,没签合同,版权归谁", "authorship", {"made_for": "受委托、约稿", "inv_agree": "没有约定", "inv_side": "单位或出钱的一方"}, [], "著作权法#19"),
    ("上班写的代码离职能带走用吗", "authorship", {"made_for": "上班完成的工作任务", "work": "软件"}, ["inv_agree"], "计算机软件保护条例#13"),
    ("我用AI画的图版权归谁", "authorship", {"made_for": "用AI生成的"}, [], "著作权法#3"),
    ("和朋友一起写的歌,他不同意我发表", "authorship", {"made_for": "几个人合作"}, [], "著作权法#14"),
    ("前员工离职后带走客户名单去了竞争对手,签了保密协议", "trade_secret", {"role": "权利人", "secret_what": "客户名单、报价等经营信息", "secret_guard": "有保密措施"}, [], f"{SECRETS}#2"),
    ("技术主管用U盘拷走了配方和图纸,我们有保密制度和加密,现在他自己开厂生产", "trade_secret", {"role": "权利人", "secret_what": "技术信息(配方、图纸、源代码等)"}, [], "刑法#219"),
    ("老东家告我侵犯商业秘密,说我带走客户,其实客户是自愿主动找我的,没签过竞业和保密协议", "trade_secret", {"role": "被指侵权的一方", "secret_how": "只凭脑子里的经验、客户自愿跟来", "secret_guard": "没有保密措施"}, [], f"{SECRETS}#5"),
    ("和客户谈合作把技术方案给他看了,没签成合同,他自己做了", "trade_secret", {"role": "权利人", "secret_how": "合作、谈判中知道的"}, ["secret_guard"], "民法典#501"),
    ("隔壁店模仿我们的装修和包装,我们开了8年小有名气,没注册商标", "confusion", {"role": "权利人", "rival_act": "仿包装、装潢或店面风格", "fame": "有一定影响"}, [], f"{UNFAIR}#8"),
    ("有人冒充我们公司的名义招代理", "confusion", {"role": "权利人", "rival_act": "仿店名、字号或名称"}, ["fame"], f"{UNFAIR}#26"),
    ("同行在抖音上说我们产品有毒,造谣", "confusion", {"role": "权利人", "rival_act": "诋毁、抹黑"}, [], f"{UNFAIR}#20"),
    ("淘宝店链接被恶意投诉专利侵权下架,我的是进货的有授权,怎么申诉恢复", "takedown", {"role": "被指侵权的一方", "plat_kind": "电商平台", "plat_issue": "我的内容被投诉下架,但没侵权"}, [], "电子商务法#43"),
    ("怎么让平台删掉盗版链接", "takedown", {"role": "权利人", "plat_issue": "要平台删除侵权内容"}, [], "民法典#1195"),
    ("加盟奶茶店交了8万加盟费,总部没有直营店,想退钱", "licence", {"lic_side": "使用的一方", "lic_issue": "加盟后想退费解约", "fee": "80000元"}, [], "商业特许经营管理条例#23"),
    ("我把商标授权给一家公司用,合同到期了他们还在用,还拖欠许可费3万", "licence", {"lic_side": "授权的一方", "fee": "30000元"}, [], "民法典#873"),
    ("我和合伙人共有专利,他自己授权给别人收钱不分我", "licence", {"lic_issue": "共有人之间的使用和分钱"}, [], "专利法#14"),
    ("我们厂被告侵犯发明专利,一审判了赔100万,怎么办", "patent", {"role": "被指侵权的一方", "stage": "已被起诉", "claim": "1000000元"}, ["patent_defence"], f"{PATENTS}#8"),
    ("可以以知识产权设立质权吗?如何设立?", "licence", {"lic_issue": "质押融资"}, [], "民法典#444"),
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


@pytest.mark.parametrize(
    ("line", "cause", "questions"),
    [
        ("别人抄袭我的视频怎么办", "copyright", {"proof", "keep", "warned"}),
        ("我的商标被隔壁店仿冒了怎么办", "trademark", {"tm_state"}),
        ("商标被抢注了怎么办", "registration", {"reg_stage", "reg_ground"}),
        ("专利侵权怎么办", "patent", {"role", "patent_state", "patent_defence"}),
        ("商业秘密被泄露怎么办", "trade_secret", {"secret_guard", "secret_what"}),
        ("职务发明的奖励怎么算", "invention", {"inv_agree"}),
    ],
)
def test_a_bare_line_leads_to_the_decisive_questions(line: str, cause: str, questions: set[str]) -> None:
    causes, _, asked, _ = told(line)
    assert causes[0] == cause
    assert questions <= set(asked)
    assert len(asked) <= 6


def test_an_outside_designer_wins_over_our_logo() -> None:
    assert told("我们花钱请设计公司做的logo被隔壁店抄了")[1]["title"] == "请别人做的"


def test_a_correction_changes_the_side() -> None:
    _, known, _, _ = told("他用我的店名侵犯我的商标", "不对,是我被他告,不是我告他,他说我店名侵犯商标")
    assert known["role"] == "被指侵权的一方"


def test_a_correction_changes_the_source() -> None:
    _, before, _, _ = told("店里卖的文具被告商标侵权,进货单找不到了")
    _, after, _, _ = told("店里卖的文具被告商标侵权,进货单找不到了", "不对,发票还在,微信转账记录也有")
    assert before["tm_source"] == "不知情,没有凭证"
    assert after["tm_source"] == "不知情,有进货凭证"


def test_no_registration_is_no_registration() -> None:
    for said in ("我们的牌子一直没注册商标,被人仿冒了", "商标还没去注册,被人仿冒了", "牌子没有注册,被同行仿冒"):
        assert told(said)[1].get("tm_state") == "没有注册", said


def test_a_letter_the_client_sent_is_not_one_received() -> None:
    _, known, _, _ = told("他盗用我的视频,我给他发了律师函,他不理")
    assert known["role"] == "权利人"
    assert known.get("stage") != "收到律师函或索赔"


def test_the_superseded_law_is_never_cited() -> None:
    for cause in DOMAIN.causes:
        cited = set(cause.governing)
        for finding in cause.findings:
            for ground in finding.grounds:
                cited.update(ground.articles)
        assert not [article for article in cited if article.startswith("反不正当竞争法#")]


def test_a_quick_reply_is_read_as_itself() -> None:
    for element in DOMAIN.elements:
        for choice in element.choices:
            found = facts.read_reply(element, choice.value, TODAY)
            assert found is not None
            assert found.value == choice.value


# The core of a story only, and what a lawyer would want to know besides.
HELD_BACK = [
    ("我拍的一组家乡夜景,被一个民宿拿去做宣传海报,连声招呼都没打。", {"proof", "keep", "licensed", "fee"}),
    ("写了三年的公众号,最近发现有人把我的文章整篇搬到头条上赚钱。", {"proof", "keep", "licensed"}),
    ("我注册了个辣酱牌子,最近在批发市场看见别人家也贴着我的牌子卖。", {"keep", "warned"}),
    ("开了个小面馆,叫“巷子口”,今天收到律师函说我侵犯他们商标。", {"tm_prior"}),
    ("我家卖了十五年的豆腐乳,名字被以前的经销商抢先注册成商标了。", {"reg_date", "tm_proof"}),
    ("申请的商标被驳回了,说跟别人的近似,还有救吗?", {"reg_notice"}),
    ("我有个折叠晾衣架的专利,最近发现网上好几家店在卖一样的。", {"patent_kind", "keep"}),
    ("我在研究所上班,做出来的东西单位拿去申请了专利,一分奖金没给我。", {"inv_how", "inv_agree", "gain", "inv_proof"}),
    ("离职以后我自己申请了个专利,前公司跑来说应该归他们。", {"inv_how", "inv_proof"}),
    ("帮一个品牌画了套吉祥物,现在他们拿去做周边卖,版权到底算谁的?", {"licensed", "keep"}),
    (
        "我们公司的销售主管跳槽去了对家,把老客户都拉走了。",
        {"secret_guard", "secret_how", "secret_proof", "secret_rival"},
    ),
    ("厨师长辞职以后在隔壁开店,菜品配料跟我们店的秘方一个味。", {"secret_guard", "secret_how", "secret_proof"}),
    ("隔壁新开的奶茶店门头装修跟我们店几乎一个样,顾客老走错。", {"fame", "keep"}),
    ("我把自己的商标授权给一个老板用,到期了他还挂着。", {"lic_terms", "fee"}),
]
TOLD_WHOLE = [
    "我是自由插画师,去年6月画了一组二十四节气插画,源文件和手稿都在,也办了版权登记,首发在小红书,署了我的笔名。今年9月发现一家茶叶公司把其中四张印在礼盒上卖,天猫店显示卖了一千二百多盒。我没授权过任何人,也没签过约稿。我截了图,还做了时间戳存证,买了一盒样品。平时我的商用授权费一张3000元。我10月私信联系过他们要求下架,对方不理,还在卖。我想让他们停止并赔偿。",
    "我开了家小超市,今年8月收到法院传票,一家酒厂告我卖的两瓶酒侵犯它的注册商标,要赔3万元。这酒是今年5月从批发商那儿进的货,有进货单、转账记录和批发商的执照,当时不知道是假的,一共就卖了三瓶,剩下的已经下架。没被查处过。我该怎么应诉?",
    "我们家在镇上卖了二十多年的米粉,招牌叫“胖嫂”,有1999年的营业执照、老招牌照片,县电视台还报道过。以前在店里干活的学徒2025年3月偷偷把“胖嫂”注册成商标了,类别就是餐饮,核准注册到现在一年多。他今年发函说我侵权要我改名。我想把他的商标弄无效。",
    "我有一项折叠推车的实用新型专利,2023年授权的,年费一直在交,也做了专利权评价报告,结论有利。今年7月发现义乌一家工厂在生产一样的产品,在拼多多上卖了三千多台,利润大概十几万。我做了网页公证,也公证买了样品。8月发过律师函警告,对方没停,还在卖。我想告它赔偿。",
    "我在一家机械厂当工程师,2022年厂里派我做焊接夹具的改进任务,用的是车间的设备,做出来以后厂里申请了发明专利,发明人写了我,2024年5月授权的。产品一年卖了六百多万,利润有一百多万,厂里没给过我任何奖金。劳动合同和规章制度里都没有约定奖励报酬。任务书、图纸和邮件我都留着,现在还在厂里上班。我想要奖励和报酬,该要多少?",
    "公司的技术主管今年4月辞职,走之前用U盘拷走了我们的配方和工艺资料,去了对手公司,现在他们出的产品跟我们一样。我们跟他签过保密协议,资料有加密和权限,也签了竞业限制,每月给补偿。电脑日志里查到了拷贝记录,产品也做了比对。我们销量掉了三成,损失大概80万。还没报警。我们想追究他和新公司。",
    "我给一家饮料公司设计了一套包装插画,是他们委托我做的,签了设计合同,约定设计费2万元,合同里没写版权归谁。钱付清了。现在他们拿这套插画去做玩偶周边卖。底稿、聊天记录和合同我都留着。版权到底归谁,他们能这么用吗?",
    "我的奶茶店开了八年,在市里有六家店,上过本地报纸和美食榜,算有点名气。今年夏天隔壁新开一家,店名就差一个字,门头、杯子的包装装修都仿我们的,很多顾客认错。我拍了照、做了公证,也发函要求他们改,他们不理。这几个月营业额少了十来万,损失能算出来。我没有注册商标。想让他们改名赔钱。",
]


@pytest.mark.parametrize(("story", "wanted"), HELD_BACK, ids=[row[0][:14] for row in HELD_BACK])
def test_what_decides_and_was_held_back_is_asked(story: str, wanted: set[str]) -> None:
    assert wanted <= set(played(DOMAIN, story, TODAY)[2])


@pytest.mark.parametrize("story", TOLD_WHOLE, ids=[story[:14] for story in TOLD_WHOLE])
def test_a_story_that_tells_all_is_asked_nothing(story: str) -> None:
    assert played(DOMAIN, story, TODAY)[2] == []
