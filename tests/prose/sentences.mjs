// What our own rules look at: the sentences of a page, each with its plain text and where that stands in the page.
import { split } from 'sentence-splitter'
import { StringSource } from 'textlint-util-to-string'

const QUOTED = /「[^「」\n]*」|『[^『』\n]*』/g

// Where the words in quotation marks are, which the author cites: they are not his own.
export const quoted = (text) => [...text.matchAll(QUOTED)].map(({ 0: said, index }) => [index, index + said.length])

// The text without them, in the same length.
export const unquoted = (text) => text.replace(QUOTED, (said) => '　'.repeat(said.length))

// A quantity; the digit of L1 is none, and neither is the 一 of everyday words.
const QUANTITY = /(?<![A-Za-z])\d|[一二三四五六七八九十百千半]+(?:つ|個|回|人|倍|本|行|割|組|分)/

// Each rule asks for the same sentences, and to split a text takes most of the time.
const known = new WeakMap()

// The sentences of a paragraph, a heading or a cell: of one of these, and so never over their edges. Each with what it
// says, where that stands in the page, and whether there is evidence in it: a number, a citation or a formula.
export function sentences(node, evidence) {
  if (!known.has(node)) known.set(node, [...read(node, evidence)])
  return known.get(node)
}

function* read(node, evidence) {
  const source = new StringSource(node)
  const whole = source.toString()
  for (const { type, range: [start, end] } of split(whole)) {
    if (type !== 'Sentence') continue
    const text = whole.slice(start, end)
    const place = (index) => source.originalIndexFromIndex(start + index) // from the beginning of the node
    const [from, to] = [node.range[0] + place(0), node.range[0] + place(end - start - 1)]
    const cited = evidence.some(([first, last]) => first <= to && from < last)
    yield { text, place, evident: cited || QUANTITY.test(text) }
  }
}
