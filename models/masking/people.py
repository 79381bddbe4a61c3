"""Personal names of Chinese texts, by what stands beside them: surnames and given names alone prove nothing.

Where a sentence says that a name comes (我叫, 姓名:, 原告, 丈夫) any surname counts; where a title follows (李先生, 王总) the surname alone is enough; anywhere else both surname and given name must be usual, and the words around them
such as stand around names. Ordinary words (words.txt: those of jieba's dictionary that would pass for names, MIT) never
count there. 张某 names nobody any more, and stays.
"""

import re
from collections.abc import Iterator
from pathlib import Path

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田"
    "任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季"
    "俞章鲁葛伍韦申尤毕聂丛焦向柳邢骆岳齐梅莫庄涂祁耿欧祝詹关费纪靳童覃甘舒柯阮喻霍苗谷尚裴凌宁鲍柴鄢蒲褚娄庾谌甄穆滕寇冉"
    "牟路占戚邬缪桂辛符闵解屈臧隋盛晏匡佟蔺楚房皮巩宫项仇司卫艾柏华闫肖付尉亓窦苟苑吉贝冀刁瞿卓虞荣成单左曲车米党古区池辜"
    "鞠"
    "敖裘郎姬包桑冷宦檀虢茅钮冼揭隗习淡羿缑厉燕匙巢逄麻竺宗胥雍郤奚茹阚蒙栾荀仲伊蓟扈濮桓郜戎稽郁卜翁蓝练麦凤荆储粟蔚冼"
)
_RARE = "连时全明应冷卜盘包管景边敖桑植都权元水国商言从能达和平家花"
_DOUBLE = (
    "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|夏侯|端木|宇文|长孙|南宫|西门|百里|轩辕|申屠|独孤|呼延|完颜|赫连|"
    "闻人|万俟|淳于|太史|公冶|宗政|濮阳|钟离|司空|闾丘|仲孙|鲜于|拓跋|纳兰"
)
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国志文海波斌宇浩鹏飞辉健俊峰林龙凯旭亮云鑫阳帆晨博子轩涵怡"
    "欣梓萱诺雨思佳琪瑶雪婷倩颖莹琳慧莉娅玲珍凤春燕美芬萍蓉琴香菊荣爱淑惠贞淼晶蕾薇菲嘉彤妍韵瑞昊泽洪福贵财旺德仁义礼智信"
    "忠孝良善祥庆喜利民生根宝树山水江河湖银铜铁石松柏竹青田土新立振兴昌盛达通顺安康宁永久恒正直光耀煌清泉源深伯仲叔季伦邦"
    "世传继承祖宗启晓晖晗晴曦昕昱晟冬夏秋柔雅芝芸芹莲荷蓝紫丹彩虹霄雷震雯露霜冰凌寒冲群友朋宾宏弘恩慈惟悦怀毅恺坚岩岚峻岭"
    "川洲溪沛浪润滨汉津沐沁涓渊滢潇澜澄炎炜炫煜烨焕灿熙勤勋励劲丰乐京亚仙仪伊佑佩侠俐倪倬傲儒允兆克兵其冠凡刊勉匡卉卓卫卿"
    "厚叶吉君吟哲唯园坤城基培墨声复奇奎妙姗姣威娇婉婕媛嫣嫦孔孟宜宣宪宸宽寅富寿尚尧岳嵩嵘州巧巍帅希师常庄庭彦彬彪影征徐循"
    "微忆怜恬恭悌惜慎慕戈扬抒拓挺捷掌敦斐斯旋旦昂昆易星晋景暄曙曼月朔朗朱杏杨柯柱标栋桃桐梁梧棋森植楚楠榕榆槐模欢武歌殿毓"
    "毕汝沉泓泰洁洛济浦浙涌淇淳添渝湘溢滔漫潮澎灵炳烈焱煊熠燃爽牧玄玖玛环珂珊珏珠琛琦琨琰琼瑄瑛瑜瑾璇璐璟甜甫畅疆白皓益盈"
    "盟睿矗砚硕碧祎祝祯禄禹秉科程穆章童端笑笛笙筠箐箫素纪纯纲纳维绍绪绮绿缘罗羽翔翠翰耘聪聿肃肇胜胤腾舒航艺芃芊芙芮花芷苏"
    "苑茂茗茜茵荃荻莎莘莞菁菡萌萧葆葛蓓蔚蕊蕴藻虎蝶衡裕誉诗谦贝贤赋赐赞跃轶辰迅迎运迪逊逸郁采鉴钊钦钧钰铎铠铭锋锐锦镇阔陆"
    "陶隆雁雄霁霆霏靖韬韶音颂颢飒馨驰骁骏魁鲁鲲鸣鸿鹂鹤麒麟麦黎默壮彭庚丕丙甲学东天元大小家心如广士守真圣显照登成可远幼开"
    "加"
    "优强亦敬奕梦鼎妹升勤蕾琦颢骞尧婵娉妤姝娥嫒"
    "豪翊轲玮弈栩沅语珺瑗璨筱黛翎苒芯岑桦楷槿澈濠炯焰煦玺璋祺禾绎缨聆苇莜蔷薰谨豫铖锟锴镔阅雍霈靓颐馥骅鹭峥琬琅琎霖朵棠棣"
    "淮湛灏焘燊犇猛珑琚瑭璠瓯畏皎禧穗竣筝纬纾绫缇羲翀翌耕胄臻苓茉荟莆菱葵蓬蔓藜虔蛟蜜衍裳誌谆豹赟辕邈酉钏铄铮镕闯陵隽雾韦"
    "韧顿飙骐鲤"
    "高业里万"
)
# Of given names only beside one of those above, or where the name ends with the clause.
_SELDOM = (
    "一发功金长方圆少先众情意愿力化北南西中之九五人任作全典初则前包原双史名吾器四堂备好存定实容密封尔工年幸才施普望木本机"
    "权材来校格注游点特率现班球理留略百相知社稳空竞策简精经续能自致节若蒙行言许谊越路载进道遥重野量闻顶领风高曾颜"
    "连来广牛凡益严圃展大为然和"
)
# Surnames that are mostly words: alone they need two given characters.
_WORDLY = frozenset("包习淡燕麻宗仲伊方施司钱房车成费付占解关严童路申应单安常高时党区金石温尚商项管包和向许卫于仇年池")
# What goes on after a name of one given character, and rarely is the second one.
_ON = "连一愿开怀承弄骑驾持用做抽肇负赊列在于向和与跟同把被将让叫请找给对为从是说称讲问答有没未不无也都就还才又再已曾要想会能可得的地了着过来去到回上下因由以及或等借欠还骗打骂伤撞转付收拿买卖租签写住死离结起告诉提应该必须名系即之先某今昨前后年月日时岁男女老少于此其他她它这那各每只很非常经依按据自所共均并且但而则却"
_SURNAME = f"(?:{_DOUBLE}|[{_SURNAMES}{_RARE}])"
_USUAL = f"(?:{_DOUBLE}|[{_SURNAMES}])"
_HAN = "[\u4e00-\u9fff]"

_NAMING = (
    "我叫|我名叫|名叫|名字叫|名字是|名为|叫做|叫作|人叫|他叫|她叫|谁叫|姓名[是为:]?|(?<!客)户名[是为:]?|署名|实名|真名|本名|曾用名|原名|改名|签名[是为:]|"
    "收款人[是为:]?|联系人[是为:]?|开户人[是为:]?|持卡人[是为:]?|投保人[是为:]?|被保险人[是为:]?"
)
_ROLES = (
    "原告|被告人?|(?:被)?申请人|(?:被)?上诉人|第三人|证人|法定代表人|法人代表|法人|负责人|委托人|受托人|(?:委托)?代理人|(?:共同)?借款人|"
    "出借人|担保人|保证人|付款人|债权人|债务人|被害人|受害人|(?:犯罪)?嫌疑人|申请执行人|被执行人|承租人|出租人|买受人|出卖人|立遗嘱人|"
    "被?继承人|受益人|患者|病人|死者|伤者|逝者|当事人|甲方?(?=[:：])|乙方?(?=[:：])|甲方|乙方|丙方|监护人|被监护人|肇事者|肇事司机|司机|驾驶员|车主|户主|业主|房主|签字人|"
    "实际控制人|法人|经办人|收件人|寄件人|持有人|所有人|登记人|介绍人|中间人|见证人|控股股东|实际控制人"
)
_KIN = (
    "丈夫|老公|儿媳|女婿|连襟|妯娌|队长|组长|院长|局长|厂长|会长|馆长|教练|物业经理|班长|部长|太太|乘客|旅客|卖家|买家|顾客|店主|网红|妻子|老婆|爱人|前夫|前妻|男友|女友|男朋友|女朋友|未婚夫|未婚妻|父亲|母亲|爸爸?|妈妈?|公公|婆婆|岳父|岳母|儿子|女儿|孩子|"
    "长子|次子|长女|次女|哥哥?|弟弟?|姐姐?|妹妹?|堂[哥弟姐妹]|表[哥弟姐妹]|大[哥姐伯]|二[哥姐伯]|嫂子|姐夫|妹夫|叔叔?|舅舅?|姑姑|姑妈|姨妈|小姨|爷爷|奶奶|外公|外婆|孙[子女]|"
    "侄[子女]|外甥女?|亲戚|[老男女]?同学|朋友|闺蜜|同事|邻居|网友|战友|老乡|室友|房东|租客|租户|房客|中介|老板娘?|领导|上司|经理|总监|主管|店长|班主任|老师|校长|医生|大夫|护士|"
    "工头|包工头|客户|合伙人|股东|会计|出纳|律师|法官|检察官|民警|警官|警察|村长|支书|书记|主任|男子|女子|[其之](?:子|女|夫|妻|父|母)|[继养生]父|[继养生]母|"
    "本人|我是|我[：:]|他是|她是|对方是|对方叫|嫌犯|骗子|员工|职工|学生|保姆|师傅|徒弟|债主|发包人|承包人|供应商|快递员|骑手|主播|作者|用户|号主"
)
_TITLES = (
    "先生|女士|小姐|太太|夫人|老师|律师|法官|检察官|医生|大夫|护士|经理|总监|主任|主管|店长|师傅|阿姨|叔叔|伯伯|大爷|大妈|大娘|大姐|大哥|老板|书记|校长|园长|院长|局长|"
    "处长|科长|队长|所长|镇长|村长|警官|教授|会计|教练|同学|同志|"
    "氏兄弟|氏夫妇|工(?=[,。;:、 ]|$)"
)
_MIDDLE = "[是为叫:：,,、 (“\"'*_《]{0,2}"
_NOT_SPLIT = "(?<![对双甲乙丙丁官警校院军资厂多各一另原三两买卖现押资佣租奖保西最公上支])"
_LINKED = f"(?:(?<!{_HAN})|(?<=[和与跟向被把给找让请由替帮对是欠告叫及同姓的了说去来因因还骗]))"

_EXPLICIT = re.compile(f"(?:{_NAMING}){_MIDDLE}(?P<name>{_SURNAME}{_HAN}{{1,2}})")
_BESIDE = re.compile(f"(?:{_ROLES}|{_KIN}){_MIDDLE}(?P<name>{_USUAL}{_HAN}{{1,2}})")
_TITLED = re.compile(f"{_LINKED}{_NOT_SPLIT}(?P<name>{_USUAL}(?:[{_GIVEN}]{{1,2}}?)?)(?={_TITLES})")
_BOSS = re.compile(
    f"{_LINKED}{_NOT_SPLIT}(?P<name>[{_SURNAMES}])(?=总(?![是共额数之体结部计公要会得归算量价的和在有面览则干监督管理协商署局统]|经理办)"
    "|[姐哥叔](?=[,。;:、!?的说给向和把借让叫 ]|$))"
)
_FAMILIAR = re.compile(
    "(?<![\u4e00-\u9fff缩])(?P<name>[老小阿][王李张刘陈杨赵周吴徐孙胡朱林何郭罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛余潘杜戴夏钟汪姜范姚谭廖邹熊陆郝孔崔邱秦侯邵孟段雷汤尹黎贺龚庞樊施陶])"
    "(?![板师婆公乡家人年子女区孙多姓])"
)
_BEFORE = '(?:(?<=^)|(?<=[,。;:!?、\\s“"(（\\[|/>])|(?<=[和与跟向被把给找让请由替帮对是欠告打骂及叫骗于经因我还了])|(?<=借给)|(?<=写)|(?<=找到)|(?<=时候)|(?<=听说)|(?<=怀疑)|(?<=判)|(?<=起诉)|(?<=联系)|(?<=转给)|(?<=委托)|(?<=认识)|(?<=嫁给)|(?<=通过)|(?<=还给)|(?<=举报)|(?<=投诉)|(?<=卖给)|(?<=租给)|(?<=付给))'
_ALONE = re.compile(f"{_BEFORE}{_NOT_SPLIT}(?P<name>{_USUAL}[{_GIVEN}{_SELDOM}]{{1,2}})")
# Of names in Chinese letters for other languages, the part before the first dot.
_SOUNDS = "卜热古逊吾肉孜伯娅珠玛央措顿旺次仁扎桑吉卓嘎多杰平阿艾安奥巴拜贝比别博布达丹德迪丁多杜尔法费古哈汗赫胡加江吉居卡凯克库拉兰勒里力利林卢鲁罗洛马买麦曼美米莫木穆纳娜尼努帕普齐奇恰热萨赛塞沙斯苏索塔提特土吐图托瓦外维翁乌西希夏谢雅亚延叶伊衣依尤玉扎则再泽祖合孜丽"
_WHOLE = re.compile(f"(?={_NOT_SPLIT}(?P<name>{_USUAL}[{_GIVEN}]{{2}}))")
_DOTTED = re.compile(f"(?P<name>[{_SOUNDS}]{{2,8}}(?:[·•・-][{_SOUNDS}]{{1,8}})+)")
_SURNAMED = re.compile(f"(?:我|他|她|老板|房东|对方|人家)姓(?P<name>{_SURNAME})")
_ENDED = '$|[,。;:!?、\\s”")）\\]|/<〔和与欠]'
# What only people do: before it even an ordinary word is a name.
_PERSON = (
    "说|把|被|欠|骗|借|嫁|娶|拒|怀|替|名下|向我|和我|跟我|对我|给我|打我|骂我|让我|打球|打架|在我|答应|承诺|同意|不肯|不承认|起诉|买了|卖了|签了|弄|试用期|"
    "签|负|收了|诉|驾驶|驾车|开车|骑车|酒后|带着|未满|年满|今年|已经|已婚|之间|夫妇|本人|辞职|离职|入职|去世|死亡|的[妈爸父母儿女弟妹哥姐老丈妻狗车手账钱银微]"
)
_DUMMY = re.compile("(?P<name>张三|李四|王五|赵六|钱七|孙八|周九|吴十)")
_DOUBLES = frozenset(_DOUBLE.split("|"))
_GIVENS, _SELDOMS, _ONS = frozenset(_GIVEN), frozenset(_SELDOM), frozenset(_ON)
_ENDINGS = frozenset((Path(__file__).parent / "endings.txt").read_text("utf-8").split())
_WORDS = frozenset((Path(__file__).parent / "words.txt").read_text("utf-8").split()) - _DOUBLES


def names(text: str) -> Iterator[tuple[int, int]]:
    """Where names stand in `text` (half-width, simplified), some of them twice, in no order."""
    yield from (found.span("name") for found in _DOTTED.finditer(text))
    for found in _EXPLICIT.finditer(text):
        yield from _cut(text, *found.span("name"), sure=True)
    for found in _BESIDE.finditer(text):
        yield from _cut(text, *found.span("name"), sure=False)
    for found in _ALONE.finditer(text):
        for start, end in _cut(text, *found.span("name"), sure=False):
            if text[start] not in _WORDLY or end - start > 2 or _follows(text, end):
                yield start, end
    for found in _WHOLE.finditer(text):
        start, end = found.span("name")
        words = {text[max(0, start - 1) : start + 1]} & _ENDINGS
        words |= {text[start : start + 2], text[start:end], text[end - 1 : end + 1]} & _WORDS
        if text[start] in _WORDLY:
            words |= {text[start + 1 : end]} & _WORDS
        if not words and text[start] not in "向和付房解包段":
            yield start, end
    for found in _TITLED.finditer(text):
        start, end = found.span("name")
        if text[start:end] not in _WORDS:
            yield start, end
    for form in (_BOSS, _SURNAMED, _FAMILIAR, _DUMMY):
        yield from (found.span("name") for found in form.finditer(text))


def _cut(text: str, start: int, end: int, *, sure: bool) -> Iterator[tuple[int, int]]:
    """The name that begins at `start`, with one given character or two; none for an ordinary word."""
    first = start + (2 if text[start : start + 2] in _DOUBLES else 1)
    given = text[first:end]
    if not given or (sure and given[0] in _ONS and given[0] not in _GIVENS):
        return
    if len(given) == 2 and not _goes_on(text, end, given, sure):
        given, end = given[0], end - 1
    follows = _follows(text, end)
    if not sure and first == start + 1 and _GIVENS.isdisjoint(given) and not (follows and _SELDOMS.issuperset(given)):
        return
    words = {text[start : start + 2], text[start:end], text[start : end + 1]} & _WORDS
    if sure or not words:
        yield start, end
    elif text[start] in _WORDLY and text[start] not in "方施童严安高":
        return
    elif len(given) == 2 and text[start:end] not in _WORDS and _GIVENS.issuperset(given):
        yield start, end  # 夏天宇: the word is only a part of it
    elif text[start : end + 1] not in _WORDS and re.match(_PERSON, text[end:]):
        yield start, end


def _goes_on(text: str, end: int, given: str, sure: bool) -> bool:
    """Whether the second character after a surname still belongs to the name."""
    last = given[1]
    if last in _ONS:
        # 张和平, 李明年: only where the name ends there, too
        return (last in _GIVENS or last in _SELDOMS) and _follows(text, end)
    return sure or last in _GIVENS or (last in _SELDOMS and given[0] in _GIVENS)


def _follows(text: str, end: int) -> bool:
    """Whether what stands at `end` is such as stands after a whole name."""
    return re.match(_ENDED, text[end : end + 1]) is not None or re.match(_PERSON, text[end : end + 3]) is not None
