// Figures that answer to a finger (figures/live.py, hooks/live.py): λ on a ruler, all that follows from it computed here,
// and the published numbers computed once more. What is drawn at first is the static figure; its marks are what moves.
//
// A kind of figure is a file of its own, fetched when one is near. It makes of what was published and of its drawings,
// or not, if they are drawn in another way:
//   names, lines     method -> its name in the table, attributes of the line before it
//   quantities       quantity -> its name
//   ends             of the ruler
//   solver()         λ -> method -> quantity -> value, solved from nothing but the data
//   draw(λ, found)

const STEP = 0.01 // of log10 λ
const UNITS = { zeros: "個", steps: "歩" }

export const add = (parent, tag, attributes = {}, words = "") => {
  const svg = parent.namespaceURI.endsWith("svg") || tag === "svg"
  const child = svg ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag)
  set(child, attributes)
  child.textContent = words
  return parent.appendChild(child)
}
export const set = (element, attributes) => {
  for (const [name, value] of Object.entries(attributes)) if (element.getAttribute(name) !== `${value}`) element.setAttribute(name, value)
}
export const say = (element, words) => { if (element.textContent !== words) element.textContent = words }
const digits = v => (Math.abs(v) < 5e-4 ? "0" : Math.abs(v) < 0.1 ? v.toFixed(3) : Math.abs(v) < 1000 ? v.toPrecision(3) : String(Math.round(v))).replace("-", "−")
export const ring = (x, y, r) => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`
export const axis = ([from, to, low, high]) => value => from + (to - from) * (value - low) / (high - low)
export const textOf = (svg, start) => [...svg.querySelectorAll("text")].find(text => text.textContent.startsWith(start))
export const short = lambda => lambda.toPrecision(lambda < 0.01 ? 2 : 3)

// As figures/results.py prints an exact number: 8 significant digits are kept, then so many decimals.
function printed(value, { digits, unit }) {
  const kept = Number(value.toPrecision(8)) * (["%", "ポイント"].includes(unit) ? 100 : 1)
  const form = { minimumFractionDigits: digits, maximumFractionDigits: digits }
  return kept.toLocaleString("en", form).replace("-", "−") + unit
}

// Equal: the same in print, and to one part in ten million.
const equal = (value, number) => printed(value, number) === number.text && Math.abs(value - number.value) <= 1e-7 * Math.abs(number.value)

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
  const published = await answer.json(), { cursor, kind, scales } = published
  const drawings = [...figure.querySelectorAll("svg.plot-panel")]
  const made = await import(`./${kind}.js`).catch(() => null), living = made?.default(published, drawings)
  if (!living) return parts.box.remove()
  const { slider, table } = parts, [low, high] = living.ends.map(Math.log10)
  const methods = Object.entries(living.names), quantities = Object.entries(living.quantities)
  row(table, "", Object.values(living.quantities), "th")
  const cells = methods.map(([method, name]) => {
    const made = row(table, name, quantities.map(() => "")), head = made[0].parentNode.firstChild
    const swatch = add(head, "svg", { "aria-hidden": "true", width: 26, height: 10 })
    add(swatch, "path", living.lines[method])
    head.prepend(swatch)
    return made
  })
  const [from, to] = scales[0].x, { width } = drawings[0].viewBox.baseVal
  parts.box.style.setProperty("--from", `${100 * from / width}%`) // on a phone the ruler lies under the panels' axes
  parts.box.style.setProperty("--to", `${100 - 100 * to / width}%`)
  scale(parts.ruler, low, high)
  set(slider, { min: low, max: high, value: Math.log10(cursor) })
  slider.value = Math.log10(cursor)

  const solve = living.solver()
  let waiting = false
  const show = () => {
    waiting = false
    const lambda = 10 ** slider.value, found = solve(lambda)
    living.draw(lambda, found)
    const said = methods.map(([method, name], i) => {
      const words = quantities.flatMap(([quantity, what], k) => {
        const value = found[method][quantity], unit = UNITS[quantity]
        const word = value === undefined ? "" : unit ? value + unit : digits(value)
        say(cells[i][k], word)
        return word ? `${what}${word}` : []
      })
      return `${name}は${words.slice(0, 2).join("、")}`
    })
    say(parts.value, short(lambda))
    slider.setAttribute("aria-valuetext", `λ ${short(lambda)}。${said.join("。")}`)
  }
  slider.addEventListener("input", () => {
    if (!waiting) requestAnimationFrame(show)
    waiting = true
  })
  drawings.forEach((svg, i) => { // the finger may also be on the figure itself
    const [from, to] = scales[i].x, value = axis([low, high, from, to])
    const drag = ({ buttons, clientX }) => {
      const box = svg.getBoundingClientRect()
      if (!buttons) return
      slider.value = value((clientX - box.left) * width / box.width)
      slider.dispatchEvent(new Event("input"))
    }
    svg.addEventListener("pointerdown", event => { svg.setPointerCapture(event.pointerId); drag(event) })
    svg.addEventListener("pointermove", drag)
  })
  slider.disabled = parts.button.disabled = false
  figure.dataset.ready = ""
  show()
  parts.button.addEventListener("click", () => audit(parts, published, living, figure.querySelector(".plot-receipt").href))
}

// Solve it again from nothing but the data, and hold each number against the published one.
function audit({ button, verdict, proof }, { cursor, check }, { names, quantities, solver }, receipt) {
  const begin = performance.now()
  const found = solver()(cursor)
  const seconds = (performance.now() - begin) / 1000
  const label = ({ method, quantity }) => `${names[method]}の${quantities[quantity]}`
  const results = check.map(number => ({ number, value: found[number.method][number.quantity] }))
  const wrong = results.filter(({ number, value }) => !equal(value, number))
  const { number, value } = wrong[0] ?? results[1]
  verdict.className = wrong.length ? "differs" : "equals"
  verdict.textContent = ""
  add(verdict, "strong", {}, wrong.length ? "ちがいます。" : "記録と同じでした。")
  if (wrong.length) {
    verdict.append(`${label(number)}は、この画面では${printed(value, number)}、記録は${number.text}です（${check.length}個のうち${wrong.length}個）。`)
    add(verdict, "a", { href: receipt }, "レシートで確かめる")
  } else verdict.append(`この画面で計算しなおした${printed(value, number)}と、記録の${number.text}。ほかの${check.length - 1}個も同じです。${seconds < 0.01 ? "0.01秒未満" : `${seconds.toFixed(2)}秒`}。`)
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
