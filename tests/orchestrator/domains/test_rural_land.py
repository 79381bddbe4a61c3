"""农村土地: whole stories, as people tell them, against what the pack makes of them."""

from datetime import date

import pytest

from orchestrator import facts, reasoning
from orchestrator.contracts import Fact
from orchestrator.domains.rural_land import DOMAIN
from tests.orchestrator.fields import rounds

TODAY = date(2026, 11, 20)
RULES = "最高人民法院关于审理涉及农村土地承包纠纷案件适用法律问题的解释"


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


COMPLETE = [
    (("我户口迁到县城了,村里要把我家5亩承包地收回去,合法吗",), "withdraw", {"land_act": "收回承包地", "land_why": "进城、户口迁走", "mu": "5"}, "农村土地承包法#27"),
    (("我妈去年去世了,村里说人走了地要收回,我和我爸还在村里种着",), "withdraw", {"land_why": "承包人去世", "household": "户里还有人"}, "农村土地承包法#16"),
    (("我2019年嫁到外县,婆家那边没给分地,娘家村里把我那份地收走了",), "withdraw", {"land_why": "出嫁、离婚、丧偶", "new_land": "没有分到"}, "农村土地承包法#31"),
    (("村里要重新分地,说增人增地,我家地要被抽走两亩",), "withdraw", {"land_act": "打乱重分、调整"}, "农村土地承包法#28"),
    (("俺家十亩地去年让队里收走包给村长小舅子了,说俺们全家在外打工没人种,荒了三年",), "withdraw", {"land_why": "撂荒没种"}, f"{RULES}#6"),
    (("村长不让我种,非要把地统一流转给一个老板搞大棚,我没签字",), "withdraw", {"land_why": "招商、另包给别人"}, "农村土地承包法#60"),
    
    (("我是外嫁女,户口一直没迁走,村里征地款每人分3万8就是不给我,说开会定的",), "member", {"who_am": "外嫁女", "elsewhere": "没有(户口没迁或那边没分)", "benefit": "征地补偿款", "share": "38000元"}, "农村集体经济组织法#18"),
    (("我嫁到隔壁县,户口迁过去了,那边也分了地,娘家征地能要钱吗",), "member", {"elsewhere": "已经取得"}, "农村集体经济组织法#17"),
    (("我上大学把户口迁到学校了,村里分红不给我",), "member", {"who_am": "在外读书、当兵、务工、服刑", "benefit": "分红、集体收益"}, "农村集体经济组织法#18"),
    (("我考上公务员了村里取消了我的分红",), "member", {"who_am": "考上公务员"}, "农村集体经济组织法#17"),
    (("征地款打到我公公卡上,他一分钱不给我",), "inside", {"inside_issue": "征地款、租金被家里人拿走"}, "农村土地承包法#16"),
    (("我租了村民30亩地种果树,去年修高速征了,承包户把青苗附着物补偿款全领走了,合同没写征收怎么办",), "compensation", {"comp_side": "租地、包地种植的人", "agreed": "没写", "mu": "30"}, f"{RULES}#20"),
    (("村里把我们的征地补偿款扣着不发",), "compensation", {"comp_issue": "村里扣着不发"}, "民法典#243"),
    (("我把20亩地租给一个老板种药材,签了10年,每亩800,去年开始租金就没给,联系不上人",), "lease", {"lease_side": "出地一方", "trouble": "拖欠租金", "rent_mu": "800元", "mu": "20", "lease_years": "10年"}, "民法典#722"),
    (("我租了村民50亩地种葡萄,签了15年,才种了4年,现在他们要涨租,不涨就收回",), "lease", {"lease_side": "用地一方", "trouble": "没到期要收回、涨租", "term": "约定了期限"}, "农村土地承包法#42"),
    (("地给亲戚种了七八年,没签合同也没说几年,现在我想要回来他不给",), "lease", {"term": "没约定期限"}, "民法典#730"),
    (("我家承包地2008年卖给同村的老张了,当时没经过村里同意,现在能要回来吗",), "lease", {"flow": "转让", "to_villager": "本村农户", "agreed_by": "没有同意"}, f"{RULES}#13"),
    (("承包地能不能抵押贷款",), "lease", {"flow": "抵押"}, "农村土地承包法#47"),
    (("我是外村人,承包了他们村的鱼塘,当时没开村民会,现在村里说合同作废",), "wild", {"ws_who": "外村人或公司", "ws_vote": "没有表决"}, "农村土地承包法#52"),
    (("我爸承包的荒山还有十年到期,去年我爸去世了,村里说要收回",), "wild", {"ws_issue": "承包人去世"}, "农村土地承包法#54"),
    (("承包的林地上自己种的杉树要砍,要办什么手续",), "wild", {"ws_issue": "砍树、林木"}, "森林法#56"),
    (("我是本村村民,结婚三年了还和父母挤在一起,没有自己的宅基地,村里一直不批",), "homestead", {"hs_issue": "申请新宅基地", "hs_member": "是本村成员", "hs_have": "没有宅基地"}, "土地管理法#62"),
    (("我户口迁到城里了,村里说要收回老家的宅基地",), "homestead", {"hs_issue": "村里要收回", "hs_why": "进城落户、户口迁走"}, "土地管理法实施条例#36"),
    (("村里搞合村并居,逼我们搬楼,不搬就断水断电",), "homestead", {"hs_issue": "要求退出、合村并居"}, "土地管理法实施条例#36"),
    (("我是城镇户口,父母在农村的老房子和宅基地能继承吗",), "estate", {"est_thing": "宅基地上的房子", "est_heir": "在城里或外村"}, "民法典#1122"),
    (("户口本上现在只有我妈妈一人,子女现在都是非农户口,妈妈走后子女能继承农村的确权土地吗",), "estate", {"est_thing": "家里的承包地", "household": "户里没人了"}, "农村土地承包法#32"),
    (("城里人能买农村的宅基地房子吗",), "rural_sale", {"rs_buyer": "城里人或外村人"}, "民法典#363"),
    (("我2005年花3万买了邻村的农村房子住到现在,去年拆迁卖家起诉我说合同无效,拆迁款有80万",), "rural_sale", {"rs_side": "买方", "rs_price": "30000元", "rs_comp": "800000元", "rs_on": "2005年"}, "民法典#157"),
    (("邻居盖房占了我家宅基地半米,我有宅基地证",), "neighbour", {"nb_issue": "土地或宅基地被占", "nb_cert": "我有证"}, "民法典#235"),
    (("邻居翻建房子多占了我家一米地,两家都没有证,地界说不清",), "neighbour", {"nb_cert": "都没有证"}, "土地管理法#14"),
    (("邻居把我家门口唯一的路堵了不让走",), "neighbour", {"nb_issue": "挡路、不让走"}, "民法典#291"),
    (("我在自家承包地上盖了房子,上周收到自然资源局限期拆除决定",), "illegal", {"ill_type": "建住房", "ill_stage": "收到限期拆除(处罚)决定"}, "土地管理法#83"),
    (("村里上个月没开会就把集体的学校低价卖了,想推翻这个决定",), "village", {"va_known": "一年以内"}, "农村集体经济组织法#57"),
]  # fmt: skip

OPPOSING = [
    ("我是村支书,有户人家在外打工荒了五年,村里能把地收回来吗", "withdraw", {"land_side": "村集体一方"}, "农村土地承包法#27"),
    ("我是村会计,外嫁女来要征地款,该不该给她们分", "member", {"mem_side": "村集体一方"}, "农村集体经济组织法#27"),
    ("农村土地承包方未按时缴纳费用,发包方可以解除合同吗?", "wild", {"ws_side": "村集体或其他村民"}, "民法典#563"),
    ("邻居说我家盖房占了他的地,把我告了", "neighbour", {"nb_side": "被指侵占的一方"}, "土地管理法#14"),
    ("我爸十年前把老宅卖给同村的堂弟,现在要拆迁了我们想要回来", "rural_sale", {"rs_side": "卖方", "rs_buyer": "本村成员"}, "民法典#577"),
    ("我承包了别人80亩地种西瓜,亏本了,想提前退租,合同签了五年", "lease", {"lease_side": "用地一方", "trouble": "租地的想提前退"}, "民法典#580"),
    ("村里有人占用基本农田盖房,向谁举报", "illegal", {"ill_side": "举报的一方"}, "土地管理法#78"),
]  # fmt: skip

SHORT = [
    ("村里把我的地收走了", "withdraw", "land_why"),
    ("外嫁女能分征地款吗", "member", "elsewhere"),
    ("村里不承认我是集体经济组织成员", "member", "who_am"),
    ("土地承包经营权离婚时能分吗", "inside", "listed"),
    ("承包地租金没给", "lease", "lease_side"),
    ("宅基地申请不批怎么办", "homestead", "hs_member"),
    ("父亲去世了,承包地我能继承吗", "estate", "household"),
    ("他人侵占我的宅基地建房子了,应该怎么办?", "neighbour", "nb_cert"),
    ("我家承包地租给老板种大棚,现在征收了,青苗和附着物补偿归谁", "compensation", "agreed"),
    ("我儿子是去年8月出生的,征地方案是今年3月定的,村里说不给他分征地款", "member", "joined"),
]  # fmt: skip


@pytest.mark.parametrize(("messages", "cause", "expected", "article"), COMPLETE)
def test_a_complete_story_is_asked_nothing(
    messages: tuple[str, ...], cause: str, expected: dict[str, str], article: str
) -> None:
    causes, known, asked, grounds = told(*messages)
    assert causes[0] == cause or cause in causes
    assert expected.items() <= known.items()
    assert asked == []
    assert article in grounds


@pytest.mark.parametrize(("story", "cause", "expected", "article"), OPPOSING)
def test_the_other_side_gets_its_own_answer(story: str, cause: str, expected: dict[str, str], article: str) -> None:
    causes, known, asked, grounds = told(story)
    assert cause in causes
    assert expected.items() <= known.items()
    assert asked == []
    assert article in grounds


@pytest.mark.parametrize(("story", "cause", "asks"), SHORT)
def test_a_short_story_is_asked_what_decides(story: str, cause: str, asks: str) -> None:
    causes, _, asked, _ = told(story)
    assert causes[0] == cause
    assert asks in asked
    assert len(asked) <= 4


def test_correction_counts() -> None:
    _, known, asked, grounds = told("村里把我的地收走了", "不对,不是收走,是要打乱重分调整地块")
    assert known["land_act"] == "打乱重分、调整"
    assert asked == []
    assert "农村土地承包法#28" in grounds


def test_correction_of_membership_elsewhere() -> None:
    _, known, _, grounds = told("我是外嫁女,婆家那边分了地,娘家村里征地款不给我", "不对,我记错了,婆家那边没分过地")
    assert known["elsewhere"] == "没有(户口没迁或那边没分)"
    assert "农村集体经济组织法#18" in grounds


def test_negation_is_not_the_opposite() -> None:
    causes, known, asked, _ = told("村里没有收我的地,只是不让我流转给外村人")
    assert causes == ["lease"]
    assert known["trouble"] == "村里强迫、阻拦或扣租金"
    assert asked == []


def test_a_date_settles_the_year_for_revocation() -> None:
    _, known, _, grounds = told("结婚八年户口没迁,婆家那边没分过,村里2024年开会决定外嫁女不分征地款每人52000元")
    assert known["share"] == "52000元"
    assert "农村集体经济组织法#57" in grounds
    assert "民法典#188" in grounds


# Stories in which a lawyer would miss nothing: (cause, story).
WHOLE = [
    ("withdraw", "我家1998年二轮承包分了7亩地,有承包证,户里现在还有我和我妈两口人。去年3月村里以我们全家进城打工、户口迁走为由,没开村民会议也没公示,一句话就把地收走,今年包给一个外地老板种大棚,他签了承包合同。我们从来没签过什么自愿交回的东西,也没同意过。我找过村书记和镇农经站,都说没办法,还没申请仲裁。我想把地要回来,该告谁?"),
    ("member", "我2015年嫁到邻县,户口一直没迁,娘家村的股权证上有我的名字,前几年分红也有我的。婆家那边没给我分地也没分过钱。今年5月村里一块地被征,每人分4.2万,村里开代表会表决说外嫁女不分,方案在公示栏贴了,理由就是嫁出去了。我6月知道的,找过镇政府,镇里让我起诉。我想问能不能把这4.2万要回来?"),
    ("inside", "我和前夫2020年离婚,离婚判决里没提承包地的事。2010年分地时我已经嫁过去,承包证上有我的名字,三口人一共6亩。今年修高速征了其中4亩,补偿款一共32万,全部打到前公公的卡上,他一分不给我。我户口还在这个村,在娘家也没分到地。我找过村委会调解没谈成,集体成员名册上也有我。手里有承包证复印件和公示的照片。我想要回我那一份。"),
    ("compensation", "我家承包地3.5亩今年4月被修公路征了,村里贴过征收公告和补偿安置方案,一亩补4万6,青苗另外补了8000。我没签补偿协议,也没领钱。隔壁镇同样的地一亩补6万,我觉得补得太低,方案公告后没开过听证会。我手里有承包证和公告的照片。找过镇政府,他们说就这个标准。我想知道怎么办。"),
    ("lease", "我家12亩地2019年租给本村的种植大户王某,签了书面合同,租期10年到2029年,每亩一年700元,我老婆也同意了,合同在村委会备了案。他从2024年起租金就没付,欠了两年一共16800元,地里还挖了鱼塘,把耕地毁了,我拍了照片。我今年8月书面催过他一次,也找过村里调解,没结果。我想解除合同把地要回来并要他赔恢复的钱。"),
    ("wild", "我是外村人,2012年通过公开招标承包了他们村的荒山200亩,合同签到2042年共30年,当时开过村民代表会表决,会议记录和中标通知书都有,村委会盖了章。承包费一年2万,每年都交清了。我前后投了60多万修路种果树,票据都在。今年换了新书记,说承包费太低,没到期就要收回山重新发包。我不同意,他们给我发了通知。我该怎么办?"),
    ("homestead", "我户口一直在本村,是村集体成员,32岁结婚有两个孩子,和父母挤在一处120平方米的老宅里,父母名下就这一处宅基地,有宅基地证,我这一户没有。2024年3月我向村里递了书面的宅基地申请,村里说没指标一直不批,我也去乡镇问过两次,让我等。我和父母已经分户。老房子还住着。我想问怎么才能批下来?"),
    ("estate", "我父亲2023年8月去世,母亲早几年就走了,没有留遗嘱。农村老家有一处宅基地和三间砖房,登记在父亲名下,宅基地证在我手里。我们兄妹两个,我户口在城里,妹妹嫁到外村,都不在本村了。房子现在空着没倒。村里说我们户口不在村里,房子不能继承。我想知道房子能不能继承、能不能登记。"),
    ("rural_sale", "我是城里人,2006年花6万块买了郊区一个村民的农村房子和院子,签了买卖协议,钱当天付清有收条,村委会也盖了章见证,宅基地证没法过户。我们一直住到现在,2012年翻建过一次。今年村里拆迁,补偿款说是150万,卖家把我起诉到法院,要求确认合同无效把房子要回去。我该怎么应对?"),
    ("neighbour", "我家宅基地有土地使用证,证上写了四至和面积。去年10月隔壁老李翻建房子,砌墙越过老界石往我家这边占了半米宽、十米长,我请测绘公司测过,图和照片都有。原来两家中间一直有条滴水沟。我找过村委会和镇司法所调解,他不认。我想让他把墙拆掉还我地方。"),
    ("illegal", "我2023年在自家承包地上盖了个300平方米的看护房和养鸡棚,没办设施农业备案,也没有审批手续,后来查了那块地不是基本农田。今年11月3日县自然资源局给我送达了责令限期拆除的决定书,之前给过告知书,我没申请听证。没有罚款。我已经停工了。我想知道能不能补办手续,不服该怎么办?"),
    ("village", "我们村2021年以来卖了一块集体的建设用地,大概卖了300多万,村里没有开村民会议也没表决,账目从来不公示,村民问钱去哪了书记不说。我们十几户今年9月知道后写了书面查账申请,用EMS寄给村委会,有回执,没人理。又去镇政府反映过,镇里说再等等。我们手里有当时的合同复印件和公开栏照片。想问怎么让他们公开账目?"),
]  # fmt: skip

# Openings that keep facts back: cause, story, what was told already, what must be asked in three turns.
OPENINGS = [
    ("withdraw", "队里一声不吭就把我家的责任田给收了", {"land_side", "land_act"}, {"due_year", "vote", "gave_back", "tried"}),
    ("withdraw", "村里说我家地荒着没人种,要把承包地收回去", {"land_side", "land_why", "land_act"}, {"gave_back", "due_year", "vote"}),
    ("member", "村里发征地款,唯独没有我这个出嫁女的份", {"benefit", "mem_side", "who_am"}, {"decided", "tried", "elsewhere"}),
    ("member", "我上大学把户口迁出去了,毕业以后村里分红就不给我了", {"benefit", "mem_side", "who_am"}, {"decided", "tried"}),
    ("inside", "离婚以后,征地的钱全被前夫家领走了", {"inside_issue"}, {"listed", "pool"}),
    ("inside", "跟弟弟分家,承包地怎么分才公平", {"inside_issue"}, {"papers", "tried"}),
    ("taking", "我们家的地被征了,补偿给得太低", {"tk_force"}, {"tk_notice", "tk_signed", "tk_paid"}),
    ("compensation", "我租的地修路被占,地主把青苗钱全领了", {"comp_issue", "comp_side"}, {"papers", "agreed", "crop"}),
    ("lease", "租我家地的老板好久没给钱了", {"trouble", "lease_side"}, {"tried", "filed", "rent_owed", "lease_paper"}),
    ("lease", "我租来种葡萄的地,房东突然说不租了让我走人", {"trouble", "lease_side"}, {"damage", "filed", "term", "lease_paper"}),
    ("wild", "村里说我承包的山场当年的合同不算数", {"ws_issue", "ws_side"}, {"ws_vote", "ws_town", "ws_paid", "ws_invest"}),
    ("wild", "鱼塘还没到期村里就要收回去", {"ws_issue", "ws_side"}, {"ws_town", "ws_paid", "ws_invest", "papers"}),
    ("homestead", "申请宅基地好几回,村里就是不给批", {"hs_issue"}, {"hs_have", "hs_member"}),
    ("homestead", "村里要收我家的宅基地", {"hs_issue"}, {"hs_why", "hs_papers"}),
    ("estate", "老家的房子,我爸没了以后该归谁", {"est_thing"}, {"est_heirs", "est_heir", "will"}),
    ("estate", "爷爷走了,家里那几亩承包地能继承吗", {"est_thing"}, {"household", "papers", "will"}),
    ("rural_sale", "早些年买的农民的房,现在他儿子要收回去", {"rs_side"}, {"rs_buyer", "rs_cert", "rs_build", "rs_paper"}),
    ("rural_sale", "想买朋友村里的一处小院,行不行", {"rs_state"}, {"rs_buyer", "rs_cert"}),
    ("neighbour", "隔壁把墙砌到我家院子里来了", {"nb_side", "nb_issue"}, {"tried", "nb_since", "nb_cert", "nb_width"}),
    ("neighbour", "邻居把进出的小路给封死了", {"nb_side", "nb_issue"}, {"nb_history", "tried", "nb_since"}),
    ("illegal", "我在自家田里盖了间房,上面来人说要拆", {"ill_type", "ill_side"}, {"ill_permit", "mu", "ill_doc", "ill_on"}),
    ("illegal", "承包地里挖了个鱼塘,国土所找上门了", {"ill_type", "ill_side"}, {"ill_permit", "mu", "ill_stage"}),
    ("village", "村里的账从来不让看", {"va_issue"}, {"papers", "tried"}),
    ("village", "村长偷偷把村里的老学校卖了", {"va_issue"}, {"papers", "va_known", "decided", "tried"}),
]  # fmt: skip


@pytest.mark.parametrize(("cause", "story"), WHOLE, ids=[row[1][:14] for row in WHOLE])
def test_whoever_told_everything_is_asked_next_to_nothing(cause: str, story: str) -> None:
    assert reasoning.recognise(DOMAIN, story)[0].id == cause
    assert sum(len(turn) for turn in rounds(DOMAIN, story, TODAY)) <= 2


@pytest.mark.parametrize(("cause", "story", "said", "decisive"), OPENINGS, ids=[row[1][:14] for row in OPENINGS])
def test_the_decisive_facts_are_asked_and_what_was_told_is_not(
    cause: str, story: str, said: set[str], decisive: set[str]
) -> None:
    assert reasoning.recognise(DOMAIN, story)[0].id == cause
    asked = {id for turn in rounds(DOMAIN, story, TODAY) for id in turn}
    assert not asked & said
    assert decisive <= asked


# What people come with, in their words, and the cause that must stand first.
TROUBLES = [
    ("全家在深圳打工,村里说地荒着就收走包给别人了,没通知过我,这地能要回来吗?", "withdraw"),
    ("我户口转到县城了,队长说要把我家五亩承包地收回去,合不合法?", "withdraw"),
    ("老妈过世了,小组要收走她那份地给新生的娃,我们一家还在村里种着呢。", "withdraw"),
    ("村里开会说三年一调地,人多了就要从我家抽两亩出去,能不同意吗?", "withdraw"),
    ("我生了两个孩子一直没分到地,村里说几十年不动,啥时候能分?", "withdraw"),
    ("二轮承包要到期了,村里说延包要重新打乱分,我家有三十年的证啊。", "withdraw"),
    ("嫁到外村户口没迁,娘家村里分征地款不给我一分,说嫁出去的女儿泼出去的水。", "member"),
    ("离婚后带着孩子回娘家住,户口也在,村里分红就是没我们娘俩的。", "member"),
    ("我是上门女婿,落户十年了,村里卖地分钱说我是外来的不给。", "member"),
    ("孩子出生上了户口,赶上修铁路分钱,村里说方案定了以后生的不算。", "member"),
    ("我当兵复员回来,村里说我户口注销过,不算村民不给分红。", "member"),
    ("考上大学把户口迁到学校,毕业又迁回来了,征地款没我的份,有道理吗?", "member"),
    ("村民代表会定了外嫁女一律不享受分红,我不服,去哪告?", "member"),
    ("离婚了,我名下那份承包地还在前夫家种着,我能要回来吗?", "inside"),
    ("我爸妈的地被征了,钱都打到大哥卡上,他说地是他种的,我们姊妹没份。", "inside"),
    ("兄弟分家的时候地说好一人一半,证上是我爸名字,现在我哥全占了。", "inside"),
    ("镇里半夜开着挖机把我家苞谷地铲了,说是征地修路,我没签字也没拿钱,咋办?", "taking"),
    ("政府征地一亩只给两万多,隔壁县给四万,我嫌低没签协议,他们说不签就强拆。", "taking"),
    ("村里贴了征地预公告,要拆我家房子征我家地,安置房的面积算得不对,我能不签吗?", "taking"),
    ("修高速把我家果园推了一半,什么公告都没见过,补偿一分没给,去告谁?", "taking"),
    ("我租了六十亩地种草莓,被征收了,补偿款全被房东领走了,大棚钱也不给我。", "compensation"),
    ("征地补偿款打到村里两年了,村委说留着修路不发给我们。", "compensation"),
    ("地租给老板种树,现在征收,青苗和树的钱归他还是归我?", "compensation"),
    ("二十年前跟邻居换了块地各种各的,现在那块地被征了,他说换地不算要把钱拿走。", "swap"),
    ("我家跟堂叔换地盖了猪圈,没写条子,他儿子现在要换回去,行吗?", "swap"),
    ("两家换地种了十几年,确权的时候各自写在自己名下了,现在他要求恢复原状。", "swap"),
    ("把家里十亩地租给公司种药材,两年没给租金了,电话也打不通。", "lease"),
    ("租了一百亩地种粮,合同十年,才三年村民就要涨租金,不涨就不让我进地。", "lease"),
    ("地给表弟白种了七八年,没有合同,现在想收回他不肯。", "lease"),
    ("我家的地租出去,对方挖了鱼塘又不租了,地都毁了怎么赔?", "lease"),
    ("村委会没经我同意就把全组的地打包流转给大户,租金还被村里扣着。", "lease"),
    ("承包地九几年就卖给本村的人了,白纸黑字写了永久,现在能要回来吗?", "lease"),
    ("我包了村里一百亩荒山种茶,签了三十年,新书记上任说合同无效要收回。", "wild"),
    ("村里鱼塘我包了十年,还有四年到期,村里要提前收回搞旅游,赔多少合适?", "wild"),
    ("我是村民代表,前任村干部把集体林场低价包给他小舅子五十年,我们能废了这合同吗?", "wild"),
    ("承包的杉木林要砍了卖,林业站说没有采伐证就砍会坐牢,怎么办证?", "wild"),
    ("儿子结婚要分户,申请宅基地村里拖了三年不批,说没指标。", "homestead"),
    ("老宅塌了想原地翻建,镇里不给批,说我户口在城里。", "homestead"),
    ("村里说我家老房子没人住,要无偿收回宅基地,可以吗?", "homestead"),
    ("宅基地一直没办证,这次确权村里说我家一户多宅不给登记。", "homestead"),
    ("我是城里户口,爸妈在乡下的房子过世后我能继承吗,能登记到我名下吗?", "estate"),
    ("爷爷奶奶走了,他们那份承包地村里要收,叔叔说他继承,到底怎么算?", "estate"),
    ("老家的宅基地房子爸去世后弟弟一个人占了,说我嫁出去没份。", "estate"),
    ("十五年前在城郊买了农民一个院子,现在要拆迁,卖家跑来说合同无效要把房子收回。", "rural_sale"),
    ("我想买邻村一套农村小院养老,我是城里人,能买吗?", "rural_sale"),
    ("我爹把老宅卖给了外村人,二十年了,现在我想要回来行不行?", "rural_sale"),
    ("邻居盖新房把墙砌到我家宅基地里半米,跟他说他骂人,该找谁?", "neighbour"),
    ("屋后那条走了几十年的路被邻居用砖堵了,车都进不来。", "neighbour"),
    ("隔壁家把坟埋到我家承包地里了,让他迁他不迁。", "neighbour"),
    ("邻居在我家窗户前面盖三层楼,把光全挡了。", "neighbour"),
    ("隔壁村说我们组那片林子是他们的,两边都拿得出老证,打起来了。", "neighbour"),
    ("我在自家地里盖了个养猪场,自然资源局下了限期拆除通知,能不拆吗?", "illegal"),
    ("在承包地上盖了两间房自己住,镇里说违法占地要罚款强拆,盖了八年了。", "illegal"),
    ("村里有人在基本农田里挖塘养虾,我去哪举报?", "illegal"),
    ("我家房子没收到任何文书就被镇上拆了,说是违建,能要求赔吗?", "illegal"),
    ("村里卖地、发包的账从来不公开,问村主任就吼我们,能查账吗?", "village"),
    ("村委会没开会就把集体的厂房低价租给老板二十年,我们村民能撤销吗?", "village"),
    ("村支书把征地款借给他儿子做生意,村民举报了没人管。", "village"),
    ("确权证把我家的两块地写到邻居名下了,怎么改?", "registry"),
    ("确权登记的时候我在外打工,证上漏了我家一亩六分地,村里说改不了。", "registry"),
]  # fmt: skip


@pytest.mark.parametrize(("opening", "cause"), TROUBLES, ids=[row[0][:16] for row in TROUBLES])
def test_a_trouble_comes_out_at_its_cause(opening: str, cause: str) -> None:
    assert told(opening)[0][0] == cause


@pytest.mark.parametrize(
    ("story", "cause", "article"),
    [
        ("县里征地,没签协议就派挖机把我家的菜地推平了", "taking", "土地管理法实施条例#31"),
        ("十年前跟堂叔换了地各种各的,现在他反悔要换回去", "swap", "农村土地承包法#33"),
        ("确权证把我家的地错写到邻居名下了", "registry", "民法典#220"),
    ],
)
def test_a_smaller_trouble_has_its_own_conclusion(story: str, cause: str, article: str) -> None:
    causes, _, _, grounds = told(story)
    assert causes[0] == cause
    assert article in grounds
