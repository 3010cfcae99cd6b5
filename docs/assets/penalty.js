// λ on the paths of L1, L2 and the elastic net: a method a panel, weights as dots on the cursor, those at 0 counted.

import { add, axis, ring, say, set, short, textOf } from "./live.js"
import { moments, mse, penalised } from "./solvers.js"

const NAMES = { l1: "L1", l2: "L2", en: "エラスティックネット" }
const FAN = 10 // units between weights that are exactly 0

export default function ({ data, panels, scales }, drawings) {
  const methods = panels.map(panel => panel.method), each = make => Object.fromEntries(methods.map(name => [name, make(name)]))
  const moves = drawings.map((svg, i) => marks(svg, scales[i], panels[i].names))
  return !moves.includes(null) && {
    names: each(name => NAMES[name]),
    lines: each(name => ({ d: "M0 5h26", stroke: `var(--${name})` })),
    quantities: { zeros: "0の重み", norm: "重みの長さ", training: "学習誤差", validation: "検証誤差" },
    ends: scales[0].x.slice(2),
    solver() {
      const solvers = each(name => method(data, name))
      return lambda => each(name => solvers[name](lambda))
    },
    draw: (lambda, found) => moves.forEach((move, i) => move(lambda, found[methods[i]].w)),
  }
}

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

function marks(svg, { x, y }, names) {
  const words = [...svg.querySelectorAll("text")].map(text => text.textContent)
  const dots = [...svg.querySelectorAll("circle")]
  const line = svg.querySelector('path[stroke="var(--ink)"]')
  const label = textOf(svg, "λ ="), count = textOf(svg, "ちょうど0")
  if (!line || !label || !count || dots.length !== names.length) return null
  const colour = (dots.at(-1).closest("[fill]") ?? dots[0]).getAttribute("fill")
  const radius = names.map(name => (words.includes(name) ? 3.4 : 2.2))
  const across = axis([x[0], x[1], Math.log(x[2]), Math.log(x[3])]), up = axis(y)
  const [, top, height] = /^m[\d.]+ ([\d.]+)v(-?[\d.]+)/.exec(line.getAttribute("d"))
  // All that moves sideways stands in one group around x = 0: a frame moves the group, and weights up and down in it.
  const moving = add(svg, "g")
  moving.append(line, label)
  dots.forEach(dot => dot.remove()) // ten elements to restyle in a frame; two paths say the same
  const solid = add(moving, "path", { fill: colour, class: "live__solid" })
  const hollow = add(moving, "path", { fill: "var(--paper)", stroke: colour, "stroke-width": 1.6, class: "live__hollow" })
  const dot = (x, v, r) => ring(x, up(v).toFixed(1), r)
  set(line, { d: `M0 ${top}v${height}` })
  return (lambda, w) => {
    const at = across(Math.log(lambda)), right = at + 80 > x[1]
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
