"""Traditional characters as simplified ones, each for one, so that positions in a text stay valid.

`proces` (with which cn2an reads numbers for us) has a table of characters. It lacks many that have several traditional
forms for one simplified (裡, 闆, 髮) and the forms of Taiwan; these are added below, as OpenCC's TSCharacters
(Apache-2.0) has them. What simplified text uses itself (著, 乾, 瞭) stays.
"""

import re

from proces.conf import T2S_DICT

_LACKING = (
    "佈佔併侷係俬倖傢僞僱儘兇凈剋剷勳卹卽厠厤唸啓喫噁噹嚙嚥嚮囌垻埰墰墻壜夥奬姦寀峯崑崙嵗嶽巖弔彆彔彙彫彿徵懞捨捲採摺敎旂旣昇"
    "曆曏朮枴柺査桿榦樑樸檯殻氾汎汙泝洩淩準溼滙滷澱濛瀋瀰燬燻爲牀獃琱産甦甯畵痠瘻癒癥眞睏矇祕禦稜穀穫竈竪箇範籤糰紮絶綑綫綵緑"
    "緻縴繫纍纔罈罎羣翫脣脩臟臺舘菸葯蒐蓆蔘藴衆衕衚衝裏裡製複襬覈託註証誇誌説諮謡譟譭讚贜踰蹟蹠輓迴週遊遡醖醜醣釐釦鈅鈡鉅鉆鉤"
    "銹録錶鍊鍼鎚鎭鏇鐘鑑閑閤閲闆闇闢陞隻鞦韆顔颱颳餘餬駡髮鬆鬍鬚鬥鬨鬱鵰鷄鹹鹼麪麫麯麴麵麽黴鼕齣妳牠"
)
_FOR_LACKING = (
    "布占并局系私幸家伪雇尽凶净克铲勋恤即厕历念启吃恶当啮咽向苏坝采坛墙坛伙奖奸采峰昆仑岁岳岩吊别录汇雕佛征蒙舍卷采折教旗既升"
    "历向术拐拐查杆干梁朴台壳泛泛污溯泄凌准湿汇卤淀蒙沈弥毁熏为床呆雕产苏宁画酸瘘愈症真困蒙秘御棱谷获灶竖个范签团扎绝捆线彩绿"
    "致纤系累才坛坛群玩唇修脏台馆烟药搜席参蕴众同胡冲里里制复摆核托注证夸志说咨谣噪毁赞赃逾迹跖挽回周游溯酝丑糖厘扣钥钟巨钻钩"
    "锈录表炼针锤镇旋钟鉴闲合阅板暗辟升只秋千颜台刮余糊骂发松胡须斗哄郁雕鸡咸碱面面曲曲面么霉冬出你它"
)
_SIMPLE = {**T2S_DICT, **dict(zip(_LACKING, _FOR_LACKING, strict=True))}
_TABLE = str.maketrans(_SIMPLE)
# Most texts have nothing to replace, which a search tells in a tenth of the time. `re` looks up one class of the first
# plane at once; the few characters beyond it are one range.
_FIRST = re.escape("".join(char for char in _SIMPLE if char < "\U00010000"))
_TRADITIONAL = re.compile(f"[{_FIRST}\U00010000-\U0010ffff]")


def simplified(text: str) -> str:
    """The text with traditional characters replaced one by one; simplified text stays as it is."""
    return text.translate(_TABLE) if _TRADITIONAL.search(text) else text
