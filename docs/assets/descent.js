// λ on the valley of a loss over two weights, and two ways down: gradient descent, and with momentum.
//
//   ½ (w - w₀)'A (w - w₀) + λ/2 |w|²  =  ½ w'H w - (A w₀)'w + …,     H = A + λ

import { add, axis, ring, say, set, short, textOf } from "./live.js"
import { solve, steps, times } from "./solvers.js"

const NEAR = 0.01, LONGEST = 200 // as figures/live.py has them
const LINES = 9 // as figures/valleys.py has it
const RADIUS = 2.5

export default function ({ data, scales: [{ x, y }] }, [svg]) {
  const draw = map(svg, x, y)
  return draw && {
    names: { "": "谷底", plain: "勾配降下", momentum: "モメンタム" },
    lines: {
      "": { d: "M8 5h10m-5-5v10", stroke: "var(--ink)" },
      plain: { d: "M0 5h26", stroke: "var(--ink)" },
      momentum: { d: "M0 5h26", stroke: "var(--s2)", "stroke-dasharray": "8 3" },
    },
    quantities: { steps: "残り1％", first: "横の重み", second: "縦の重み" },
    ends: data.lambdas,
    solver: () => lambda => descents(data, lambda),
    draw,
  }
}

// The bottom at one λ, and both ways to it: how many steps until it stays near, and where it is after those drawn.
function descents({ A, w, start, rate, momentum, steps: drawn }, lambda) {
  const H = A.map((row, i) => row.map((value, j) => value + (i === j) * lambda)), b = times(A, w), bottom = solve(H, b)
  const left = w => Math.hypot(w[0] - bottom[0], w[1] - bottom[1])
  const at = ([first, second]) => ({ first, second })
  const down = momentum => {
    const way = steps(H, b, start, rate, momentum, LONGEST)
    return { way: way.slice(0, drawn + 1), steps: way.findLastIndex(w => left(w) > NEAR * left(start)) + 1, ...at(way[drawn]) }
  }
  return { "": { H, w: bottom, ...at(bottom) }, plain: down(0), momentum: down(momentum) }
}

function map(svg, x, y) {
  const lines = [...svg.querySelectorAll('path[stroke-width="2"]')].slice(0, 2) // and the samples before the names
  const dots = [...svg.querySelectorAll("g:has(> circle)")]
  const lows = svg.querySelector('path[fill="var(--paper)"]')?.previousElementSibling // lines of equal height
  const cross = svg.querySelector('g[stroke-width="1.6"]'), label = textOf(svg, "λ =")
  if (lines.length < 2 || dots.length !== 2 || !lows || !cross || !label) return null
  const across = axis(x), up = axis(y), place = w => `${across(w[0]).toFixed(1)} ${up(w[1]).toFixed(1)}`

  // A line of equal height is an ellipse: a circle under a linear map, cut off at the edges.
  const [left, top, width, height] = [x[0], y[1], x[1] - x[0], y[0] - y[1]]
  const inside = add(svg, "svg", { x: left, y: top, width, height, viewBox: [left, top, width, height] })
  lows.replaceWith(inside)
  const circles = Array.from({ length: 2 * LINES }, (_, k) => ring(0, 0, k + 1)).join("")
  const ellipses = add(inside, "path", { d: circles, stroke: "var(--rule-2)", "vector-effect": "non-scaling-stroke" })
  const spots = dots.map(group => {
    group.textContent = ""
    return add(group, "path")
  })
  cross.textContent = ""
  add(cross, "path", { d: "M-6 0h12M0-6v12" })

  let unit // between the lines, where they lay at first: even, up to the highest corner of the map
  return (lambda, { "": { H, w }, plain, momentum }) => {
    // H = L L', and w + L'⁻¹ u lies |u|²/2 above the bottom
    const a = Math.sqrt(H[0][0]), b = H[0][1] / a, c = Math.sqrt(H[1][1] - b * b)
    const far = (v, u) => Math.hypot(a * (v - w[0]) + b * (u - w[1]), c * (u - w[1]))
    unit ??= Math.max(...[2, 3].flatMap(i => [2, 3].map(j => far(x[i], y[j])))) / LINES
    const right = unit * width / (x[3] - x[2]), high = unit * height / (y[3] - y[2])
    set(ellipses, { transform: `translate(${place(w)})matrix(${[right / a, 0, -right * b / a / c, -high / c]} 0 0)` })
    set(cross, { transform: `translate(${place(w)})` })
    say(label, `λ = ${short(lambda)}`)
    for (const [i, { way }] of [plain, momentum].entries()) {
      set(lines[i], { d: `M${way.map(place).join("L")}` })
      set(spots[i], { d: way.map(w => ring(across(w[0]).toFixed(1), up(w[1]).toFixed(1), RADIUS)).join("") })
    }
  }
}
