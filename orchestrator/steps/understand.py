"""Understand: the causes the story speaks of, and the facts it states, takes back or supposes, or the replies give."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from models.contracts import ModelError
from orchestrator import corrections, extraction, reading, recognition, statements
from orchestrator.contracts import Fact, Question
from orchestrator.domains.pack import Domain
from orchestrator.facts import chosen, extract, merge, read_breath, read_replies, reconciled, together, unread
from orchestrator.reasoning import MAX_CAUSES, decide, recognise
from orchestrator.recognition import Spoken
from orchestrator.state import Json, State
from orchestrator.steps.common import Run, as_of, dumped, entry, facts_of, message_of, pack_of, spoken
from orchestrator.wording import plain
from retrievers.contracts import RetrievalError

CAUSE = "cause"  # the id of the question which trouble it is, when the story does not say
REMEMBERED = 12  # facts of which it is known that they were spoken of last


async def run(state: State, runtime: Run) -> State:
    """Extract facts from the message, read it as the answer to open questions, and recognise causes."""
    started = time.perf_counter()
    message, pack = message_of(state), pack_of(state)
    text = message.content or "\n".join((message.reply or {}).values())
    if pack is None:
        note = entry("understand", "该领域没有要素包,直接检索", started)
        story, told_so_far = _longer(state.get("story", []), text), _longer(state.get("told", []), text)
        return {"story": story, "told": told_so_far, "questions": [], "trace": [note]}
    follows = message.content is not None and _answered(state)
    if message.content is not None and (supposing := _supposition(state, pack, text, follows, runtime)):
        return supposing
    today = runtime.context.today()
    known = facts_of(state)
    read = _Read(text=text)
    if message.content is None:
        read.replies(pack, _questions(state), known, message.reply or {}, today)
    else:
        read.content(pack, state, known, today, follows)
    asking = follows and statements.asks_only(text)
    story = state.get("story", []) if asking else _longer(state.get("story", []), text)
    replies = _longer(state.get("replies", []), text) if _replies(state) else state.get("replies", [])
    causes = state.get("causes", []) or read.causes
    whole, telling = spoken(runtime, pack, story, replies)
    if asking:  # what is asked may name a trouble too
        _, telling = spoken(runtime, pack, [*story, text], replies)
    recognised, searched = await _causes(state, runtime, telling)
    # A question brings in no other trouble than the one that it names itself.
    own_words = runtime.context.stories.spoken(pack, text)
    named = {cause.id for cause in own_words.named} if asking else set(recognised.ids)
    causes = list(dict.fromkeys([*causes, *(id for id in recognised.ids if id in named)]))[:MAX_CAUSES]
    own = [cause for cause in pack.causes if cause.id in causes]
    own.sort(key=lambda cause: causes.index(cause.id))
    tells = reading.reading(own, whole, telling, recognised.votes)
    mended = corrections.marked(text)  # who says what was wrong says what is right: that needs no judge
    read.facts = {**(read.facts if mended else tells.believed(read.facts)), **read.corrected}
    by_model, notes, degraded = await _by_model(state, runtime, pack, read.free, read.facts)
    read.facts = {**by_model, **read.facts}
    active = {id for cause in own for id in cause.elements}
    # What was told before a cause was recognised counts for it too; what a reply settled stands above it.
    heard = {id for cause in pack.causes if cause.id in state.get("causes", []) for id in cause.elements}
    earlier: dict[str, Fact] = {}
    for turn, told in enumerate(state.get("told", [])):
        read_then = extract(pack.elements, told, today, sole=not turn)
        earlier |= {id: fact for id, fact in read_then.items() if id not in heard}
    standing = {id: fact for id, fact in {**tells.believed(earlier), **known}.items() if id not in read.reopened}
    heard_now = _longer(state.get("told", []), read.free)
    jointly = tells.believed(together(pack.elements, heard_now, today))
    new = read.facts if mended else reconciled(standing, read.facts, jointly)
    merged = merge(standing, new)
    doubtful = [id for id in {*state.get("doubtful", []), *read.reopened} if id not in merged]
    merged |= {id: fact for id, fact in jointly.items() if id not in merged and id not in doubtful}
    merged |= tells.further({*merged, *doubtful})
    # What was asked on behalf of a cause that is only likely is answered for good.
    asked = [part.id for question in _questions(state) for part in question.parts]
    answered = set(asked)
    answered |= {id for id, fact in known.items() if fact.source != "story"}
    facts = {id: fact for id, fact in merged.items() if id in active or not causes or id in answered}
    moved = [id for id, fact in facts.items() if known.get(id) != fact] + sorted(read.reopened & set(known))
    labels = "、".join(pack.element(id).label for id in moved)
    note = entry("understand", f"案由:{'、'.join(causes) or '未识别'};新增或更正:{labels or '无'}", started)
    again = follows and any(statements.same(text, told) for told in state.get("story", []))
    recent = [*state.get("recent", []), *asked, *moved]
    return {
        "story": story,
        "replies": replies,
        "told": heard_now,
        "doubtful": doubtful,
        "matter": pack.name,
        "causes": causes,
        "votes": recognised.votes,
        "facts": dumped(facts),
        "recent": list(dict.fromkeys(reversed(recent)))[:REMEMBERED][::-1],
        "questions": [],
        "asked": text if follows and not moved and not again and (asking or state.get("opinion")) else "",
        "confirmed": bool(state.get("confirmed")) and follows,
        "degraded": [*state.get("degraded", []), *degraded],
        "trace": [*notes, *searched, note],
    }


async def _causes(state: State, runtime: Run, story: Spoken) -> tuple[recognition.Recognised, list[Json]]:
    """The causes of the story, and the trace; where the search fails, words and examples alone decide."""
    started = time.perf_counter()
    if state.get("opinion") or not message_of(state).content:
        return recognition.weighed(story, state.get("votes", {})), []
    try:
        found = await recognition.causes(runtime.context.library, story, as_of(state))
    except RetrievalError as error:
        without = recognition.weighed(story, state.get("votes", {}))
        return without, [entry("understand", "检索不可用,案由只按叙述识别", started, error=str(error))]
    added = "、".join(found.added)
    return found, [
        entry("understand", f"叙述没有点明、按相似叙述和检索到的法条补充的案由:{added}", started)
    ] if added else []


async def _by_model(
    state: State, runtime: Run, pack: Domain, text: str, known: Mapping[str, Fact]
) -> tuple[Mapping[str, Fact], list[Json], list[str]]:
    """What a language model reads in the message, its trace, and the task if it failed: the rules then stand alone."""
    if not text.strip():
        return {}, [], []
    causes = [*state.get("causes", []), *(cause.id for cause in runtime.context.stories.spoken(pack, text).named)]
    wanted = {id for cause in pack.causes if cause.id in causes for id in cause.elements}
    elements = [element for element in pack.elements if element.id in wanted or not causes]
    try:
        read = await extraction.by_model(
            runtime.context, elements, text, state.get("story", [])[-3:], known, state.get("domain", "")
        )
    except ModelError as error:
        return {}, [entry("facts", f"事实抽取模型失败({error.code}),只用规则抽取", error=str(error))], ["facts"]
    return read.facts, [read.entry.model_dump(mode="json")] if read.entry else [], []


@dataclass
class _Read:
    """What one message gives: facts, those of them that correct known ones, causes named, facts known to be wrong, and
    its text that may be read again.
    """

    text: str
    facts: dict[str, Fact] = field(default_factory=dict)
    corrected: dict[str, Fact] = field(default_factory=dict)
    causes: list[str] = field(default_factory=list)
    reopened: set[str] = field(default_factory=set)
    free: str = ""

    def content(self, pack: Domain, state: State, known: Mapping[str, Fact], today: date, follows: bool) -> None:
        """Free text: corrections first, then what it states; after an answer, its questions state nothing."""
        said = statements.told(self.text) if follows else self.text
        taken = corrections.read(pack.elements, known, state.get("recent", []), said, today)
        self.free, self.reopened = taken.rest, taken.reopened
        asked = _questions(state)
        self.facts = {**extract(pack.elements, self.free, today, sole=not asked), **taken.facts}
        if any(question.id == CAUSE for question in asked):
            self.causes = _named_cause(pack, self.text)
        breaths = [[pack.element(part.id) for part in question.parts] for question in asked if question.id != CAUSE]
        if len(breaths) == 1:
            answers = read_breath(breaths[0], self.free, today)
        else:
            answers = read_replies(breaths, self.free, today)
        # Alone, a reply is read as such; of several, what the text itself says of a fact is the surer reading.
        self.facts = {**self.facts, **answers} if len(breaths) == 1 else {**answers, **self.facts}
        # What was asked for and told is a reply, whoever read it: it stays, even of a cause that is only likely.
        replied = {element.id for breath in breaths for element in breath} & self.facts.keys()
        self.facts |= {id: self.facts[id].model_copy(update={"source": "reply"}) for id in replied}
        self.facts |= taken.facts
        self.corrected = taken.facts

    def replies(
        self,
        pack: Domain,
        asked: Sequence[Question],
        known: Mapping[str, Fact],
        given: Mapping[str, str],
        today: date,
    ) -> None:
        """Replies by question. A quick reply answers its own question and says nothing of other facts."""
        options = {option for question in asked for part in question.parts for option in part.options}
        self.free = "\n".join(said for said in given.values() if said not in options)
        self.facts = extract(pack.elements, self.free, today, "reply", sole=False)
        # What a reply to another question seems to say against the story is weighed as the story is.
        against = self.facts.keys() & known.keys() - given.keys()
        self.facts |= {id: self.facts[id].model_copy(update={"source": "story"}) for id in against}
        if CAUSE in given:
            self.causes = _named_cause(pack, given[CAUSE])
        for question in asked:
            for part in question.parts:
                if part.id != CAUSE and part.id in given:
                    self._replied(pack, question, part, given, today)

    def _replied(self, pack: Domain, question: Question, part: Question, given: Mapping[str, str], today: date) -> None:
        """One reply, to a question or a part of it: own words may speak of all that was asked in the breath."""
        said = given[part.id]
        whole = part is question and said not in part.options and not any(one.id in given for one in question.parts[1:])
        read = read_breath([pack.element(one.id) for one in (question.parts if whole else (part,))], said, today)
        if not read and part.id not in self.facts:
            # An answer that fits no known value is kept as told; the question is not put a second time.
            read = {part.id: unread(pack.element(part.id), said)}
        self.facts |= read


def _supposition(state: State, pack: Domain, text: str, follows: bool, runtime: Run) -> State | None:
    """What the message only supposes: to be answered after an answer, else passed over. None when it supposes nothing.

    A question that goes against what was told (没有借条能起诉吗, of one who has 借条) supposes it as well, with
    whatever else it says (评上九级能赔多少, of one who has not applied).
    """
    supposes = statements.supposes(text)
    if not supposes and not (follows and statements.asks_only(text)):
        return None
    if not follows:
        if not (state.get("questions") or state.get("reply", {}).get("status") == "confirm"):
            return None  # the first message: people tell their own trouble as an 如果
        note = entry("understand", "客户提出假设,事实不变")
        # The open questions have not been answered: they are put again.
        still = {part.id for question in _questions(state) for part in question.parts}
        put = [id for id in state.get("put", []) if id not in still]
        return {"questions": [], "put": put, "confirmed": False, "trace": [note]}
    known = facts_of(state)
    found, aside = supposed_facts(pack, state, text, runtime.context.today())
    supposed = {id: fact for id, fact in found.items() if id not in known or known[id].value != fact.value}
    if not supposes and not any(id in known and not known[id].unclear for id in supposed):
        supposed = {}
    if not supposed:
        if not supposes:
            return None
        return {"questions": [], "asked": text, "trace": [entry("understand", "假设不涉及已知要素")]}
    labels = "、".join(f"{fact.label}:{fact.value}" for fact in supposed.values())
    note = entry("understand", f"按假设推演:{labels}")
    rows: dict[str, Json] = dumped(supposed)
    return {"supposed": rows, "aside": aside, "questions": [], "asked": text, "trace": [note]}


def supposed_facts(pack: Domain, state: State, text: str, today: date) -> tuple[dict[str, Fact], list[str]]:
    """The facts that a supposition supposes, by id, and the causes beyond those of the matter that it speaks of.

    Of a cause that only the supposition speaks of, at most one beyond the matter's is taken.
    """
    bare, causes = statements.supposed(text), state.get("causes", [])
    recent = state.get("recent", [])
    further = [cause.id for cause in recognise(pack, bare) if cause.id not in causes][:1]
    own, known = [cause for cause in pack.causes if cause.id in causes], facts_of(state)
    before = {id(finding) for _, finding in decide(own, known, today).held}
    for aside in ([], further) if further else ([],):
        active = {id for cause in pack.causes if cause.id in (*causes, *aside) for id in cause.elements}
        elements = [element for element in pack.elements if element.id in active]
        found = {id: fact for id, fact in extract(elements, bare, today).items() if not fact.unclear}
        if found and (aside or not further):
            return found, aside
        # A fact that changes nothing of the matter belongs to the cause that the supposition speaks of.
        if found and {id(finding) for _, finding in decide(own, {**known, **found}, today).held} != before:
            return found, aside
        order = [*reversed(recent), *(element.id for element in elements if element.id not in recent)]
        for element in sorted(elements, key=lambda one: order.index(one.id)):
            if element.kind == "choice" and (fact := chosen(element, plain(bare))) is not None:
                return {fact.id: fact}, aside
    return {}, []


def _answered(state: State) -> bool:
    """Whether the message comes after an answer; a chat completion keeps none, only a story without open questions."""
    return bool(state.get("opinion")) or bool(
        state.get("stateless") and state.get("story") and not state.get("questions")
    )


def _replies(state: State) -> bool:
    """Whether the message replies to what was asked about the matter, not to which matter it is.

    Whoever writes much in place of a reply tells more than was asked, perhaps another trouble.
    """
    told = message_of(state).content or ""
    return len(told) < recognition.LONG and any(question.id != CAUSE for question in _questions(state))


def _questions(state: State) -> list[Question]:
    return [Question.model_validate(row) for row in state.get("questions", [])]


def _longer(texts: Sequence[str], text: str) -> list[str]:
    """The texts with one more, which is not kept twice."""
    return [*texts, *([text] if text and not any(statements.same(text, one) for one in texts) else [])]


def _named_cause(pack: Domain, text: str) -> list[str]:
    said = plain(text).strip()
    exact = [cause.id for cause in pack.causes if said in (plain(cause.name), plain(cause.label))]
    return exact or [cause.id for cause in recognise(pack, text)]
