"""What must hold for every page that a test sees. Each check tells what is wrong, in words."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement

HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
# Fields whose name is what stands on them, or that nobody sees.
UNLABELLED = {"hidden", "submit", "button", "reset", "image"}
BUTTONS = {"submit", "button", "image"}
REFERENCES = {"for", "form", "list", *(f"aria-{name}" for name in ["controls", "describedby", "labelledby"])}
# What stands inside a line: no space belongs around it.
INLINE = {"a", "abbr", "b", "bdi", "cite", "code", "data", "em", "i", "kbd", "label", "mark", "q", "s"}
INLINE |= {"small", "span", "strong", "sub", "sup", "time", "u", "wbr"}


class Tags:
    """The elements of a page, gone through once: a search for each question would cost most of a test."""

    def __init__(self, soup: BeautifulSoup) -> None:
        self.all = [each for each in soup.descendants if isinstance(each, Tag)]
        self.by_id: dict[str, Tag] = {}
        self.labels: defaultdict[str, list[Tag]] = defaultdict(list)
        for tag in self.all:
            if "id" in tag.attrs:
                self.by_id.setdefault(value(tag, "id"), tag)
            if tag.name == "label":
                self.labels[value(tag, "for")].append(tag)

    def named(self, *names: str) -> list[Tag]:
        """Those of these names, in their order."""
        return [tag for tag in self.all if tag.name in names]

    def referred(self, tag: Tag, attribute: str) -> list[Tag]:
        """Those whose ids an attribute holds."""
        return [self.by_id[name] for name in value(tag, attribute).split() if name in self.by_id]


Check = Callable[[Tags], Iterator[str]]


def faults(html: str) -> list[str]:
    """All that is wrong with a page; an empty list when it is well made."""
    return faults_in(BeautifulSoup(html, "html.parser"))


def faults_in(soup: BeautifulSoup) -> list[str]:
    """The same of a page that has been read already."""
    page = Tags(soup)
    return [fault for check in CHECKS for fault in check(page)]


def one_heading(page: Tags) -> Iterator[str]:
    """A page has exactly one h1, and it says something."""
    found = page.named("h1")
    if len(found) != 1:
        yield f"{len(found)} h1 instead of one"
    yield from ("the h1 is empty" for heading in found if not spoken(heading))


def heading_order(page: Tags) -> Iterator[str]:
    """A heading is at most one level below the one before it."""
    level = 1
    for heading in page.named(*HEADINGS):
        below = int(heading.name[1])
        if below > level + 1:
            yield f"h{below} {spoken(heading)!r} follows h{level}"
        level = below


def title_and_language(page: Tags) -> Iterator[str]:
    """The browser and the screen reader are told what the page is called, and its language."""
    if not any(title.get_text(strip=True) for title in page.named("title")[:1]):
        yield "no title"
    if not any(value(html, "lang").strip() for html in page.named("html")):
        yield "no lang on html"


def unique_ids(page: Tags) -> Iterator[str]:
    """No id stands twice."""
    count = Counter(value(tag, "id") for tag in page.all if "id" in tag.attrs)
    yield from (f"id {name!r} stands {times} times" for name, times in count.items() if times > 1)


def references(page: Tags) -> Iterator[str]:
    """What is referred to by its id is on the page."""
    ids = set(page.by_id)
    for tag in page.all:
        for attribute in REFERENCES & tag.attrs.keys():
            missing = set(value(tag, attribute).split()) - ids
            yield from (f"{attribute} of {describe(tag)} names no id: {name}" for name in sorted(missing))
        target = value(tag, "href") if tag.name == "a" else ""
        if target.startswith("#") and target[1:] not in ids:
            yield f"{describe(tag)} leads to no id"


def labels(page: Tags) -> Iterator[str]:
    """Every field that a person fills in has a label."""
    for field in page.named("input", "select", "textarea"):
        if value(field, "type").lower() not in UNLABELLED and not label_of(page, field):
            yield f"{describe(field)} has no label"


def csrf_tokens(page: Tags) -> Iterator[str]:
    """Every form that posts carries a token."""
    for form in page.named("form"):
        if value(form, "method").lower() != "post":
            continue
        token = form.find("input", attrs={"name": "csrf_token"})
        if not (isinstance(token, Tag) and value(token, "value")):
            yield f"{describe(form)} posts without a csrf_token"


def no_inline_code(page: Tags) -> Iterator[str]:
    """A strict content security policy would refuse script and style inside the page."""
    for tag in page.all:
        if tag.name == "style" or (tag.name == "script" and not value(tag, "src")):
            yield f"inline {tag.name}"
        for attribute in tag.attrs:
            if attribute == "style" or attribute.startswith("on"):
                yield f"{attribute} on {describe(tag)}"
        if value(tag, "href").strip().lower().startswith("javascript:"):
            yield f"script in the href of {describe(tag)}"


def named_controls(page: Tags) -> Iterator[str]:
    """A link or a button says where it leads or what it does."""
    for control in page.named("a", "button", "summary"):
        if not accessible_name(page, control):
            yield f"{describe(control)} is empty"
    for button in (each for each in page.named("input") if value(each, "type") in BUTTONS):
        if not (value(button, "value") or value(button, "alt") or accessible_name(page, button)):
            yield f"{describe(button)} is empty"


def pictures(page: Tags) -> Iterator[str]:
    """Every picture says what it shows, or with an empty alt that it shows nothing of weight."""
    yield from (f"{describe(image)} has no alt" for image in page.named("img") if "alt" not in image.attrs)


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


def accessible_name(page: Tags, tag: Tag) -> str:
    """What a screen reader calls an element: a name given to it, else its text."""
    by_others = " ".join(spoken(other) for other in page.referred(tag, "aria-labelledby"))
    return by_others or value(tag, "aria-label").strip() or spoken(tag) or value(tag, "title").strip()


def label_of(page: Tags, field: Tag) -> str:
    """The label of a field: a name given to it, the label that points at it, or the one around it."""
    pointing = page.labels[value(field, "id")] if value(field, "id") else []
    around = [tag for tag in field.parents if tag.name == "label"]
    tags = [*page.referred(field, "aria-labelledby"), *pointing, *around]
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
