"""このブログの数字は、どこから来るのか。

データ: 実験 l1_vs_l2 が読むこのブログ自身のファイル（コードと、糖尿病データの表）。種ごとに、どれかのファイルの
書きかえを10回、実験のファイルの書きかえを5回、見た目だけの手直しを3回。どれも元のファイルから始め、ファイルをくじで選び、
次にその中の場所をくじで選ぶ（figures/data/edits.py）。
解き方: 書きかえるたびに、λ=1のL1で0になる重みを3回ぶん数えなおし、元と比べる（figures/data/trials.py）。それとは別に、
見張り方ごとの鍵が変わるかを見る（figures/data/watches.py）。どのファイルも書きかえず、文字列のまま走らせる。
時刻と大きさの見張りは、Pythonの.pycの規則（秒に切りすてた時刻と、バイト数）をまねたもの。
出典: 書きかえて見つかるかを数えるやり方は DeMillo, Lipton & Sayward (1978), Computer 11(4)。.pycの規則は PEP 552。
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from figures.data.peers import load_peers
from figures.data.sources import depths, reads
from figures.data.trials import N_REPEATS, OWN, Trial, cosmetic_trials, counted_before, moving, real_trials, sources
from figures.results import Claim, Figure, Number, Result, Table

SEEDS = range(20)
N_REAL, N_OWN, N_COSMETIC = 10, 5, 3  # edits a seed: of any file, of the experiment's own file, of looks only

NAMES = {
    "own": "実験のファイルだけ",
    "direct": "直接読むものまで",
    "clock": "時刻と大きさ",
    "content": "全部のバイト",
    "meaning": "このブログ",
}


def count(trials: Iterable[Iterable[Trial]], what: Callable[[Trial], bool]) -> list[int]:
    """In how many trials of each seed it is so."""
    return [sum(map(what, of_a_seed)) for of_a_seed in trials]


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
    real, cosmetic = (
        [real_trials(seed, N_REAL) for seed in seeds],
        [cosmetic_trials(seed, N_COSMETIC) for seed in seeds],
    )
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
    real, cosmetic = (
        [real_trials(seed, N_REAL) for seed in seeds],
        [cosmetic_trials(seed, N_COSMETIC) for seed in seeds],
    )
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
