// Habits of text that nobody thought about, which textlint's presets let pass: expressions, and summaries without
// content. Each says what to write instead.
import { sentences, unquoted } from './sentences.mjs'

const BECAUSE = /から|ので|ため|ゆえ|なぜなら/
const CONDITION = /なら|とき|場合|かぎり|限り|たら|[えけせてねべめれげ]ば/

// `unless(sentence, earlier)`: when it may stand, of which `earlier` counts how often it stood in this page before.
const EXPRESSIONS = {
  ことができる: {
    pattern: /ことができ|ことが可能/g,
    own: true,
    say: '「〜できます」と短く書いてください。',
  },
  重要の連発: {
    pattern: /重要(?:です|である|とな|にな|な(?:役割|要素|概念|ポイント))/g,
    unless: ({ text }, earlier) => earlier === 0 && BECAUSE.test(text),
    say: '一つの記事に一度だけ、なぜかを同じ文に書いてください。ほかは、何が起きるかを書きます。',
  },
  ぼかし結び: {
    pattern: /と言える(?:でしょう|だろう)|のではないでしょうか|かもしれま/g,
    own: true,
    say: '言い切るか、何が分からないのかと、その理由を書いてください。',
  },
  '空の前置き・結び': {
    pattern: /(?:本|この)記事では.{0,40}(?:解説|紹介)|いかがでし|おわかりいただけ/g,
    say: '消して、問いか答えから書いてください。',
  },
  '誇張・無内容形容': {
    pattern: /大幅に|徹底|飛躍的|劇的|強力な|適切[なに]|効果的な|さまざまな|様々な/g,
    own: true,
    unless: ({ evident }) => evident,
    say: '消すか、同じ文に数字か引用か式を書いてください。',
  },
}

const expression =
  ({ pattern, own, unless, say }) =>
  ({ Syntax, RuleError, report, locator }, { evidence }) => {
    let earlier = 0
    const read = (node) => {
      for (const sentence of sentences(node, evidence)) {
        for (const match of (own ? unquoted(sentence.text) : sentence.text).matchAll(pattern)) {
          const free = unless?.(sentence, earlier)
          earlier += 1
          if (free) continue
          const padding = locator.at(sentence.place(match.index))
          report(node, new RuleError(`「${match[0]}」があります。${say}`, { padding }))
        }
      }
    }
    return { [Syntax.Paragraph]: read, [Syntax.Header]: read, [Syntax.TableCell]: read }
  }

// - **言葉**：説明, however it is numbered, with the colon in or behind the bold.
const BOLD = /^\s*(?:[-*+]|\d+[.)]) +\*\*[^*]+(?:\*\*\s*[:：—–―-]|[:：]\*\*)/

const boldItem = ({ Syntax, RuleError, report, getSource }) => ({
  [Syntax.ListItem](node) {
    if (BOLD.test(getSource(node)))
      report(node, new RuleError('太字とコロンで始まる箇条書きです。一つの文に書くか、表か見出しにしてください。'))
  },
})

// Without a number, a formula and a condition, a summary could stand under any article. It is what a heading まとめ or
// 要点 has below it: up to the end of the first list, or to the next heading where there is none.
const emptySummary = ({ Syntax, RuleError, report, getSource }, { evidence }) => ({
  [Syntax.Document](page) {
    page.children.forEach((heading, index) => {
      if (heading.type !== Syntax.Header || !/^#+ +(?:まとめ|要点)\s*$/.test(getSource(heading))) return
      const below = page.children.slice(index + 1)
      const next = below.findIndex(({ type }) => type === Syntax.Header)
      const section = next < 0 ? below : below.slice(0, next)
      const list = section.findIndex(({ type }) => type === Syntax.List)
      const said = paragraphs(list < 0 ? section : section.slice(0, list + 1), Syntax).flatMap((paragraph) =>
        sentences(paragraph, evidence))
      if (said.length && !said.some(({ evident, text }) => evident || CONDITION.test(text)))
        report(heading, new RuleError('数字も式も条件もないまとめです。引用か「〜のとき」を入れるか、消してください。'))
    })
  },
})

const paragraphs = (nodes, Syntax) =>
  nodes.flatMap((node) => (node.type === Syntax.Paragraph ? [node] : paragraphs(node.children ?? [], Syntax)))

export const habits = [
  ...Object.entries(EXPRESSIONS).map(([name, habit]) => [name, expression(habit), {}]),
  ['太字コロン箇条', boldItem, {}],
  ['空のまとめ', emptySummary, {}],
]
