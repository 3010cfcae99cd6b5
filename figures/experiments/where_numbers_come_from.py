"""このブログの数字は、どこから来るのか。

データ: 実験 l1_vs_l2 が読むこのブログ自身のファイル（コードと、糖尿病データの表）。種ごとに、どれかのファイルの
書きかえを10回、実験のファイルの書きかえを5回、見た目だけの手直しを3回。どれも元のファイルから始め、ファイルをくじで選び、
次にその中の場所をくじで選ぶ（figures/data/edits.py）。
解き方: 書きかえるたびに、λ=1のL1で0になる重みを3回ぶん数えなおし、元と比べる。それとは別に、見張り方ごとの鍵が
変わるかを見る。どのファイルも書きかえず、文字列のまま走らせる（figures/data/sources.py）。
時刻と大きさの見張りは、Pythonの.pycの規則（秒に切りすてた時刻と、バイト数）をまねたもの。
出典: 書きかえて見つかるかを数えるやり方は DeMillo, Lipton & Sayward (1978), Computer 11(4)。.pycの規則は PEP 552。
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from types import ModuleType
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from figures import fingerprint
from figures.data.edits import cosmetic_edit, real_edit
from figures.data.peers import load_peers
from figures.data.sources import depths, execute, experiment_file, line_limit, read_sources, readers, reads
from figures.errors import ResultError
from figures.results import Claim, Figure, Number, Result, Table

SEEDS = range(20)
TARGET = "l1_vs_l2"  # whose number is followed: l1_zeros
OWN = experiment_file(TARGET)
N_REAL, N_OWN, N_COSMETIC = 10, 5, 3  # edits a seed: of any file, of the experiment's own file, of looks only
N_REPEATS = 3  # of the experiment's own repeats, those that are counted

Texts: TypeAlias = Mapping[str, str]
Key: TypeAlias = Mapping[str, object]
Outcome: TypeAlias = tuple[tuple[Any, ...], tuple[float, ...]]


class Trial(NamedTuple):
    """One edit: where, what became of the number, and which of the ``WATCHES`` would run the experiment again."""

    path: str
    changed: bool  # the printed number or a value behind it is another, or none comes out
    stopped: bool
    finer: bool  # the weights behind the count differ in 8 digits, or none come out
    noticed: Mapping[str, bool]


def meaning(texts: Texts) -> Key:
    """What this blog does: code as ``figures.fingerprint`` sees it, every other file byte by byte."""
    digests = {}
    for path, text in texts.items():
        mode = "run" if path == OWN else None
        code = path.endswith(".py")
        digests[path] = fingerprint.digest_code(text.encode(), mode) if code else fingerprint.digest(text.encode())
    return digests


def own(texts: Texts) -> Key:
    """The same, of the experiment's own file."""
    return meaning({OWN: texts[OWN]})


def direct(texts: Texts) -> Key:
    """The same, of the experiment's own file and what that imports itself."""
    return meaning({path: texts[path] for path in (OWN, *reads(OWN, texts[OWN])) if path in texts})


def clock(texts: Texts, second: int = 0) -> Key:
    """A simulation of the rule for .pyc files, all saved within one second: that second, and the size in bytes."""
    return {path: (second, len(text.encode())) for path, text in texts.items()}


def content(texts: Texts) -> Key:
    """Every byte of every file."""
    return {path: fingerprint.digest(text.encode()) for path, text in texts.items()}


WATCHES: dict[str, Callable[[Texts], Key]] = {
    "own": own,
    "direct": direct,
    "clock": clock,
    "content": content,
    "meaning": meaning,
}
NAMES = {
    "own": "実験のファイルだけ",
    "direct": "直接読むものまで",
    "clock": "時刻と大きさ",
    "content": "全部のバイト",
    "meaning": "このブログ",
}


@lru_cache(maxsize=1)
def sources() -> dict[str, str]:
    return read_sources(TARGET)


@lru_cache(maxsize=1)
def modules() -> dict[str, ModuleType]:
    return execute(TARGET, sources())


@lru_cache(maxsize=8)
def unedited(watch: Callable[[Texts], Key]) -> Key:
    return watch(sources())


@lru_cache(maxsize=1024)
def outcome(path: str, text: str) -> Outcome | None:
    """With one file replaced: the number (its values, what is printed) and the weights behind it; None if it stops."""
    try:
        known = {other: module for other, module in modules().items() if other not in readers(path, sources())}
        module = execute(TARGET, {**sources(), path: text}, known)[OWN]
        with np.errstate(all="ignore"), line_limit():
            data = [(t.X, t.y) for t in module.subsamples(range(N_REPEATS))]
            weights = module.fit(data, module.LAMBDA, module.LAMBDA).l1
            number = module.Number(module.zeros(weights), "個")
            printed = (*number.values, number.text, number.error_text)
        return printed, Number(weights.ravel()).values
    except Exception:  # whatever the edit broke: readers get no number
        return None


def counted_before() -> Outcome:
    """Without an edit."""
    before = outcome(OWN, sources()[OWN])
    if before is None:
        raise ResultError(f"{TARGET} を文字列から走らせられません。figures/data/sources.py を直してください。")
    return before


def compared(path: str, text: str) -> tuple[bool, bool, bool]:
    """Whether an edit changed the number, stopped the run, changed the weights behind the number."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of edited code
        before, after = counted_before(), outcome(path, text)
    return after is None or after[0] != before[0], after is None, after != before


def tried(path: str, text: str) -> Trial:
    """Make one edit, run, compare; ask each of the watches."""
    edited = {**sources(), path: text}
    noticed = {name: watch(edited) != unedited(watch) for name, watch in WATCHES.items()}
    later = clock(edited, second=1) != unedited(clock)
    return Trial(path, *compared(path, text), {**noticed, "later": later})


@lru_cache(maxsize=64)
def real_trials(seed: int) -> list[Trial]:
    generator = np.random.default_rng(seed)
    return [tried(*real_edit(sources(), generator)) for _ in range(N_REAL)]


@lru_cache(maxsize=64)
def cosmetic_trials(seed: int) -> list[Trial]:
    generator = np.random.default_rng(seed)
    return [tried(*cosmetic_edit(sources(), generator)) for _ in range(N_COSMETIC)]


def count(trials: Iterable[Iterable[Trial]], what: Callable[[Trial], bool]) -> list[int]:
    """In how many trials of each seed it is so."""
    return [sum(map(what, of_a_seed)) for of_a_seed in trials]


def moving(path: str, seed: int, edits: int) -> float:
    """The share of edits of one file that move the number."""
    generator = np.random.default_rng(seed)
    drawn = [real_edit({path: sources()[path]}, generator) for _ in range(edits)]
    return float(np.mean([compared(*edit)[0] for edit in drawn]))


def moving_elsewhere(trials: Iterable[Iterable[Trial]]) -> list[float]:
    """The same of the edits of all files but the experiment's own, seed by seed."""
    return [float(np.mean([t.changed for t in of_a_seed if t.path != OWN])) for of_a_seed in trials]


def missed(trials: Iterable[Iterable[Trial]], watch: str) -> list[int]:
    return count(trials, lambda t: t.changed and not t.noticed[watch])


def missed_finer(trials: Iterable[Iterable[Trial]], watch: str) -> list[int]:
    return count(trials, lambda t: t.finer and not t.noticed[watch])


def noticed(trials: Iterable[Iterable[Trial]], watch: str) -> list[int]:
    return count(trials, lambda t: t.noticed[watch])


def run(seeds: Iterable[int]) -> dict[str, Result]:
    seeds = list(seeds)
    real, cosmetic = [real_trials(seed) for seed in seeds], [cosmetic_trials(seed) for seed in seeds]
    own_rate = [moving(OWN, seed, N_OWN) for seed in seeds]
    changed, peers, deep = count(real, lambda t: t.changed), load_peers(), depths(sources())
    example = Number(counted_before()[0][:N_REPEATS], "個")
    results: dict[str, Result] = {
        "files": Number(len(sources()), "個", "一つの数字のために読まれるファイル", digits=0),
        "direct_files": Number(len(reads(OWN, sources()[OWN])), "個", "そのうち、実験が直接読むもの", digits=0),
        "depth": Number(deep[OWN], "段", "読む、読まれるの、いちばん長い列", digits=0),
        "repeats": Number(len(seeds), "回", "くり返し", digits=0),
        "edits": Number(N_REAL, "回", "一回のくり返しで試す書きかえ", digits=0),
        "all_edits": Number(N_REAL * len(seeds), "回", "書きかえの合計", digits=0),
        "all_cosmetics": Number(N_COSMETIC * len(seeds), "回", "見た目だけの手直しの合計", digits=0),
        "cosmetics": Number(N_COSMETIC, "回", "一回のくり返しで試す、見た目だけの手直し", digits=0),
        "counted": Number(N_REPEATS, "回", "l1_vs_l2のくり返しのうち、数えなおすもの", digits=0),
        # the smallest example: the repeats that are counted
        **{
            f"example_{i}": Number(value, "", f"数えなおす{N_REPEATS}回の値、{i}回め", digits=0)
            for i, value in enumerate(example.values, 1)
        },
        "example_mean": Number(example.value, "", "その平均、まるめる前", digits=4),
        "example_error": Number(example.standard_error, "", "その標準誤差、まるめる前", digits=4),
        "example": Number(example.values, "個", "0になった重み、数えなおす分だけ"),
        # what became of the number
        "all_changed": Number(sum(changed), "回", "数字が変わるか止まった書きかえの合計", digits=0),
        "all_stopped": Number(sum(count(real, lambda t: t.stopped)), "回", "そのうち、止まったもの", digits=0),
        "all_silent": Number(
            sum(count(real, lambda t: t.changed and not t.stopped)), "回", "そのうち、別の数字になったもの", digits=0
        ),
        "own_edits": Number(N_OWN * len(seeds), "回", "実験のファイルの書きかえの合計", digits=0),
        "own_rate": Number(own_rate, "%", "数字が動く割合、実験のファイルの書きかえ"),
        "other_rate": Number(moving_elsewhere(real), "%", "数字が動く割合、ほかのファイルの書きかえ"),
        "all_finer": Number(
            sum(count(real, lambda t: t.finer)), "回", "重みを8桁で比べて、変わるか止まった書きかえの合計", digits=0
        ),
        "all_noticed": Number(sum(noticed(real, "meaning")), "回", "このブログが走らせなおす書きかえの合計", digits=0),
        "idle": Number(
            sum(count(real, lambda t: t.noticed["meaning"] and not t.changed)),
            "回",
            "そのうち、走らせなおしても数字が同じだったもの",
            digits=0,
        ),
        "direct_missed": Number(
            sum(missed(real, "direct")), "回", "直接読むものまで見張った、見のがしの合計", digits=0
        ),
        "direct_missed_finer": Number(
            sum(missed_finer(real, "direct")), "回", "同じく、重みを8桁で比べたとき", digits=0
        ),
        # the trial of other tools
        "peers": Number(peers["tried"], "件", "試した道具", digits=0),
        "peers_cached": Number(peers["cached"], "件", "前の結果を使いまわす道具", digits=0),
        "peers_edits": Number(peers["edits"], "か所", "道具ごとに書きかえた場所", digits=0),
        "peers_wrong": Number(peers["wrong_at_least"], "か所", "使いまわす道具がまちがえた場所、少なくとも", digits=0),
        "peers_exit": Number(peers["exit_status"], "", "そのときの終了の番号", digits=0),
    }
    for watch, name in NAMES.items():
        results[f"missed_{watch}"] = Number(missed(real, watch), "回", f"見のがし、{name}")
        results[f"wasted_{watch}"] = Number(noticed(cosmetic, watch), "回", f"むだな走りなおし、{name}")
    return results | {
        "nothing_missed": Claim(missed(real, "meaning"), "==", 0, about="このブログの見張りが見のがした書きかえ"),
        "nothing_missed_finer": Claim(missed_finer(real, "meaning"), "==", 0, about="同じく、重みを8桁で比べたとき"),
        "nothing_wasted": Claim(noticed(cosmetic, "meaning"), "==", 0, about="見た目だけの手直しで走りなおした回数"),
        "own_moves_less": Claim(
            own_rate, "<=", moving_elsewhere(real), 0.8, "数字が動く割合、実験のファイルとほかのファイル", 2
        ),
        "own_file_misses": Claim(missed(real, "own"), ">=", 1, 0.9, "実験のファイルだけを見張って、見のがした書きかえ"),
        "clock_misses": Claim(missed(real, "clock"), "==", changed, about="同じ秒の書きかえ、見のがしと、変わったもの"),
        "cosmetics_are_harmless": Claim(
            count(cosmetic, lambda t: t.finer), "==", 0, about="見た目だけの手直しで、重みが変わった回数"
        ),
        "watches": Table(
            ["見張るもの", "見のがし", "むだな走りなおし"],
            {name: [f"missed_{watch}", f"wasted_{watch}"] for watch, name in NAMES.items()},
            "見張り方ごとの、見のがした書きかえと、むだな走りなおし。どちらも少ないほど良い。",
        ),
        **figures(real),
    }


def falsify(seeds: Iterable[int]) -> dict[str, Claim]:
    """Each claim of another watch, of an edit a second later, of the other kind of edit, or of an inner file."""
    seeds = list(seeds)
    inner_rate = [moving("models/lasso_path.py", seed, 2) for seed in seeds]
    real, cosmetic = [real_trials(seed) for seed in seeds], [cosmetic_trials(seed) for seed in seeds]
    changed = count(real, lambda t: t.changed)
    return {
        "nothing_missed": Claim(missed(real, "clock"), "==", 0),
        "nothing_missed_finer": Claim(missed_finer(real, "direct"), "==", 0),
        "nothing_wasted": Claim(noticed(cosmetic, "content"), "==", 0),
        "own_moves_less": Claim(inner_rate, "<=", moving_elsewhere(real), 0.8, margin=2),
        "own_file_misses": Claim(missed(real, "content"), ">=", 1, 0.9),
        "clock_misses": Claim(missed(real, "later"), "==", changed),
        "cosmetics_are_harmless": Claim(count(real, lambda t: t.finer), "==", 0),
    }


def figures(real: list[list[Trial]]) -> dict[str, Figure]:
    """Who reads whom, with the edits of each file; and how long each watch kept the number right."""
    tries = {path: [t.changed for trials in real for t in trials if t.path == path] for path in sources()}
    shown = [path for path in sources() if any(tries[path])]
    rest = [path for path in sources() if path not in shown]
    rows = {path: i for i, path in enumerate(shown, 1)} | dict.fromkeys(rest, 0)
    links = {(rows[other], rows[path]) for path, text in sources().items() for other in reads(path, text)}
    steps = range(N_REAL + 1)

    def still_right(watch: str) -> list[float]:
        """The share of seeds in which none of the first k edits was missed, in percent."""
        wrong = [[t.changed and not t.noticed[watch] for t in trials] for trials in real]
        return [100 * float(np.mean([not any(row[:k]) for row in wrong])) for k in steps]

    return {
        "graph": Figure(
            {
                "上から下へ、読まれていく": {
                    "names": [f"ほか{len(rest)}個", *(path.rpartition("/")[2].removesuffix(".py") for path in shown)],
                    "links": sorted(link for link in links if link[0] < link[1]),
                    "moved": [[], *(sorted(tries[path], reverse=True) for path in shown)],
                    "trail": [rows[path] for path in sources() if path.endswith(".csv")],
                }
            },
            title="数字を動かすのは、実験のファイルより、その下の部品",
            caption="黒丸は、書きかえると数字が変わったか、止まった回です。白丸は変わらなかった回です。"
            "左の弧は、上のファイルを下のファイルが読むことを表します。"
            "太い弧は、データの表から文の数字までの道です。"
            "一度も動かなかったファイルは一行にまとめ、そこへ入る弧は省きました。",
            alt="{{ where_numbers_come_from.files }}のファイルから、実験、記録、文の数字へと弧がつながる。"
            "数字を動かした書きかえは{{ where_numbers_come_from.all_changed }}あり、"
            "表を読むファイルでは黒丸ばかり、実験のファイルでは白丸ばかりが並ぶ。",
        ),
        "survival": Figure(
            {
                "まだ正しい割合": {
                    "steps": steps,
                    "right": {NAMES[watch]: still_right(watch) for watch in ("own", "direct", "meaning")},
                }
            },
            title="見張る範囲が狭いと、数字はじきに古くなる",
            caption="右へいくほど、書きかえが増えます。縦は、一度も見のがしていないくり返しの割合です。"
            "{{ where_numbers_come_from.repeats }}のくり返しで、一回ごとに元のファイルから書きかえました。",
            alt="横軸は書きかえの回数、縦軸は一度も見のがしていない割合。実験のファイルだけを見張る線は早く下がり、"
            "直接読むものまで見張る線も途中で下がる。このブログの線は上の端のまま動かない。",
        ),
    }


def draw_graph(ax: Any, data: Any) -> None:
    from figures import arcs

    arcs.who_reads_whom(ax, **data)


def draw_survival(ax: Any, data: Any) -> None:
    from figures import plot

    plot.linear_axis(ax, 0, 10, "書きかえの回数")
    plot.value_axis(ax, 0, 100, "%")
    plot.curves(ax, data["steps"], data["right"])
