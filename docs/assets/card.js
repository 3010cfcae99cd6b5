// The card of a number, claim or term, filled from its link (hooks/render.py, hooks/mention.py) and, but for a term,
// from #cards (hooks/cards.py).

const GAP = 8 // px between line and card
const WAIT = 150 // ms of hover, so that crossing a text opens nothing
const MARKS = "a.cite, a.claim-score, a.term"

let link = null // whose card is open
let pointer = "" // the last one's type; "" after a key
let timer

const add = (parent, tag, words = "", className = "") => {
  const child = Object.assign(document.createElement(tag), { textContent: words, className })
  return parent.appendChild(child)
}
const card = document.createElement("div")
const text = add(card, "div")
const more = add(card, "a")
card.className = "card"
text.id = "card"
text.role = "tooltip"
more.tabIndex = -1 // the number or term is this link already

// The words of a claim may hold numbers and links of their own.
const linkOf = element => {
  const near = element.closest?.("a, .claimed")
  return near?.matches(".claimed") ? near.querySelector("a.claim-score") : near?.matches(MARKS) ? near : null
}
const isClaim = () => link.matches(".claim-score")
const isSlip = () => getComputedStyle(card).position === "fixed" // on a phone

function fill() {
  text.replaceChildren()
  more.href = link.href
  more.textContent = link.matches(".term") ? "用語のページを見る" : "レシートを見る"
  if (link.matches(".term")) {
    const { term, english, definition } = link.dataset
    add(add(text, "p", `${term} `, "card__term"), "span", english).lang = "en"
    add(text, "p", definition, "card__definition")
  } else fillResult()
}

function fillResult() {
  const { about, error, n, held, needed, margin } = link.dataset
  const key = isClaim() ? link.previousSibling.dataset.claim : link.firstChild.dataset.cite
  const shared = JSON.parse(document.getElementById("cards").textContent)[key.split(".")[0]]
  const rows = []
  if (isClaim()) {
    add(text, "p", `${n}回中${held}回`, "card__value")
    const dots = add(text, "p", "", n > 40 ? "card__dots card__dots--many" : "card__dots")
    for (let i = 0; i < n; i++) add(dots, "i", "", i < held ? "held" : "")
    rows.push(["比べたもの", about], ["合格の線", `${n}回中${needed}回${margin ? `、差は標準誤差の${margin}倍` : ""}`])
  } else {
    add(add(text, "p", link.textContent + " ", "card__value"), "span", n ? `± ${error}` : "一つに決まる値")
    add(text, "p", about)
    const seeds = shared.seeds && n == shared.n ? `（乱数の種 ${shared.seeds}）` : ""
    rows.push(["くり返し", n && `${n}回の平均と標準誤差${seeds}`], ...shared.notes)
  }
  const list = add(text, "dl")
  for (const [label, words] of rows) if (words) add(list, "dt", label), add(list, "dd", words)
}

// From the 。 before the link to the one behind it.
function sentence() {
  const block = link.closest("p, li, dd, td, th, figcaption, article")
  const nodes = document.createTreeWalker(block, NodeFilter.SHOW_TEXT)
  const range = document.createRange()
  range.selectNodeContents(block)
  for (let node; (node = nodes.nextNode()); ) {
    const stop = node.data.lastIndexOf("。") + 1
    if (!stop || link.contains(node)) continue
    if (link.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_PRECEDING) range.setStart(node, stop)
    else {
      range.setEnd(node, node.data.indexOf("。") + 1)
      break
    }
  }
  return range.getBoundingClientRect()
}

function place(mayScroll) {
  const lines = [...(isClaim() ? link.parentNode : link).getClientRects()]
  const last = lines.at(-1)
  const height = card.offsetHeight
  if (isSlip()) {
    card.removeAttribute("style")
    const words = sentence()
    const hidden = words.bottom + GAP + height - innerHeight
    card.classList.toggle("card--top", hidden > 0 && !mayScroll)
    if (hidden > 0 && mayScroll) scrollBy(0, Math.min(hidden, Math.max(words.top, hidden - words.bottom + last.bottom)))
    return
  }
  const column = link.closest(".md-content__inner").getBoundingClientRect()
  const page = card.offsetParent.getBoundingClientRect()
  const up = lines[0].top - GAP - height
  const down = last.bottom + GAP
  card.style.left = `${Math.max(column.left, Math.min(last.left, column.right - card.offsetWidth)) - page.left}px`
  card.style.top = `${(down + height > innerHeight && up > 0 ? up : down) - page.top}px`
}

function close() {
  clearTimeout(timer)
  card.remove()
  link?.removeAttribute("aria-describedby")
  link = null
}

function open(next, mayScroll) {
  clearTimeout(timer)
  if (next === link) return
  close()
  link = next
  fill()
  link.setAttribute("aria-describedby", text.id)
  document.querySelector("main").append(card)
  place(mayScroll)
}

document.addEventListener("pointerover", ({ target, pointerType }) => {
  if (pointerType !== "mouse") return
  clearTimeout(timer)
  const over = linkOf(target)
  if (over) timer = setTimeout(open, WAIT, over, false)
  else if (link && link !== document.activeElement && !card.contains(target)) timer = setTimeout(close, WAIT)
})
document.addEventListener("pointerdown", ({ target, pointerType }) => {
  pointer = pointerType
  clearTimeout(timer)
  if (link && !card.contains(target) && linkOf(target) !== link) close()
})
document.addEventListener("click", event => {
  const tapped = linkOf(event.target)
  if (!tapped || tapped === link || !pointer || pointer === "mouse") return
  event.preventDefault()
  open(tapped, true)
})
document.addEventListener("keydown", ({ key }) => {
  pointer = ""
  if (key === "Escape") close()
})
document.addEventListener("focusin", ({ target }) => {
  if (target.matches(MARKS) && target.matches(":focus-visible")) open(target, true)
  else if (!card.contains(target)) close()
})
addEventListener("scroll", () => {
  const { top, bottom } = link?.getBoundingClientRect() ?? {}
  if (bottom < 0 || top > innerHeight - (isSlip() && card.offsetHeight)) close()
}, { passive: true })
addEventListener("resize", () => link && place(false))
