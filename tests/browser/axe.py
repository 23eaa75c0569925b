"""What axe finds on a page: each structure once for each width, each kind of element once for each colour."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]
from playwright.sync_api import Page

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# These depend on the styles of an element and of those around it, and are half of what axe costs.
OF_COLOURS = ["color-contrast", "link-in-text-block"]
# The elements and attributes of a page without its words and numbers: what axe judges. Of equal rows three
# are left, since the first and the last may look different. And the kinds of elements that show a text: two
# look alike by their names, classes and attributes up to the root. Hashes (cyrb53) are enough to compare.
OUTLINE = """() => {
  const hash = text => {
    let a = 0xdeadbeef, b = 0x41c6ce57
    for (let place = 0; place < text.length; place++) {
      const code = text.charCodeAt(place)
      a = Math.imul(a ^ code, 2654435761)
      b = Math.imul(b ^ code, 1597334677)
    }
    a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
    b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
    return 4294967296 * (2097151 & b) + (a >>> 0)
  }
  const kept = /^(class|style|role|type|lang|dir|for|id|scope|autocomplete|tabindex|hidden|(aria|data)-.*)$/
  const attributes = element => [...element.attributes].map(({name, value}) =>
    name + "=" + (kept.test(name) ? value.replace(/[0-9]+/g, "0") : value.trim() && "x")).sort().join(" ")
  const draw = element => {
    const parts = []
    for (const child of element.childNodes) {
      let part = ""
      if (child.nodeType === Node.TEXT_NODE) part = child.data.trim() && "x"
      if (child.nodeType === Node.ELEMENT_NODE) part = `<${child.tagName} ${attributes(child)}>${draw(child)}`
      const last = parts.slice(-3)
      if (part && !(last.length === 3 && last.every(before => before === part))) parts.push(part)
    }
    return parts.join("")
  }
  const text = new Set(["id", "href", "for", "name", "value", "action", "title", "datetime", "content"])
  const own = element => [element.tagName, !element.previousElementSibling, !element.nextElementSibling,
    element.previousElementSibling?.tagName, element.previousElementSibling?.className,
    ...[...element.attributes].filter(one => !text.has(one.name) && !one.name.startsWith("aria-label"))
      .map(one => `${one.name}=${one.value}`).sort()].join(" ")
  const kinds = new Map()
  const kind = element => {
    if (!kinds.has(element)) {
      const around = element.parentElement ? kind(element.parentElement) : ""
      kinds.set(element, hash(`${own(element)} < ${around}`))
    }
    return kinds.get(element)
  }
  const shows = element => element.matches("input, select, textarea")
    || [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim())
  window.elementOfKind = new Map()
  for (const element of document.body.querySelectorAll("*")) {
    if (shows(element)) window.elementOfKind.set(kind(element), element)
  }
  return {structure: hash(draw(document.documentElement)), kinds: [...window.elementOfKind.keys()]}
}"""
# Where a page may run no script its timers stand still, and axe would wait for them for ever. A letter's
# frame lets nothing run at all: letters are looked at as pages of their own.
RUN = """async ([tags, ofColours, kinds]) => {
  window.setTimeout = (then, wait) => { if (!wait) Promise.resolve().then(then); return 0 }
  const options = {resultTypes: ["violations"], iframes: false}
  const runs = []
  if (tags.length) {
    const rules = Object.fromEntries(ofColours.map(name => [name, {enabled: false}]))
    runs.push(await axe.run(document, {...options, runOnly: {type: "tag", values: tags}, rules}))
  }
  if (kinds.length) {
    const elements = kinds.map(kind => window.elementOfKind.get(kind))
    runs.push(await axe.run(elements, {...options, runOnly: ofColours}))
  }
  const found = runs.flatMap(run => run.violations)
  return found.flatMap(one => one.nodes.map(node => `${one.id}: ${node.html.slice(0, 200)}`))
}"""


@dataclass(frozen=True)
class Outline:
    """What axe judges on a page, in hashes."""

    structure: int
    kinds: frozenset[int]


def outline(page: Page) -> Outline:
    """The outline of a page as it is now."""
    found: dict[str, Any] = page.evaluate(OUTLINE)
    return Outline(found["structure"], frozenset(found["kinds"]))


def faults(page: Page, kinds: Collection[int], is_new_structure: bool) -> list[str]:
    """What axe finds: of colours on elements of these kinds of its outline, and of all else on a new one."""
    if not kinds and not is_new_structure:
        return []
    page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(RUN, [WCAG if is_new_structure else [], OF_COLOURS, list(kinds)])
    return found
