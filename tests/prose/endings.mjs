// How sentences and items end, which takes a morphological analyser: kuromoji, which textlint's presets bring along.
import { tokenize } from 'kuromojin'

import { sentences } from './sentences.mjs'

const ROW = 3

// The morphemes of a sentence without what closes it: marks, and a remark in brackets.
async function morphemes(text) {
  const tokens = await tokenize(text.replace(/（[^（）]*）(?=[。？！]*$)/, ''))
  while (tokens.length && tokens.at(-1).pos === '記号' && tokens.at(-1).pos_detail_1 !== 'アルファベット') tokens.pop()
  return tokens
}

const POLITE = new Set(['です', 'ます'])
const leans = ({ pos, pos_detail_1: detail }) =>
  pos === '助動詞' || pos === '助詞' || (pos === '動詞' && ['非自立', '接尾'].includes(detail))

// What readers hear at the end, with です and ます taken out: one morpheme, or two if the last leans on another.
// 重要です: 重要. 見ています: て いる. 外れました: 外れる た.
async function ending(text) {
  const heard = (await morphemes(text)).filter(({ pos, basic_form: base }) => pos !== '助動詞' || !POLITE.has(base))
  const last = heard.at(-1)
  return heard
    .slice(last && leans(last) ? -2 : -1)
    .map(({ basic_form: base, surface_form: surface }) => (base === '*' ? surface : base))
    .join(' ')
}

// A list ends alike: with nouns, or with sentences. 体言止め.
async function endsInNoun(text) {
  const last = (await morphemes(text)).at(-1)
  return !!last && (last.pos === '名詞' || last.pos === '記号' || last.pos_detail_1 === '副助詞')
}

// A note: three in a row are often meant, and always worth reading aloud.
const sameEnding = ({ Syntax, RuleError, report, locator }, { evidence }) => ({
  async [Syntax.Paragraph](node) {
    let row = []
    for (const sentence of sentences(node, evidence)) {
      const heard = await ending(sentence.text)
      row = heard && row[0] === heard ? [...row, heard] : [heard]
      if (row.length !== ROW) continue
      const said = `文末の「${heard.replace(' ', '')}」が${ROW}文続きます。声に出して読み、一つ変えてみてください。`
      report(node, new RuleError(said, { padding: locator.at(sentence.place(0)) }))
    }
  },
})

const nounEnding = ({ Syntax, RuleError, report, locator }, { evidence, body }) => ({
  async [Syntax.Paragraph](node) {
    if (node.range[0] < body || node.parent.type !== Syntax.Document) return // in the front matter, a list, a quote
    for (const sentence of sentences(node, evidence)) {
      if (!sentence.text.endsWith('。') || !(await endsInNoun(sentence.text))) continue
      const padding = locator.at(sentence.place(sentence.text.length - 1))
      const said = '本文の文が体言で終わっています。「です」などで結ぶか、前の文につないでください。'
      report(node, new RuleError(said, { padding }))
    }
  },
  async [Syntax.List](node) {
    const items = []
    for (const item of node.children) {
      const first = item.children.find(({ type }) => type === Syntax.Paragraph)
      const last = first && sentences(first, evidence).at(-1)
      if (last) items.push({ item, noun: await endsInNoun(last.text) })
    }
    const nouns = items.filter(({ noun }) => noun)
    const rest = items.filter(({ noun }) => !noun)
    const fewer = nouns.length < rest.length ? nouns : rest
    for (const { item, noun } of nouns.length && rest.length ? fewer : []) {
      const [is, others] = noun ? ['体言', '文'] : ['文', '体言']
      report(item, new RuleError(`この項目だけ${is}で終わっています。ほかの項目と同じに、${others}で終えてください。`))
    }
  },
})

export const endings = [
  ['同じ文末', sameEnding, { severity: 'info' }],
  ['体言止め', nounEnding, {}],
]
