"""PDFs by WeasyPrint, which is optional: without it, or its system libraries, `available()` is False."""

from functools import cache
from pathlib import Path
from typing import Any

from flask import current_app, url_for

# RFC 2606 reserves .invalid: a URL that slips past the fetcher cannot resolve.
BASE_URL = "https://paper.invalid"
SHEETS = ("vendor/fonts/fonts.css", "utskrift.css")
TYPES = {".css": "text/css", ".woff2": "font/woff2"}


@cache
def _weasyprint() -> Any:
    """The library; None if it or its system libraries are missing."""
    try:
        import weasyprint
    # cffi raises OSError if Pango is not installed.
    except (ImportError, OSError):
        return None
    return weasyprint


def available() -> bool:
    """Whether this installation can make PDFs."""
    return _weasyprint() is not None


def render_pdf(html: str) -> bytes:
    """A page as a PDF. It may use the style sheets and fonts of the portal; other URLs are refused."""
    weasyprint = _weasyprint()
    document = weasyprint.HTML(string=html, base_url=f"{BASE_URL}/", url_fetcher=_fetcher(weasyprint))
    # Tagged, as PDF/UA asks, so that a screen reader knows headings from text.
    content: bytes = document.write_pdf(pdf_tags=True)
    return content


def _fetcher(weasyprint: Any) -> Any:
    """A fetcher that reads allowed files from disk and never uses the network."""
    files = allowed()

    class FileFetcher(weasyprint.urls.URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            # A sender writes the text of the page: it must not make the server fetch a URL.
            if url not in files:
                raise ValueError("nothing is fetched from elsewhere")
            content_type = {"Content-Type": TYPES[files[url].suffix]}
            return weasyprint.urls.URLFetcherResponse(url, files[url].read_bytes(), content_type)

    return FileFetcher()


def allowed() -> dict[str, Path]:
    """The style sheets and fonts that a PDF may use, by URL."""
    folder = Path(current_app.static_folder or "")
    names = list(SHEETS)
    for font in (folder / "vendor/fonts").glob("*.woff2"):
        names.append(str(font.relative_to(folder)))
    return {BASE_URL + url_for("static", filename=name): folder / name for name in names}
