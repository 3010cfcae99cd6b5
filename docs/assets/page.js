// What a page needs before anybody searches: the sheet of paper, the place in the contents, copying of code.
// Material's script is needed for search only, and is fetched when somebody reaches for it.

const sheets = [...document.querySelectorAll("[name=__palette]")]
const dark = matchMedia("(prefers-color-scheme: dark)")

sheets.forEach((input, index) => input.addEventListener("change", () => {
  const { mdColorMedia: media, mdColorScheme: scheme } = input.dataset
  document.body.dataset.mdColorScheme = scheme
  __md_set("__palette", { index, color: { media, scheme, primary: "", accent: "" } })
}))
dark.addEventListener("change", () => {
  if (__md_get("__palette")) return // somebody has chosen
  const scheme = dark.matches ? "slate" : "default"
  document.body.dataset.mdColorScheme = scheme
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

const query = document.querySelector("[data-md-component=search-query]")
const opened = document.getElementById("__search")
let fetched
const fetchSearch = () => fetched ??= new Promise(done => {
  const script = document.createElement("script")
  script.src = document.getElementById("page").dataset.bundle
  script.onload = () => {
    query.dispatchEvent(new KeyboardEvent("keyup")) // for what was typed meanwhile
    done()
  }
  document.body.append(script)
})
query.addEventListener("focus", fetchSearch)
opened.addEventListener("change", fetchSearch)
addEventListener("keydown", event => {
  if (event.key !== "/" || fetched || event.target.closest("input, textarea, select, [contenteditable]")) return
  event.preventDefault()
  opened.checked = true
  query.focus()
})
