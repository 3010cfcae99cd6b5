// Figures that answer to a finger (figures/live.py, hooks/live.py): λ on a ruler, all that follows from it computed here,
// and the published numbers computed once more. What is drawn at first is the static figure; its marks are what moves.

import { moments, mse, penalised } from "./solvers.js"

const QUANTITIES = { zeros: "0の重み", norm: "重みの長さ", training: "学習誤差", validation: "検証誤差" }
const NAMES = { l1: "L1", l2: "L2", en: "エラスティックネット" }
const STEP = 0.01 // of log10 λ
const FAN = 10 // units between weights that are exactly 0

const add = (parent, tag, attributes = {}, words = "") => {
  const svg = parent.namespaceURI.endsWith("svg") || tag === "svg"
  const child = svg ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag)
  set(child, attributes)
  child.textContent = words
  return parent.appendChild(child)
}
const set = (element, attributes) => {
  for (const [name, value] of Object.entries(attributes)) if (element.getAttribute(name) !== `${value}`) element.setAttribute(name, value)
}
const say = (element, words) => { if (element.textContent !== words) element.textContent = words }
const digits = v => (Math.abs(v) >= 1000 ? String(Math.round(v)) : Math.abs(v) < 1e-4 ? "0" : v.toPrecision(3)).replace("-", "−")

const short = lambda => lambda.toPrecision(lambda < 0.01 ? 2 : 3)

// ---------------------------------------------------------------- the problem

// One method on the whole table and without each fold; at(λ) gives the weights and what is said of them.
function method({ X, y, folds, ratio }, name) {
  const rho = { l1: 1, l2: 0, en: ratio }[name]
  const whole = moments(X, y).train, solve = penalised(whole, rho)
  const parts = Array.from({ length: folds }, (_, k) => {
    const { train, test } = moments(X, y, i => i % folds === k)
    return { test, solve: penalised(train, rho), share: Math.ceil((y.length - k) / folds) / y.length }
  })
  return lambda => {
    const w = solve(lambda)
    const left = parts.reduce((sum, part) => sum + part.share * mse(part.test, part.solve(lambda)), 0)
    return { w, zeros: w.filter(v => v === 0).length, norm: Math.hypot(...w), training: Math.sqrt(mse(whole, w)), validation: Math.sqrt(left) }
  }
}

// As figures/results.py prints an exact number: 8 significant digits are kept, then so many decimals.
function printed(value, { digits, unit }) {
  const kept = Number(value.toPrecision(8)) * (["%", "ポイント"].includes(unit) ? 100 : 1)
  const form = { minimumFractionDigits: digits, maximumFractionDigits: digits }
  return kept.toLocaleString("en", form).replace("-", "−") + unit
}

// Equal: the same in print, and to one part in ten million.
const equal = (value, number) => printed(value, number) === number.text && Math.abs(value - number.value) <= 1e-7 * Math.abs(number.value)

// ---------------------------------------------------------------- the marks of a panel

function marks(svg, { x, y }, names) {
  const texts = [...svg.querySelectorAll("text")]
  const words = texts.map(text => text.textContent)
  const dots = [...svg.querySelectorAll("circle")]
  const line = svg.querySelector('path[stroke="var(--ink)"]')
  const label = texts.find(text => text.textContent.startsWith("λ ="))
  const count = texts.find(text => text.textContent.startsWith("ちょうど0"))
  if (!line || !label || !count || dots.length !== names.length) return null
  const colour = (dots.at(-1).closest("[fill]") ?? dots[0]).getAttribute("fill")
  const radius = names.map(name => (words.includes(name) ? 3.4 : 2.2))
  const across = v => x[0] + ((x[1] - x[0]) * Math.log(v / x[2])) / Math.log(x[3] / x[2])
  const up = v => y[0] + ((y[1] - y[0]) * (v - y[2])) / (y[3] - y[2])
  const [, top, height] = /^m[\d.]+ ([\d.]+)v(-?[\d.]+)/.exec(line.getAttribute("d"))
  // All that moves sideways stands in one group around x = 0: a frame moves the group, and weights up and down in it.
  const moving = add(svg, "g")
  moving.append(line, label)
  dots.forEach(dot => dot.remove()) // ten elements to restyle in a frame; two paths say the same
  const solid = add(moving, "path", { fill: colour, class: "live__solid" })
  const hollow = add(moving, "path", { fill: "var(--paper)", stroke: colour, "stroke-width": 1.6, class: "live__hollow" })
  const dot = (x, v, r) => `M${x - r} ${up(v).toFixed(1)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`
  set(line, { d: `M0 ${top}v${height}` })
  return (lambda, w) => {
    const at = across(lambda), right = at + 80 > x[1]
    const side = at + FAN * w.filter(v => !v).length < x[1] ? FAN : -FAN // as figures/paths.py has it
    set(moving, { transform: `translate(${at.toFixed(1)})` })
    set(label, { x: right ? -5 : 5, "text-anchor": right ? "end" : "start" })
    say(label, `λ = ${short(lambda)}`)
    let full = "", empty = "", zeros = 0
    w.forEach((value, j) => (value ? (full += dot(0, value, radius[j])) : (empty += dot(side * zeros++, 0, 4.2))))
    set(solid, { d: full })
    set(hollow, { d: empty })
    say(count, `ちょうど0：${zeros}個`)
  }
}

// ---------------------------------------------------------------- the control

let made = 0

// Stands at once, so that nothing moves when the data have come.
function control(figure) {
  const box = document.createElement("div"), id = `lambda-${++made}`
  box.className = "live"
  const dial = add(box, "div", { class: "live__dial" })
  const head = add(dial, "label", { class: "live__lambda", for: id }, "λ")
  const value = add(head, "span", { class: "live__value" })
  const ruler = add(dial, "div", { class: "live__ruler" })
  const slider = add(ruler, "input", { type: "range", id, step: STEP, disabled: "" })
  const table = add(box, "table", { class: "live__table" })
  const check = add(box, "div", { class: "live__check" })
  const button = add(check, "button", { type: "button", disabled: "" }, "この場で検算する")
  const verdict = add(check, "p", { role: "status" })
  const proof = add(box, "table", { class: "live__table live__proof", hidden: "" })
  figure.querySelector(".plot-panels").after(box)
  return { box, ruler, slider, value, table, button, verdict, proof }
}

function scale(parent, low, high) {
  const svg = add(parent, "svg", { "aria-hidden": "true" })
  for (let decade = Math.ceil(low - 1e-9); decade <= high + 1e-9; decade++) {
    const part = (decade - low) / (high - low), x = `${100 * part}%`
    add(svg, "line", { x1: x, x2: x, y1: 0, y2: 8 })
    const side = part > 0.99 ? { "text-anchor": "end" } : {}
    add(svg, "text", { x, y: 46, ...side }, String(Number(`1e${decade}`)))
  }
  parent.prepend(svg)
}

function row(table, head, cells, tag = "td") {
  const tr = add(table, "tr")
  add(tr, tag === "th" ? "td" : "th", tag === "th" ? {} : { scope: "row" }, head)
  return cells.map(words => add(tr, tag, tag === "th" ? { scope: "col" } : {}, words))
}

// ---------------------------------------------------------------- a figure

async function enliven(figure, parts) {
  const answer = await fetch(new URL(`live/${figure.dataset.live}.json`, import.meta.url)).catch(() => null)
  if (!answer?.ok) return parts.box.remove() // offline: the figure stays as it was drawn
  const published = await answer.json()
  const { data, methods, names, cursor, scales } = published
  const drawings = [...figure.querySelectorAll("svg.plot-panel")]
  const panels = drawings.map((svg, i) => marks(svg, scales[i], names))
  if (panels.includes(null)) return parts.box.remove() // drawn in another way: it stays as it is
  const solvers = methods.map(name => method(data, name))
  const { slider, table } = parts
  row(table, "", Object.values(QUANTITIES), "th")
  const cells = methods.map(name => row(table, NAMES[name], Object.values(QUANTITIES).map(() => "")))
  table.querySelectorAll("tr + tr > th").forEach((th, i) => {
    const swatch = add(add(th, "svg", { "aria-hidden": "true", width: 26, height: 10 }), "line", { x2: 26, y1: 5, y2: 5, stroke: `var(--${methods[i]})` })
    th.prepend(swatch.parentNode)
  })
  const [from, to, low, high] = scales[0].x, { width } = drawings[0].viewBox.baseVal
  parts.box.style.setProperty("--from", `${100 * from / width}%`) // on a phone the ruler lies under the panels' axes
  parts.box.style.setProperty("--to", `${100 - 100 * to / width}%`)
  scale(parts.ruler, Math.log10(low), Math.log10(high))
  set(slider, { min: Math.log10(low), max: Math.log10(high), value: Math.log10(cursor) })
  slider.value = Math.log10(cursor)

  let waiting = false
  const show = () => {
    waiting = false
    const lambda = 10 ** slider.value
    const said = solvers.map((solve, i) => {
      const { w, ...numbers } = solve(lambda)
      panels[i](lambda, w)
      const words = Object.keys(QUANTITIES).map(key => (key === "zeros" ? `${numbers.zeros}個` : digits(numbers[key])))
      words.forEach((word, k) => say(cells[i][k], word))
      return `${NAMES[methods[i]]}はちょうど0が${words[0]}、長さ${words[1]}`
    })
    say(parts.value, short(lambda))
    slider.setAttribute("aria-valuetext", `λ ${short(lambda)}。${said.join("。")}`)
  }
  slider.addEventListener("input", () => {
    if (!waiting) requestAnimationFrame(show)
    waiting = true
  })
  drawings.forEach((svg, i) => { // the finger may also be on the figure itself
    const drag = ({ buttons, clientX }) => {
      const box = svg.getBoundingClientRect(), [from, to] = scales[i].x
      if (!buttons) return
      const part = ((clientX - box.left) * width / box.width - from) / (to - from)
      slider.value = Math.log10(low) + part * Math.log10(high / low)
      slider.dispatchEvent(new Event("input"))
    }
    svg.addEventListener("pointerdown", event => { svg.setPointerCapture(event.pointerId); drag(event) })
    svg.addEventListener("pointermove", drag)
  })
  slider.disabled = parts.button.disabled = false
  figure.dataset.ready = ""
  show()
  parts.button.addEventListener("click", () => audit(parts, published, figure.querySelector(".plot-receipt").href))
}

const label = ({ method, quantity }) => `${NAMES[method]}の${QUANTITIES[quantity]}`

// Solve it again from nothing but the data, and hold each number against the published one.
function audit({ button, verdict, proof }, { data, methods, cursor, check }, receipt) {
  const begin = performance.now()
  const found = Object.fromEntries(methods.map(name => [name, method(data, name)(cursor)]))
  const seconds = (performance.now() - begin) / 1000
  const results = check.map(number => ({ number, value: found[number.method][number.quantity] }))
  const wrong = results.filter(({ number, value }) => !equal(value, number))
  const { number, value } = wrong[0] ?? results[1]
  verdict.className = wrong.length ? "differs" : "equals"
  verdict.textContent = ""
  add(verdict, "strong", {}, wrong.length ? "ちがいます。" : "記録と同じでした。")
  if (wrong.length) {
    verdict.append(`${label(number)}は、この画面では${printed(value, number)}、記録は${number.text}です（${check.length}個のうち${wrong.length}個）。`)
    add(verdict, "a", { href: receipt }, "レシートで確かめる")
  } else verdict.append(`この画面で計算しなおした${printed(value, number)}と、記録の${number.text}。ほかの${check.length - 1}個も同じです。${seconds.toFixed(2)}秒。`)
  proof.textContent = ""
  proof.hidden = false
  row(proof, `λ = ${short(cursor)}`, ["記録", "この画面", ""], "th")
  for (const { number, value } of results) row(proof, label(number), [number.text, printed(value, number), equal(value, number) ? "同じ" : "ちがいます"])
  button.textContent = "もう一度、検算する"
}

const figures = new Map([...document.querySelectorAll("figure[data-live]")].map(figure => [figure, control(figure)]))
const near = new IntersectionObserver(entries => {
  for (const { target, isIntersecting } of entries) if (isIntersecting) {
    near.unobserve(target)
    enliven(target, figures.get(target))
  }
}, { rootMargin: "100%" })
for (const figure of figures.keys()) near.observe(figure)
