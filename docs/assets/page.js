// What a page needs before anybody searches: the sheet of paper, the place in the contents, copying of code.
// Material's script is needed for search only, and is fetched when somebody reaches for it.

const sheets = [...document.querySelectorAll("[name=__palette]")]
const dark = matchMedia("(prefers-color-scheme: dark)")

const show = scheme => { for (const root of [document.documentElement, document.body]) root.dataset.mdColorScheme = scheme }

sheets.forEach((input, index) => input.addEventListener("change", () => {
  const { mdColorMedia: media, mdColorScheme: scheme } = input.dataset
  show(scheme)
  __md_set("__palette", { index, color: { media, scheme, primary: "", accent: "" } })
}))
dark.addEventListener("change", () => {
  if (__md_get("__palette")) return // somebody has chosen
  const scheme = dark.matches ? "slate" : "default"
  show(scheme)
  document.querySelector(`.sheet--${scheme} input`).checked = true
})

// The heading above the middle of what is seen is where the reader is.
const contents = document.getElementById("contents")
const links = [...contents.querySelectorAll(".md-nav__link")]
const headings = links.map(link => document.getElementById(decodeURIComponent(link.hash.slice(1))))
let waiting = false
const follow = () => {
  waiting = false
  const passed = headings.filter(heading => heading?.getBoundingClientRect().top < innerHeight / 3).length
  links.forEach((link, index) => link.classList.toggle("md-nav__link--active", index === passed - 1))
}
if (links.length) {
  addEventListener("scroll", () => waiting ||= requestAnimationFrame(follow), { passive: true })
  follow()
}
// On a narrow page the contents are a popover; a jump inside the page must close it.
contents.addEventListener("click", event => event.target.closest("a") && contents.hidePopover?.())

for (const code of document.querySelectorAll(".highlight > pre, .highlight td.code pre")) {
  const button = Object.assign(document.createElement("button"), { className: "copy", type: "button", textContent: "写す" })
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(code.innerText)
    button.textContent = "写しました"
    setTimeout(() => button.textContent = "写す", 2000)
  })
  code.parentElement.append(button)
}

// What scrolls by itself must be in reach of the keyboard; Safari leaves that to the page.
const wide = document.querySelectorAll("pre > code, math[display=block], .runs, .md-typeset__scrollwrap")
const resized = new ResizeObserver(entries => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0
    else target.removeAttribute("tabindex")
  }
})
wide.forEach(element => resized.observe(element))

const query = document.querySelector("[data-md-component=search-query]")
const opened = document.getElementById("__search")
let fetched
const fetchSearch = () => fetched ??= new Promise(done => {
  const script = document.createElement("script")
  script.src = document.getElementById("page").dataset.bundle
  script.onload = () => {
    let left = 50 // it may take seconds until its index is there
    const ask = setInterval(() => { // for what was typed meanwhile
      query.dispatchEvent(new KeyboardEvent("keyup"))
      if (!--left || !query.value || document.querySelector(".md-search-result__item")) clearInterval(ask)
    }, 100)
    done()
  }
  document.body.append(script)
})
let before // who had the focus, and gets it back
query.addEventListener("focus", ({ relatedTarget }) => {
  before = relatedTarget
  fetchSearch()
})
for (const button of document.querySelectorAll(".search-word, .md-search__close")) {
  button.addEventListener("click", () => {
    opened.click()
    if (opened.checked) query.focus()
    else before?.focus()
  })
}
addEventListener("keydown", ({ key }) => {
  if (key !== "Escape" || !opened.checked) return
  opened.click()
  query.blur()
  before?.focus()
})
addEventListener("keydown", event => {
  if (event.key !== "/" || event.target.closest("input, textarea, select, [contenteditable]")) return
  event.preventDefault()
  if (!opened.checked) opened.click()
  query.focus()
})

// A live figure comes to life when it is near the screen: its script must not hold up the text.
const near = new IntersectionObserver(seen => {
  if (!seen.some(({ isIntersecting }) => isIntersecting)) return
  near.disconnect()
  import("./live.js")
}, { rootMargin: "200%" })
document.querySelectorAll("[data-live]").forEach(figure => near.observe(figure))
