// The rules, and beside each one that is relaxed or left out the reason.
import jaTechnicalWriting from 'textlint-rule-preset-ja-technical-writing'
import jtf from 'textlint-rule-preset-jtf-style'
import aiWriting from '@textlint-ja/textlint-rule-preset-ai-writing'

import { habits } from './habits.mjs'
import { endings } from './endings.mjs'
import { terms } from './terms.mjs'

const choose = (preset, chosen) =>
  Object.entries(chosen).map(([name, options]) => [name, (preset.default ?? preset).rules[name], options])

export const rules = [
  ...choose(jaTechnicalWriting, {
    'sentence-length': { max: 100 },
    'max-ten': { max: 3 },
    'no-mix-dearu-desumasu': { preferInHeader: '', preferInBody: 'ですます', preferInList: 'ですます', strict: false },
    'ja-no-weak-phrase': {},
    'ja-no-redundant-expression': {},
    'no-doubled-conjunction': {},
    'no-doubled-conjunctive-particle-ga': {},
    'no-double-negative-ja': {},
    'max-kanji-continuous-len': { max: 6, allow: terms },
    'ja-no-abusage': {},
    // L1もL2も and 大きな重みでも小さな重みでも are one expression each; 先に0になる, which this blog often has to say,
    // holds a time and a result.
    'no-doubled-joshi': { min_interval: 1, strict: false, allow: ['も', 'でも', 'に'] },
    // Not relaxed: a formula that ends a sentence stands in the text as one (blocks.py).
    'ja-no-mixed-period': { periodMark: '。' },
    // An article may ask.
    'no-exclamation-question-mark': { allowFullWidthQuestion: true },
    // Off: max-comma, a Japanese sentence has none (1.2.1 below). arabic-kanji-numbers is JTF's 2.2.2 once more.
    // Off: ja-unnatural-alphabet and ja-no-successive-word take the stand-in for a formula, x, for a slip of the keys.
    // Off: no-nfd, no-hankaku-kana, no-invalid-control-character, no-zero-width-spaces, no-unmatched-pair and
    // no-dropping-the-ra find slips and not habits of writing, which is what this check is for.
  }),
  ...choose(jtf, {
    '1.1.1.本文': {},
    '1.1.3.箇条書き': {},
    '1.2.1.句点(。)と読点(、)': {},
    '2.1.8.算用数字': {},
    '2.1.9.アルファベット': {},
    '2.2.2.算用数字と漢数字の使い分け': {},
    '3.1.1.全角文字と半角文字の間': {},
    // Off: 4.3.1 to 4.3.8 and 3.3, the brackets: in formulas and in names like 式(3) they are those of the source.
    // Off: the rest is spelling of words and marks, for which the glossary of the blog decides.
  }),
  ...choose(aiWriting, {
    'no-ai-list-formatting': {},
    'no-ai-emphasis-patterns': {},
    'no-ai-hype-expressions': {},
    'no-ai-colon-continuation': {},
    // Off: ai-tech-writing-guideline only gives advice, and what of it is measurable stands in the two presets above.
  }),
  ...habits,
  ...endings,
]

// Messages that are not passed on.
export const except = {
  // 一つ and 一回 of everyday words: a digit in an article is a measured number, and a citation (hooks/spot.py).
  '2.2.2.算用数字と漢数字の使い分け': /^[一二](?:つ|回) =>/,
  // Ours (habits.mjs), which lets it stand beside the number.
  'no-ai-hype-expressions': /^「大幅に」/,
}

// Rules of the presets that ask what ours about ことができる, かもしれません and 大幅に ask, and like ours not of a
// saying in quotation marks: somebody else's words, which the article then measures.
export const ownWords = ['ja-no-weak-phrase', 'ja-no-redundant-expression', 'no-ai-hype-expressions']
