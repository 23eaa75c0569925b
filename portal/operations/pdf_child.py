"""Makes a PDF of a page in a process of its own: python -m … FOLDER MAX_BYTES SECONDS.

Reads HTML from standard input and writes the PDF to standard output, with bounded memory and CPU time. It
reads the style sheets and fonts below FOLDER and nothing else, and never uses the network.
"""

import resource
import sys
from pathlib import Path
from typing import Any

# RFC 2606 reserves .invalid: a URL that slips past the fetcher cannot resolve.
STATIC_URL = "https://paper.invalid/static/"
SHEETS = ("vendor/fonts/fonts.css", "utskrift.css")
TYPES = {".css": "text/css", ".woff2": "font/woff2"}


def main() -> None:
    """Make the PDF."""
    folder, max_bytes, seconds = sys.argv[1:]
    _limit(int(max_bytes), int(seconds))
    import weasyprint

    fetcher = make_fetcher(weasyprint, allowed(Path(folder)))
    html = sys.stdin.buffer.read().decode()
    document = weasyprint.HTML(string=html, base_url=STATIC_URL, url_fetcher=fetcher)
    # PDF/UA (ISO 14289-1): tagged, so that a screen reader knows headings from text, and named as such.
    sys.stdout.buffer.write(document.write_pdf(pdf_variant="pdf/ua-1"))


def _limit(max_bytes: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (max_bytes, max_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def allowed(folder: Path) -> dict[str, Path]:
    """The style sheets and fonts that a PDF may use, by URL."""
    files = [folder / name for name in SHEETS]
    files.extend((folder / "vendor/fonts").glob("*.woff2"))
    return {STATIC_URL + file.relative_to(folder).as_posix(): file for file in files}


def without_version(url: str) -> str:
    """The URL without the fingerprint of the file's content (portal/web/operations/static_files.py)."""
    return url.partition("?v=")[0]


def make_fetcher(weasyprint: Any, files: dict[str, Path]) -> Any:
    """A fetcher that reads these files from disk and never uses the network."""

    class FileFetcher(weasyprint.urls.URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            # A sender writes the text of the page: it must not make the server fetch a URL.
            file = files.get(without_version(url))
            if file is None:
                raise ValueError("nothing is fetched from elsewhere")
            content_type = {"Content-Type": TYPES[file.suffix]}
            return weasyprint.urls.URLFetcherResponse(url, file.read_bytes(), content_type)

    return FileFetcher()


if __name__ == "__main__":
    main()
