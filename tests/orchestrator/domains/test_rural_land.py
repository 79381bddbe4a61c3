"""农村土地: whole stories, as people tell them, against what the pack makes of them."""

from datetime import date

import pytest

from orchestrator import facts, reasoning
from orchestrator.contracts import Fact
from orchestrator.domains.rural_land import DOMAIN

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
    (("确权的时候证上漏了我的名字",), "withdraw", {"land_act": "没登记发证或漏了人"}, "农村土地承包法#24"),
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
    (("户口本上现在只有我妈妈一人,子女现在都是非农户口,妈妈走后子女能继承农村的确权土地吗",), "estate", {"est_thing": "家里的承包地", "est_family": "没有人了"}, "农村土地承包法#32"),
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
    ("父亲去世了,承包地我能继承吗", "estate", "est_family"),
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
