"""What was said at the meetings of a stage: in bulk, as search and likeness keep it.

The bulk data has meetings without minutes. Their words are laid down here as the index would have
them; of those who copy, the minutes too, for likeness reads them.
"""

from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib import import_module
from itertools import islice
from random import Random

from django.db import connection, transaction
from django.db.models import F

from dashboard.demo.loading import load
from meetings import words
from meetings.models import AgendaItem, AgendaKind, Meeting, MeetingText, TextBand
from meetings.reports.search import place_of, scope_tokens, time_tokens

from .stages import POSTGRESQL, Stage, settle

BATCH_ROWS = 5000
INDEX = import_module("meetings.migrations.0007_search_index")
# What is said in a meeting of an hour: about 500 characters.
SENTENCES, SENTENCES_A_MEETING = 600, 12
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN_NAMES = ("建国", "志强", "桂兰", "秀英", "红梅", "晓东", "文斌", "德胜", "春梅", "海燕")
MATTERS = (
    "冬春火灾防控",
    "困难群众走访名单",
    "人居环境整治分工",
    "流动党员联系事项",
    "入党积极分子培养考察",
    "党费收缴和党务公开",
    "防汛备汛和民情走访",
    "秸秆禁烧宣传",
    "支部年度学习计划",
    "村级公益事业方案",
)
OPINIONS = (
    "路边堆放清理要和农户商量好时间，防火宣传要进到每个村民组。",
    "自己岗位上还有差距，夜间入户讲政策更合在外务工党员的时间。",
    "秋收后劳力紧张，活动宜放在晚上；经讨论同意调整。",
    "上月任务逐项通报，未完成的两项明确了责任人和时间。",
    "每名党员联系三户群众，月底前走访一遍。",
    "由组织委员牵头，本周内把学习要点发到党员微信群。",
    "先从村口到祠堂一段做起，十五日前完成。",
    "宣传委员负责张贴公示，公示不少于五个工作日。",
)
# One in so many meetings speaks of something rare.
RARE_EVERY = 5000
RARE = "讨论茶园承包到期后的续签办法。"
# So many of a hundred copy one of a few texts, and every other of these the same one.
COPIES_OF_HUNDRED, MODELS = 30, 40


def with_texts(stages: list[Stage]) -> list[Stage]:
    """Lay down the texts and return the stages that have them: a city's are on PostgreSQL alone."""
    chosen = [stage for stage in stages if stage.engine == POSTGRESQL or stage.scale != "city"]
    for stage in chosen:
        stage.enter()
        if not MeetingText.objects.exists():
            _lay_down(stage)
    return chosen


def _lay_down(stage: Stage) -> None:
    """Give every meeting of the stage its words and its bands."""
    rng = Random(2026)
    models = [_minutes(rng) for _ in range(MODELS)]
    known = [words.bands(words.shingles(words.bare(text))) for text in models]
    if stage.engine == POSTGRESQL:
        _run(INDEX.POSTGRESQL_BACK)
    rows = Meeting.objects.order_by("pk").values_list("pk", "day", "township", "branch__path")
    left = rows.iterator(chunk_size=BATCH_ROWS)
    while some := list(islice(left, BATCH_ROWS)):
        texts, bands, items = [], [], []
        for pk, day, township, path in some:
            model = _model(rng)
            said = _minutes(rng) if model is None else models[model]
            texts.append(_text(pk, day, path, said))
            own = known[model] if model is not None else _chance(rng)
            bands += [TextBand(meeting_id=pk, township_id=township, band=band) for band in own]
            if model is not None:
                items.append(_item(pk, said))
        with transaction.atomic():
            for loaded in (texts, bands, items):
                load(loaded)
    Meeting.objects.update(indexed_version=F("version"))
    if stage.engine == POSTGRESQL:
        _run(INDEX.POSTGRESQL)
    settle(stage)


def model_text() -> str:
    """Return the text that most copies were made of."""
    return _minutes(Random(2026))


def _run(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _minutes(rng: Random) -> str:
    said = rng.sample(_sentences(), SENTENCES_A_MEETING)
    if rng.randrange(RARE_EVERY) == 0:
        said.append(RARE)
    return "\n".join(said)


@cache
def _sentences() -> list[str]:
    rng = Random(2026)
    return [
        rng.choice(SURNAMES)
        + rng.choice(GIVEN_NAMES)
        + f"谈到{rng.choice(MATTERS)}：{rng.choice(OPINIONS)}"
        for _ in range(SENTENCES)
    ]


def _model(rng: Random) -> int | None:
    if rng.randrange(100) >= COPIES_OF_HUNDRED:
        return None
    return 0 if rng.random() < 0.5 else rng.randrange(MODELS)


def _chance(rng: Random) -> Iterator[int]:
    return (rng.getrandbits(64) - (1 << 63) for _ in range(words.BANDS))


_pairs = cache(words.bigrams)


def _text(pk: int, day: date, path: str, said: str) -> MeetingText:
    lines = said.splitlines()
    tokens = set(time_tokens(day))
    tokens |= set(scope_tokens(path)).union(*map(_pairs, map(words.folded, lines)))
    return MeetingText(
        meeting_id=pk,
        place=place_of(day, pk),
        path=path,
        body=said,
        tokens=" ".join(sorted(tokens)),
    )


def _item(pk: int, said: str) -> AgendaItem:
    return AgendaItem(
        meeting_id=pk, position=1, kind=AgendaKind.TOPIC, title="研究支部工作", minutes=said
    )
