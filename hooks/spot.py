"""Spot the numbers that a hand typed into a sentence: a measured quantity or a setting, which can go stale.

A number is one of these: a decimal, a share or ratio (％ 割 倍 分の一 半分 桁 ポイント), a count with its unit, a whole
number of two digits or more, or what stands behind ＝ or 約. Free is what names instead of measuring: years and dates,
equations, tables, sections and pages, ordinals, versions, L1 and ResNet-18, addresses, powers, and the 一 and 二 of
everyday words. Knows neither Markdown nor results; ``account`` asks for a citation or a reason for what is found here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

HIDDEN = "\ufffc"  # stands in a text for what is no text: code, maths, a citation

# Full-width signs count as their half-width twins; the length stays, and with it every place.
NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {ord("～"): "〜", ord("−"): "-", ord("–"): "-"}
DIGITS = {kanji: value for value, kanji in enumerate("〇一二三四五六七八九")}
TENS = {"十": 10, "百": 100, "千": 1000}
MYRIADS = {"万": 10**4, "億": 10**8, "兆": 10**12}
SUPERSCRIPT = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
SHARES = {"%": 0.01, "パーセント": 0.01, "ポイント": 0.01, "割": 0.1}


def _either(words: str) -> str:
    """One of them, the longest first: 分割 before 分."""
    return "|".join(sorted(map(re.escape, words.split()), key=len, reverse=True))


RATIO = r"(?:[ ]?(?:%|パーセント|ポイント|割(?![りるれっ合])(?:[\d一二三四五六七八九]分)?|倍(?!率|数)|桁))"
COUNTERS = _either("""
    個 つ 回 人 本 枚 点 件 台 匹 冊 頭 名 組 層 行 列 段 段階 項目 種 種類 通り 位 勝 敗 問 票 例 語 字 文字 文 社 校
    年 年間 代 歳 か月 カ月 ヶ月 週 週間 日間 時間 分 秒 ミリ秒 分割 次元 画素 か所 箇所 周 歩 度 円 ドル
    キロ グラム メートル センチ ミリ ビット バイト ピクセル ステップ エポック バッチ フレーム
    サンプル トークン 単語 パラメータ パラメーター ユニット ノード セット ケース パターン クラス ラベル
""")
LATIN = _either(
    "σ kg g mg km m cm mm ms s sec min h KB MB GB TB kB Hz kHz MHz GHz FLOPS px dB fps x epoch epochs step steps"
)
COUNTER = rf"(?:[ ]?(?:{COUNTERS})(?!目)|[ ]?(?:{LATIN})(?![A-Za-z0-9]))"
POWER = r"(?:[eE][-+]?\d{1,2}(?!\d)|×10⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})"
ARABIC = (
    r"(?:(?<!\d)(?<!\d\.)(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
    rf"{POWER}?[百千]?[万億兆]?)"
)
KANJI = r"(?:(?<![〇一二三四五六七八九十百千万億])[〇一二三四五六七八九十百千][〇一二三四五六七八九十百千万億兆]*)"
TO = r"[ ]?[〜~-][ ]?"

# What names, but measures nothing. Each is blanked before a number is looked for.
YEAR = r"(?:1[6-9]|20)\d\d"
ORDINARY = r"(?<!\d)(?<!\d\.)\d+(?:\.\d+)*"
PART = _either("""
    式 表 図 節 章 定理 命題 補題 系 定義 例 問 注 脚注 付録 手順 段 段階 ステップ アルゴリズム 練習問題 その
    § p. pp. No. vol.
""")
PART_LATIN = _either("Eq. Eqs. Fig. Figure Table Section Sec. Chapter Theorem Algorithm Step STEP")
PRODUCT = _either("""
    Python NumPy SciPy scikit-learn PyTorch TensorFlow JAX Keras pandas matplotlib MkDocs Material CUDA Node BY BSD MIT
    License ライセンス バージョン v
""")
FREE = re.compile(
    "|".join(
        (
            r"https?://[!-~]+|\b10\.\d{4,}/[!-~]+|(?:ISBN|ISSN|arXiv|doi)[: ]*[\dA-Za-z./()-]+",
            rf"(?<!\d){YEAR}(?:[ ]?年代?(?:\d{{1,2}}月(?:\d{{1,2}}日)?)?|[-/]\d\d?[-/]\d\d?)",
            rf"(?<!\d){YEAR}(?!\d|\.\d|{RATIO}|{COUNTER})",
            r"\d{1,2}月(?:\d{1,2}日)?|[一二三四五六七八九十]{1,2}月|\d{1,2}時(?!間)(?:\d{1,2}分|半)?|(?<!\d)\d+世紀",
            rf"第[ ]?(?:{ORDINARY}|{KANJI})",
            rf"(?:{PART}|{PART_LATIN})[ ]?\(?{ORDINARY}(?:[-〜]{ORDINARY})?\)?(?![\d.]*{RATIO}|[\d.]*{COUNTER})",
            rf"{ORDINARY}(?:節|章|版|巻|号|頁|ページ)|\({ORDINARY}\)式|(?<!\d)\d+\(\d+\)(?:, ?\d+-\d+)?",
            rf"(?<![\d.])\d(?:{COUNTERS}|番)目",
            rf"(?<![A-Za-z])(?:{PRODUCT})[ ]?{ORDINARY}|(?<!\d)\d+\.\d+\.\d+",
            # L1, x2, ResNet-18; but AUC0.93 and SGD100回 are numbers.
            rf"(?<![\dA-Za-z])[A-Za-z]+-?(?:\d(?![\d.])|\d+(?!\d|\.\d|{RATIO}|{COUNTER}))",
            r"(?<!\d)\d+乗|[23]次元|[二三]次元|1[ ]?つ|二つ|二人|何[十百千万]+",
            # 一つ, 一度, 一般, 一番; but 一割 and 十一 are numbers.
            r"(?<![一二三四五六七八九十百千万億])(?<!分の)一(?!割|桁|ポイント|倍|[十百千万億])",
            rf"1(?:[ ]?(?:{COUNTERS})|[ ]?(?:{LATIN}))(?:ずつ|あたり|ごと|につき)",
            "1対1|人一倍|十人十色|三日坊主|百人一首|五十歩百歩|百歩譲|三人称|六本木",
        )
    )
)
NUMBER = re.compile(
    "|".join(
        (
            rf"(?P<parts>{ARABIC}|{KANJI})分の(?P<of>{ARABIC}|{KANJI})",
            rf"(?:(?P<low>{ARABIC}|{KANJI}|数)(?:{RATIO}|{COUNTER})?{TO})?"
            rf"(?P<value>{ARABIC}|{KANJI}|(?<![一-鿿])数[十百千万]*)(?P<ratio>{RATIO})",
            rf"(?:(?P<from>{ARABIC}|{KANJI})(?:{COUNTER})?{TO})?(?P<count>{ARABIC})(?P<unit>{COUNTER})",
            # In kanji 十分 is enough, 一度 is once.
            rf"(?P<kanji>{KANJI}|(?<![一-鿿])数[十百千万]+)(?P<kanji_unit>(?!分(?!割)|度|位|文|例|代|字){COUNTER})",
            r"(?P<half>半分(?!散)|半減(?!期)|半数|過半)",
            r"(?P<double>(?:^|(?<=[ぁ-ん約、。（(「]))倍(?!率|数|精|音))",
            r"(?P<orders>桁(?:違い|ちがい|が違|がちが)|\d+対\d+)",
            # With what it is a setting of: λ＝0.5.
            rf"(?:[A-Za-zΑ-Ωα-ω][ ]?=[ ]?)?(?<![\d.])(?P<decimal>\d+\.\d+{POWER}?|\d+{POWER})",
            r"(?<![\d/])(?P<over>\d+)/(?P<under>[1-9]\d*)(?![\d/])",
            r"(?:[A-Za-zΑ-Ωα-ω][ ]?)?=[ ]?(?P<setting>-?[1-9]\d*)(?![\d.])",
            r"(?<![\d.,])(?P<whole>\d{1,3}(?:,\d{3})+|\d{2,}|(?<=約)\d)(?!\.\d)",
        )
    )
)


@dataclass(frozen=True)
class TypedNumber:
    """A number at ``start:end`` of a text. ``value`` is None where the words name none (桁違い).

    A share is a fraction of 1 with the unit ``%``; a number without a unit has ``''``. What was typed stands for all
    values within ``reach`` of ``value``: 9割 for 0.85 to 0.95.
    """

    start: int
    end: int
    text: str
    value: float | None
    unit: str
    reach: float


def spot(text: str) -> Iterator[TypedNumber]:
    """All typed numbers of a text, in order."""
    narrow = FREE.sub(lambda match: HIDDEN * len(match[0]), text.translate(NARROW))
    for match in NUMBER.finditer(narrow):
        value, unit, reach = _measure({name: part for name, part in match.groupdict().items() if part})
        yield TypedNumber(*match.span(), text[match.start() : match.end()], value, unit, reach)


def _measure(parts: dict[str, str]) -> tuple[float | None, str, float]:
    """Value, unit and reach of what was matched."""
    if "parts" in parts:
        value = read_number(parts["of"])[0] / (read_number(parts["parts"])[0] or 1)
        return value, "%", 0.05 * value
    if "over" in parts:
        value = float(parts["over"]) / float(parts["under"])
        return value, "%", 0.05 * value
    if "half" in parts:
        return 0.5, "%", 0.05
    if "double" in parts:
        return 2.0, "倍", 0.5
    if "orders" in parts or "数" in "".join(parts.values()):
        return None, "", 0.0
    typed = next(parts[name] for name in ("value", "count", "kanji", "decimal", "setting", "whole") if name in parts)
    unit = next((parts[name].strip() for name in ("ratio", "unit", "kanji_unit") if name in parts), "")
    value, reach = read_number(typed)
    low = parts.get("low") or parts.get("from")
    if low:
        first = read_number(low)[0]
        value, reach = (first + value) / 2, abs(value - first) / 2 + reach
    scale = SHARES.get("割" if unit.startswith("割") else unit)
    return (value * scale, "%", reach * scale) if scale else (value, unit, reach)


def read_number(typed: str) -> tuple[float, float]:
    """The value of digits or kanji numerals (1,797、2.5万、二十三), and half a step of its last digit."""
    plain = typed.replace(",", "").replace("×10", "e").translate(SUPERSCRIPT)
    arabic = re.match(r"-?\d+(?:\.(\d+))?(?:e([-+]?\d+))?", plain, re.IGNORECASE)
    if arabic:
        step = 10.0 ** (int(arabic[2] or 0) - len(arabic[1] or ""))
        scale = 1
        for sign in plain[arabic.end() :]:
            scale *= TENS.get(sign) or MYRIADS[sign]
        return float(arabic[0]) * scale, step * scale / 2
    total = section = digit = 0
    for sign in plain:
        if sign in DIGITS:
            digit = digit * 10 + DIGITS[sign]  # 二〇 as well as 二十
        elif sign in TENS:
            section, digit = section + (digit or 1) * TENS[sign], 0
        else:
            total, section, digit = total + (section + digit or 1) * MYRIADS[sign], 0, 0
    return float(total + section + digit), 0.5
