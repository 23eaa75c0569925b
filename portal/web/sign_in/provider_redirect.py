"""On to a provider, also where it lives elsewhere than its name says."""

from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from portal.web import headers


def provider_redirect(address: str, status: int = 302) -> ResponseReturnValue:
    """A redirect; to where no form of ours may lead, not even by redirects, a page that goes on by itself."""
    if headers.origin(address) in headers.form_origins():
        return redirect(address, status)
    return render_template("sign_in/onward.html", address=address)
