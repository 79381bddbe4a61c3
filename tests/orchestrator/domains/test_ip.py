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
    ("公司装了盗版CAD,收到律师函索赔20万", "software", {"work": "软件", "claim": "200000元"}, [], "计算机软件保护条例#24"),
    ("收到法院传票,说我店铺详情页用的字体侵权,详情页是美工做的", "copyright", {"work": "字体", "source": "外包、供应商或员工弄的", "stage": "已被起诉"}, [], "民法典#1191"),
    ("我不是抄袭,是自己写的,现在被起诉抄袭小说", "copyright", {"role": "被指侵权的一方", "source": "自己做的", "stage": "已被起诉"}, [], f"{COPY}#15"),
    ("我做影视解说,剪了几分钟电影片段,会不会侵权", "copyright", {"use": "评论、介绍时少量引用", "stage": "只是担心,还没人找"}, [], "著作权法#24"),
    ("我在网上卖盗版电子书,赚了3万多,被公安叫去问话", "copyright", {"role": "被指侵权的一方", "use": "复制贩卖", "stage": "市场监管或公安查处", "gain": "30000元"}, [], "刑法#218"),
    ("我注册了商标,开了5年奶茶店,现在对面开了一家店名跟我只差一个字的奶茶店,发了律师函也不改名", "trademark", {"role": "权利人", "tm_state": "已经注册", "tm_goods": "同一种或类似", "tm_used": "一直在用", "tm_act": "用作店名、字号或招牌"}, [], "商标法#57"),
    ("我们牌子没注册商标,同行仿冒我们的名字和包装,怎么办", "trademark", {"role": "权利人", "tm_state": "没有注册"}, ["fame"], f"{UNFAIR}#4"),
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
    ("加盟奶茶店交了8万加盟费,总部没有直营店,想退钱", "franchise", {"lic_side": "使用的一方", "fee": "80000元"}, [], "商业特许经营管理条例#23"),
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
    ("我在研究所上班,做出来的东西单位拿去申请了专利,一分奖金没给我。", {"inv_how", "inv_agree", "gain", "proof"}),
    ("离职以后我自己申请了个专利,前公司跑来说应该归他们。", {"inv_how", "proof"}),
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
    "我开了家小超市,今年8月收到法院传票,一家酒厂告我卖的两瓶酒侵犯它的注册商标,要赔3万元。这酒是今年5月从批发商那儿进的货,有进货单、转账记录和批发商的执照,当时不知道是假的,一共就卖了三瓶,剩下的已经下架。没被查处过,进价跟平时一样,12月3日开庭,他们的商标注册证也寄来了。我该怎么应诉?",
    "我们家在镇上卖了二十多年的米粉,招牌叫“胖嫂”,有1999年的营业执照、老招牌照片,县电视台还报道过。以前在店里干活的学徒2025年3月偷偷把“胖嫂”注册成商标了,类别就是餐饮,核准注册到现在一年多。他今年发函说我侵权要我改名。我想把他的商标弄无效。",
    "我有一项折叠推车的实用新型专利,2023年授权的,年费一直在交,也做了专利权评价报告,结论有利。今年7月发现义乌一家工厂在生产一样的产品,在拼多多上卖了三千多台,利润大概十几万。我做了网页公证,也公证买了样品。8月发过律师函警告,对方没停,还在卖。我想告它赔偿。",
    "我在一家机械厂当工程师,2022年厂里派我做焊接夹具的改进任务,用的是车间的设备,做出来以后厂里申请了发明专利,发明人写了我,2024年5月授权的。产品一年卖了六百多万,利润有一百多万,厂里没给过我任何奖金。劳动合同和规章制度里都没有约定奖励报酬。任务书、图纸和邮件我都留着,现在还在厂里上班。我想要奖励和报酬,该要多少?",
    "公司的技术主管今年4月辞职,走之前用U盘拷走了我们的配方和工艺资料,去了对手公司,现在他们出的产品跟我们一样。我们跟他签过保密协议,资料有加密和权限,也签了竞业限制,每月给补偿。电脑日志里查到了拷贝记录,产品也做了比对。我们销量掉了三成,损失大概80万。还没报警。我们想追究他和新公司。",
    "2025年3月完成的,我给一家饮料公司设计了一套包装插画,是他们委托我做的,签了设计合同,约定设计费2万元,合同里没写版权归谁,写了用在饮料瓶上。钱付清了,没登记过版权,没注册商标,也没谈过加钱、发过律师函。现在他们拿这套插画去做玩偶周边卖。底稿、聊天记录和合同我都留着。版权到底归谁,他们能这么用吗?",
    "我的奶茶店开了八年,在市里有六家店,上过本地报纸和美食榜,算有点名气。今年夏天隔壁新开一家,店名就差一个字,门头、杯子的包装装修都仿我们的,很多顾客认错。我拍了照、做了公证,也发函要求他们改,他们不理。这几个月营业额少了十来万,损失能算出来。我没有注册商标。想让他们改名赔钱。",
]


@pytest.mark.parametrize(("story", "wanted"), HELD_BACK, ids=[row[0][:14] for row in HELD_BACK])
def test_what_decides_and_was_held_back_is_asked(story: str, wanted: set[str]) -> None:
    assert wanted <= set(played(DOMAIN, story, TODAY)[2])


@pytest.mark.parametrize("story", TOLD_WHOLE, ids=[story[:14] for story in TOLD_WHOLE])
def test_a_story_that_tells_all_is_asked_next_to_nothing(story: str) -> None:
    assert len(played(DOMAIN, story, TODAY)[2]) <= 1


# What people come with, in their words, and the cause that must stand first.
TROUBLES = [
    ("我拍的婚纱照样片被另一家影楼拿去贴在他们朋友圈当作品宣传,我让他删他还拉黑我。", "copyright"),
    ("我写的公众号文章被人一字不改搬到百家号上,还开了收益,我要怎么维权?", "copyright"),
    ("自己画的表情包被淘宝店印在手机壳上卖,一个月几千单。", "copyright"),
    ("我的短视频教程被人去水印搬运到他的账号,播放量比我还高。", "copyright"),
    ("网上卖我网课的盗版,十块钱一份,我一套卖八百。", "copyright"),
    ("别人拿我的PPT模板改一改当他自己的在卖,能告吗?", "copyright"),
    ("公众号里用了几张网上的图,收到图片公司的律师函,每张要两千,不赔就起诉。", "copyright"),
    ("我开火锅店,店里放歌,音集协寄函说没交版权费要我赔钱,背景音乐也要钱?", "copyright"),
    ("收到法院传票,说我影院式足浴店里的投影放电影侵犯人家的信息网络传播权,要赔五万。", "copyright"),
    ("网店详情页用了人家的图,被告了,是美工从网上扒的,我不知道。", "copyright"),
    ("KTV老板一枚,被人起诉两百多首歌侵权,一首要一千多,怎么应对?", "copyright"),
    ("我在视频号剪电影解说,被版权方投诉还要我赔三万,剪几分钟也算侵权吗?", "copyright"),
    ("律师函说我们公司用了盗版CAD,要我们买正版补偿,不然起诉,该怎么办?", "software"),
    ("设计工作室电脑上的PS和字体是员工自己下载的破解版,现在软件公司找上门,要八万授权费。", "software"),
    ("我自己开发的小程序源码被前同事拷走上线卖给别人了。", "trade_secret"),
    ("公司官网用了个字体,字体公司发函要一万五,我们都不知道那字体要钱。", "copyright"),
    ("我注册了商标卖辣酱,同村的人用一样的名字和瓶子在镇上卖,客人都搞混了。", "trademark"),
    ("我们品牌的鞋被人在直播间卖高仿,一双只要一百多。", "trademark"),
    ("人家网店标题里用我的注册商标引流,卖的不是我的货,这算侵权吗?", "trademark"),
    ("超市卖了几瓶白酒,厂家说是假的,把我告到法院要赔两万,我是从业务员手里进的。", "trademark"),
    ("我开面馆用了八年的店名,外地一家公司说侵犯他商标,让我改名再赔十万。", "trademark"),
    ("小卖部卖的洗发水被品牌打假,收到传票,我进货单都没有,咋办?", "trademark"),
    ("我网上卖二手名牌包,被投诉说是假货还被起诉,我真不知道真假。", "trademark"),
    ("门头写了某某专修,卖他家配件,被商标权利人告了,如实写也不行吗?", "trademark"),
    ("我的店名开了五年,上个月发现被别人抢先注册成商标了,还让我交授权费,怎么办?", "registration"),
    ("申请商标被驳回,说跟别人的近似,我还能争取吗?", "registration"),
    ("商标被人提撤三了,说我三年没用,我该交什么证据?", "registration"),
    ("商标公告期被一家大公司提了异议,要我答辩,我该怎么写?", "registration"),
    ("我的实用新型专利产品被好几家工厂仿了,在1688上卖得比我还便宜。", "patent"),
    ("对手在展会上展出跟我外观专利一模一样的灯,我该怎么取证告他?", "patent"),
    ("拼多多店铺被投诉外观侵权下架了,可这款式我三年前就在卖了,怎么申诉?", "patent"),
    ("我是小加工厂,照客户给的图纸做的产品,现在专利权人连我一起告,要赔二十万。", "patent"),
    ("从义乌进的玩具在网店卖,被告侵犯外观专利,进货才几块钱一个。", "patent"),
    ("我在公司搞研发时做的发明,公司申请了专利一直没给我奖励,现在产品卖得很好。", "invention"),
    ("离职三个月后我自己申请了个专利,老东家说是职务发明要我还给他们。", "invention"),
    ("发明是我做的,专利证书发明人却没写我的名字,写的领导。", "invention"),
    ("花钱请人设计的logo,他现在说版权是他的,不让我印在包装上,还要加钱。", "authorship"),
    ("我给公司画的插画,离职了公司还在用,说是职务作品,我能要署名和钱吗?", "authorship"),
    ("我和朋友合写的小说,他自己拿去签约卖了改编权,没跟我商量。", "authorship"),
    ("给杂志投稿登了半年,稿费一直没给。", "authorship"),
    ("我用AI画的图被人拿去印衣服卖,我有版权吗?", "copyright"),
    ("销售经理辞职带走了我们的客户名单,现在客户都被他撬走了。", "trade_secret"),
    ("技术员跳槽去了对手公司,没两个月他们就出了跟我们一样配方的胶水。", "trade_secret"),
    ("从原公司辞职自己干,老东家说我侵犯商业秘密,客户是自己找来的,我要赔吗?", "trade_secret"),
    ("跳槽后公司报案说我偷了图纸,警察叫我去问话,我只是存了一份自己做的资料。", "trade_secret"),
    ("隔壁新开的奶茶店招牌、杯子颜色都跟我们家一样,名字就差一个字,我没注册商标。", "confusion"),
    ("同行在抖音上发视频说我们家的货是毒的假的,害我们订单掉一半。", "confusion"),
    ("对手店刷好评刷销量,还说自己是全国第一,能举报吗?", "confusion"),
    ("有人在抖音盗我的视频,我投诉了平台三次都不处理。", "takedown"),
    ("我自己拍的图被同行恶意投诉侵权,淘宝把我链接下架了,怎么申诉恢复?", "takedown"),
    ("交了十二万加盟费开奶茶店,总部说好的选址培训都没有,我想退钱。", "franchise"),
    ("加盟了一个烤肉品牌,签完才发现他们自己一家直营店都没有,商标也没下来,能解除吗?", "franchise"),
    ("刚签了加盟合同交了五万定金,第三天就后悔了,他们说一分不退。", "franchise"),
    ("我把专利许可给一家厂生产,约定每年二十万,第二年开始不给了。", "licence"),
    ("商标授权给经销商到去年底,到期了他还在用我的牌子卖货。", "licence"),
    ("买了一个商标,钱付了,对方迟迟不配合去办转让。", "registration"),
    ("我的歌授权给一个平台,他又转授权给别人用了,合同没写可以转授权。", "licence"),
]  # fmt: skip


@pytest.mark.parametrize(("opening", "cause"), TROUBLES, ids=[row[0][:16] for row in TROUBLES])
def test_a_trouble_comes_out_at_its_cause(opening: str, cause: str) -> None:
    assert told(opening)[0][0] == cause


def test_the_accused_and_the_owner_are_asked_different_things() -> None:
    accused = played(DOMAIN, "公众号用了网上的图,收到图片公司律师函要我赔三千", TODAY)[2]
    owner = played(DOMAIN, "我拍的照片被一家网店盗用当主图", TODAY)[2]
    assert {"ac_right", "ac_before", "ac_when"} <= set(accused)
    assert {"proof", "keep", "licensed"} <= set(owner)
    assert not set(accused) & set(owner)


def test_a_shop_sign_is_not_asked_about_like_goods() -> None:
    sign = played(DOMAIN, "我开面馆,店名被一家公司告商标侵权,要我改名再赔十万", TODAY)[2]
    assert "tm_prior" in sign
    assert "ac_price" not in sign


def test_unlicensed_software_and_a_franchise_have_their_own_conclusions() -> None:
    assert f"{COPY}#21" in told("律师函说我厂电脑上的制图软件是盗版,要我买正版")[3]
    assert "商业特许经营管理条例#21" in told("交了加盟费店还没开,总部啥也没给,想退")[3]
