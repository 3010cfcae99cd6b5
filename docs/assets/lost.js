// 404: offers the pages whose address or title is most like the address that was asked for.

const box = document.getElementById("meant")
const home = new URL(box.dataset.home, location)
const pairs = text => new Set(Array.from({ length: Math.max(text.length - 1, 0) }, (_, i) => text.slice(i, i + 2)))
const alike = (a, b) => {
  const [x, y] = [pairs(a), pairs(b)]
  return 2 * [...x].filter(pair => y.has(pair)).length / (x.size + y.size || 1)
}
const words = path => {
  try { path = decodeURIComponent(path) } catch { /* as it stands */ }
  return path.toLowerCase().replace(/index\.html$|\.html$|[\/_-]+/g, " ").trim()
}

const pages = await (await fetch(new URL("assets/titles.json", home))).json()
// Without the folder, which all articles share.
const name = path => words(path).replace(/^\S+ (?=\S)/, "")
const asked = name(location.pathname.slice(home.pathname.length))
const likeness = ({ location, title }) => Math.max(alike(asked, name(location)), alike(asked, title.toLowerCase()))
const best = pages.filter(({ location }) => location)
  .map(page => ({ page, likeness: likeness(page) }))
  .filter(({ likeness }) => likeness > 0.35)
  .sort((a, b) => b.likeness - a.likeness).slice(0, 3)
for (const { page } of best) {
  const link = Object.assign(document.createElement("a"), { href: new URL(page.location, home), textContent: page.title })
  const item = document.createElement("li")
  item.append(link)
  box.querySelector("ul").append(item)
}
box.hidden = !best.length
