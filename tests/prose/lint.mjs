// textlint on pages that come as JSON on the standard input; what is told goes to the standard output. Places are those
// in the text that came, and lint.py knows where that stands in the file.
import { TextlintKernel } from '@textlint/kernel'
import markdown from '@textlint/textlint-plugin-markdown'
import { readFileSync } from 'node:fs'

import { except, ownWords, rules } from './config.mjs'
import { quoted } from './sentences.mjs'

const kernel = new TextlintKernel()
const plugins = [{ pluginId: 'markdown', plugin: markdown.default ?? markdown }]
const NOTE = 3 // what textlint calls "info"

async function told({ text, evidence, body }) {
  const given = rules.map(([ruleId, rule, options]) => ({ ruleId, rule, options: { ...options, evidence, body } }))
  const { messages } = await kernel.lintText(text, { ext: '.md', plugins, rules: given })
  const said = quoted(text)
  const cited = (index) => said.some(([from, to]) => from <= index && index < to)
  return messages
    .filter(({ ruleId, message }) => !except[ruleId]?.test(message))
    .filter(({ ruleId, index }) => !ownWords.includes(ruleId) || !cited(index))
    .map(({ ruleId, message, index, severity }) => ({ rule: ruleId, message, index, note: severity === NOTE }))
}

const found = []
for (const page of JSON.parse(readFileSync(0, 'utf8'))) found.push(await told(page))
process.stdout.write(JSON.stringify(found))
