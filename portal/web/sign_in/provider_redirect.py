"""Redirects to a provider whose endpoints may be on another host than its issuer."""

from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from portal.web import headers


def provider_redirect(address: str, status: int = 302) -> ResponseReturnValue:
    """A redirect, or a page with a meta refresh for an origin outside the policy's form-action.

    Chromium applies form-action to the redirects of a form post too.
    """
    if headers.origin(address) in headers.form_origins():
        return redirect(address, status)
    return render_template("sign_in/onward.html", address=address)
