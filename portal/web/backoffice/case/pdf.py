"""PDFs by weasyprint, an extra: nothing here fails without it, or without the libraries that it leans on."""

from functools import cache
from pathlib import Path
from typing import Any

from flask import current_app, url_for

# Whatever a page could ask for is asked for below this address, which leads nowhere.
NOWHERE = "https://paper.invalid"
SHEETS = ("vendor/fonts/fonts.css", "utskrift.css")
TYPES = {".css": "text/css", ".woff2": "font/woff2"}


@cache
def _weasyprint() -> Any:
    """The library, or None where it or what it needs of the system is missing."""
    try:
        import weasyprint
    except (ImportError, OSError):
        return None
    return weasyprint


def available() -> bool:
    """Whether this installation can make PDFs."""
    return _weasyprint() is not None


def made(html: str) -> bytes:
    """A page as a PDF. It may use our own style sheets and fonts; any other address is refused."""
    maker = _weasyprint()
    document = maker.HTML(string=html, base_url=f"{NOWHERE}/", url_fetcher=_fetcher(maker))
    written: bytes = document.write_pdf(pdf_tags=True)
    return written


def _fetcher(maker: Any) -> Any:
    """Reads the files of ours that a page may use; knows no network and no other file."""
    ours = allowed()

    class Ours(maker.urls.URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url not in ours:
                raise ValueError("nothing is fetched from elsewhere")
            kind = {"Content-Type": TYPES[ours[url].suffix]}
            return maker.urls.URLFetcherResponse(url, ours[url].read_bytes(), kind)

    return Ours()


def allowed() -> dict[str, Path]:
    """The files that a PDF may be made of, by the address under which it asks for them."""
    folder = Path(current_app.static_folder or "")
    names = [*SHEETS, *(str(font.relative_to(folder)) for font in (folder / "vendor/fonts").glob("*.woff2"))]
    return {NOWHERE + url_for("static", filename=name): folder / name for name in names}
