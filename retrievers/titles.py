"""What a law is called: any writing of its name to the canonical title.

Knows the short names of aliases.yaml and the laws that are gone; knows nothing of articles or texts. Chinese names are
compared by their *key*: simplified characters without 中华人民共和国, brackets, blanks and 、.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import yaml

from retrievers import tables
from retrievers.tables import Gone

ALIASES = Path(__file__).parent / "aliases.yaml"
STATE = "中华人民共和国"

# Characters of statute names and citations that people also write otherwise; one for one, so that places are kept.
PLAIN = str.maketrans(
    "０１２３４５６７８９○()[]〔〕＜＞﹤﹥<>條項編關於勞動爭議訴訟證據刑婚姻繼產責權與資險傷償損買賣國務養護費稅鐵電網絡隱辦釋規",
    "0123456789〇（）（）（）〈〉〈〉〈〉条项编关于劳动争议诉讼证据刑婚姻继产责权与资险伤偿损买卖国务养护费税铁电网络隐办释规",
)
_DROPPED = re.compile(r"[\s\u200b\ufeff《》〈〉（）、·•*`“”\"「」『』]+")
_DATED = re.compile(
    r"[（(_]?(?:19|20)\d{2}(?:年(?:\d{1,2}月(?:\d{1,2}日)?)?|-\d{1,2}-\d{1,2})?"
    r"(?:起?施行|版|(?:修正|修订|修改|通过|公布|制定)[版案本]?)?[）)]?$"
)
_YEAR = re.compile(r"(?:19|20)\d{2}")
_ISSUER = re.compile(r"^(?:最高(?:人民)?(?:法院?|院|检察院|检)|两高|人民检察院|人民法院|国务院)+(?=关于)|^关于")
_COURT = re.compile(r"^(?:最高(?:人民)?(?:法院|院|法)|两高)")
_ABOUT = re.compile(r"^关于")
_KIND = re.compile(
    r"(?:的|若干|问题|有关|案件|纠纷|罪|应用|适用|法律|具体|司法|新)*(解释|规定|批复|意见|规则)([一二三四五六七八九十]*)$"
)
_FRAME = re.compile(r"^(?:(?:关于)?(?:人民法院)?(?:审理|办理|适用|涉及|处理|依法|涉)?)+")
_CASE = re.compile(r"(?:的|若干|问题|有关|案件|纠纷|刑事|民事|罪|适用|应用|法律|具体|如何)+$")
_ORDINALS = re.compile(r"[一二三四五六七八九十]+$")
_SHORTEST_CORE = 2
_BRACKETED = re.compile("《((?:[^《》]|《[^《》]*》)+)》")
_ABROAD = re.compile(
    r"(?:(?<!我)(?<!中)(?<!共和)(?<!本)国|日本|台湾|香港|澳门|欧盟|省|市|自治区|自治州|县|特区|经济区|个人)$"
)


def key(name: str) -> str:
    """The name as names are compared."""
    return _DROPPED.sub("", name.translate(PLAIN)).replace(STATE, "")


@lru_cache(maxsize=1)
def _table() -> tuple[MappingProxyType[str, tuple[str, ...]], MappingProxyType[str, Gone]]:
    rows = yaml.safe_load(ALIASES.read_text(encoding="utf-8"))
    names = {title: tuple(aliases) for title, aliases in rows["names"].items()}
    return MappingProxyType(names), MappingProxyType({row.law: row for row in tables.gone() if not row.amended})


class Titles:
    """The titles of a corpus and every name for them. Immutable; safe to share between threads."""

    def __init__(self, titles: Iterable[str]) -> None:
        """`titles` are those of the loaded laws, as `Passage.law` has them."""
        aliases, self._old = _table()
        self._loaded = frozenset(titles)
        self._keys: dict[str, str] = {}
        for title in sorted(self._loaded, key=lambda title: (-len(title), title)):
            self._keys.setdefault(key(title), title)
        for title in (*aliases, *self._old):
            self._keys.setdefault(key(title), title)
        known = {key(title): title for title in self._keys.values()}
        for title, names in aliases.items():
            for name in names:
                self._keys.setdefault(key(name), known[key(title)])
        self._shorten(known)
        self._cores = [core for title in known.values() if (core := self._core(title))]
        lengths: defaultdict[str, set[int]] = defaultdict(set)
        for name in self._keys:
            lengths[name[-2:]].add(len(name))
        self._lengths = {ending: sorted(found, reverse=True) for ending, found in lengths.items()}
        self._longest = max(map(len, self._keys), default=0)

    def __contains__(self, title: str) -> bool:
        """Whether the law of this canonical title is loaded."""
        return title in self._loaded

    def canonical(self, name: str) -> str | None:
        """The canonical title for any writing of a law's name, loaded or not; None if unknown or ambiguous."""
        if name in self._loaded:
            return name
        if (found := self._keys.get(key(name))) is not None:
            return found
        plain = name.translate(PLAIN).strip().strip("《》")
        undated = _DATED.sub("", plain)
        if undated != plain and (found := self._keys.get(key(undated))) is not None:
            return found
        plain = key(undated)
        return self._keys.get(_COURT.sub("", plain)) or self._by_core(plain)

    def old_law(self, name: str) -> str | None:
        """The title of the law that governs instead of a law that is gone: 婚姻法 → 民法典; empty if none does."""
        row = self.old(name)
        return None if row is None else row.now

    def old(self, name: str) -> Gone | None:
        """As `old_law`, with the day and what ended it."""
        title = self._keys.get(key(name), name)
        return self._old.get(title)

    def version(self, name: str) -> str:
        """The year of the version that the writing names: 公司法(2018修正) → 2018; else empty."""
        if key(name) in self._keys:
            return ""
        dated = _DATED.search(name.translate(PLAIN).strip().strip("《》"))
        year = _YEAR.search(dated.group()) if dated else None
        return year.group() if year else ""

    def named(self, text: str) -> list[tuple[str, int, int]]:
        """The known laws that stand in 《》 in `text`: (canonical title, start, end), not those inside another name."""
        found = [(self.canonical(name[1]), *name.span()) for name in _BRACKETED.finditer(text)]
        return [(law, start, end) for law, start, end in found if law is not None]

    def ending(self, text: str) -> tuple[str, int] | None:
        """The longest name with which `text` ends, as (canonical title, where the name starts); None if there is none.

        A foreign or local law whose name ends like a national one (日本民法典, 北京市物业管理条例) is none.
        """
        near = _DROPPED.sub("", text[-8:])[-2:]
        if len(near) == 2 and near not in self._lengths:
            return None
        letters: list[str] = []
        places: list[int] = []
        for place in range(len(text) - 1, -1, -1):
            if len(letters) >= self._longest or text[place] in "。；;！？!?\n，,":
                break
            if not _DROPPED.match(text[place]):
                letters.append(text[place])
                places.append(place)
        tail = "".join(reversed(letters))
        for length in self._lengths.get(tail[-2:], ()):
            if length <= len(tail) and (title := self._keys.get(tail[-length:])) is not None:
                start = places[length - 1]
                while start and text[start - 1] in "《〈“「『":
                    start -= 1
                return None if _ABROAD.search(text[:start]) else (title, start)
        return None

    def _shorten(self, known: dict[str, str]) -> None:
        """Adds the names without issuer, 关于 or 试行, where one law only has them."""
        shorter: defaultdict[str, set[str]] = defaultdict(set)
        for written, title in known.items():
            about = _ISSUER.sub("", written)
            for name in {about, _ABOUT.sub("", about), written.removesuffix("试行"), about.removesuffix("试行")}:
                if name != written:
                    shorter[name].add(title)
            if written.startswith("最高人民法院最高人民检察院"):
                shorter[written.replace("最高人民法院最高人民检察院", "两高", 1)].add(title)
            if written.startswith("最高人民法院关于"):
                for issuer in ("最高法院", "最高法", "最高院"):
                    shorter[written.replace("最高人民法院", issuer, 1)].add(title)
        for name, titles in shorter.items():
            if len(titles) == 1:
                self._keys.setdefault(name, next(iter(titles)))

    def _core(self, title: str) -> tuple[str, str, str, str] | None:
        """(what a judicial interpretation is about, its kind, its ordinal, its title)."""
        written = key(title)
        kind = _KIND.search(written)
        if title in self._old or not kind or not written.startswith("最高人民") or "修改" in written:
            return None
        about = _FRAME.sub("", _ISSUER.sub("", written[: kind.start()]))
        return _CASE.sub("", about), kind.group(1), kind.group(2), title

    def _by_core(self, written: str) -> str | None:
        kind = _KIND.search(written)
        if not kind:
            return None
        about = _CASE.sub("", _FRAME.sub("", _ISSUER.sub("", written[: kind.start()])))
        if len(about) < _SHORTEST_CORE or _ORDINALS.fullmatch(about):
            return None
        if kind.group(1) == "规定" and about in self._keys:  # 民法典规定 says what the code says
            return None
        kinds = ("解释", "规定") if kind.group(1) == "解释" else (kind.group(1),)
        pool = [row for row in self._cores if row[1] in kinds and (not kind.group(2) or row[2] == kind.group(2))]
        for fits in (str.__eq__, str.startswith, str.__contains__):
            titles = {title for core, _, _, title in pool if fits(core, about)}
            if titles:
                return titles.pop() if len(titles) == 1 else None
        return None
