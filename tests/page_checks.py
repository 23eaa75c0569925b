"""What must hold for every page that a test sees. Each check tells what is wrong, in words."""

from collections import Counter
from collections.abc import Callable, Iterator

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement

HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
# Fields whose name is what stands on them, or that nobody sees.
UNLABELLED = {"hidden", "submit", "button", "reset", "image"}
REFERENCES = {"for", "form", "list", *(f"aria-{name}" for name in ["controls", "describedby", "labelledby"])}
# What stands inside a line: no space belongs around it.
INLINE = {"a", "abbr", "b", "bdi", "cite", "code", "data", "em", "i", "kbd", "label", "mark", "q", "s"}
INLINE |= {"small", "span", "strong", "sub", "sup", "time", "u", "wbr"}

Check = Callable[[BeautifulSoup], Iterator[str]]


def faults(html: str) -> list[str]:
    """All that is wrong with a page; an empty list when it is well made."""
    return faults_in(BeautifulSoup(html, "html.parser"))


def faults_in(soup: BeautifulSoup) -> list[str]:
    """The same of a page that has been read already."""
    return [fault for check in CHECKS for fault in check(soup)]


def one_heading(soup: BeautifulSoup) -> Iterator[str]:
    """A page has exactly one h1, and it says something."""
    found = soup.find_all("h1")
    if len(found) != 1:
        yield f"{len(found)} h1 instead of one"
    yield from ("the h1 is empty" for heading in found if not spoken(heading))


def heading_order(soup: BeautifulSoup) -> Iterator[str]:
    """A heading is at most one level below the one before it."""
    level = 1
    for heading in soup.find_all(HEADINGS):
        below = int(heading.name[1])
        if below > level + 1:
            yield f"h{below} {spoken(heading)!r} follows h{level}"
        level = below


def title_and_language(soup: BeautifulSoup) -> Iterator[str]:
    """The browser and the screen reader are told what the page is called, and its language."""
    if not (soup.title and soup.title.get_text(strip=True)):
        yield "no title"
    if not (soup.html and value(soup.html, "lang").strip()):
        yield "no lang on html"


def unique_ids(soup: BeautifulSoup) -> Iterator[str]:
    """No id stands twice."""
    count = Counter(value(tag, "id") for tag in soup.find_all(id=True))
    yield from (f"id {name!r} stands {times} times" for name, times in count.items() if times > 1)


def references(soup: BeautifulSoup) -> Iterator[str]:
    """What is referred to by its id is on the page."""
    ids = {value(tag, "id") for tag in soup.find_all(id=True)}
    for tag in soup.find_all(True):
        for attribute in REFERENCES & tag.attrs.keys():
            missing = set(value(tag, attribute).split()) - ids
            yield from (f"{attribute} of {describe(tag)} names no id: {name}" for name in sorted(missing))
        target = value(tag, "href") if tag.name == "a" else ""
        if target.startswith("#") and target[1:] not in ids:
            yield f"{describe(tag)} leads to no id"


def labels(soup: BeautifulSoup) -> Iterator[str]:
    """Every field that a person fills in has a label."""
    for field in soup.find_all(["input", "select", "textarea"]):
        if value(field, "type").lower() not in UNLABELLED and not label_of(soup, field):
            yield f"{describe(field)} has no label"


def csrf_tokens(soup: BeautifulSoup) -> Iterator[str]:
    """Every form that posts carries a token."""
    for form in soup.find_all("form"):
        token = form.select_one('input[name="csrf_token"]')
        if value(form, "method").lower() == "post" and not (token and value(token, "value")):
            yield f"{describe(form)} posts without a csrf_token"


def no_inline_code(soup: BeautifulSoup) -> Iterator[str]:
    """A strict content security policy would refuse script and style inside the page."""
    for tag in soup.find_all(True):
        if tag.name == "style" or (tag.name == "script" and not value(tag, "src")):
            yield f"inline {tag.name}"
        for attribute in tag.attrs:
            if attribute == "style" or attribute.startswith("on"):
                yield f"{attribute} on {describe(tag)}"
        if value(tag, "href").strip().lower().startswith("javascript:"):
            yield f"script in the href of {describe(tag)}"


def named_controls(soup: BeautifulSoup) -> Iterator[str]:
    """A link or a button says where it leads or what it does."""
    for control in soup.find_all(["a", "button", "summary"]):
        if not accessible_name(soup, control):
            yield f"{describe(control)} is empty"
    for button in soup.select('input[type="submit"], input[type="button"], input[type="image"]'):
        if not (value(button, "value") or value(button, "alt") or accessible_name(soup, button)):
            yield f"{describe(button)} is empty"


def pictures(soup: BeautifulSoup) -> Iterator[str]:
    """Every picture says what it shows, or with an empty alt that it shows nothing of weight."""
    yield from (f"{describe(image)} has no alt" for image in soup.find_all("img") if "alt" not in image.attrs)


def value(tag: Tag, attribute: str) -> str:
    """An attribute as text; empty when it is not there."""
    found = tag.get(attribute) or ""
    return found if isinstance(found, str) else " ".join(found)


def spoken(tag: Tag) -> str:
    """The text of an element as it is read out: what is hidden left out, a picture by its alt."""
    return " ".join(_spoken(tag).split())


def _spoken(tag: Tag) -> str:
    if value(tag, "aria-hidden") == "true" or tag.name in {"script", "style", "template"}:
        return ""
    own = {"img": "alt", "svg": "aria-label"}.get(tag.name)
    parts = [_part(child) for child in tag.children]
    return "".join([value(tag, own) if own else "", *parts])


def _part(child: PageElement) -> str:
    if isinstance(child, Tag):
        return _spoken(child) if child.name in INLINE else f" {_spoken(child)} "
    return str(child) if type(child) is NavigableString else ""


def accessible_name(soup: BeautifulSoup, tag: Tag) -> str:
    """What a screen reader calls an element: a name given to it, else its text."""
    named = [soup.find(id=name) for name in value(tag, "aria-labelledby").split()]
    by_others = " ".join(spoken(other) for other in named if isinstance(other, Tag))
    return by_others or value(tag, "aria-label").strip() or spoken(tag) or value(tag, "title").strip()


def label_of(soup: BeautifulSoup, field: Tag) -> str:
    """The label of a field: a name given to it, the label that points at it, or the one around it."""
    named = [soup.find(id=name) for name in value(field, "aria-labelledby").split()]
    pointing = soup.find_all("label", attrs={"for": value(field, "id")}) if value(field, "id") else []
    tags = [tag for tag in [*named, *pointing, field.find_parent("label")] if isinstance(tag, Tag)]
    return value(field, "aria-label").strip() or " ".join(spoken(tag) for tag in tags).strip()


def describe(tag: Tag) -> str:
    """An element as a reader finds it again."""
    marks = {name: value(tag, name) for name in ("id", "name", "type", "href", "action") if value(tag, name)}
    return f"<{' '.join([tag.name, *(f'{name}={text!r}' for name, text in marks.items())])}>"


CHECKS: tuple[Check, ...] = (
    one_heading,
    heading_order,
    title_and_language,
    unique_ids,
    references,
    labels,
    csrf_tokens,
    no_inline_code,
    named_controls,
    pictures,
)
