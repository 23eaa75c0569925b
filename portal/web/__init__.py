"""What a browser meets: sessions, guards, headers, errors, and one blueprint for each audience."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import db
from portal.config import Settings
from portal.web import current, errors, guards, headers, languages, request_limits
from portal.web.operations import addresses, static_files
from portal.web.support import cookies, rate_limits, template_context


def install(app: Flask, settings: Settings) -> None:
    """Give the application its web."""
    _configure(app, settings)
    parts = (
        request_limits,
        cookies,
        errors,
        current,
        rate_limits,
        languages,
        template_context,
        headers,
        static_files,
        addresses,
    )
    for part in parts:
        part.install(app, settings)
    _blueprints(app, settings)
    guards.install(app)
    app.teardown_appcontext(lambda _error: db.close_read_session())


def _configure(app: Flask, settings: Settings) -> None:
    app.secret_key = settings.secret_key
    app.config.update(
        WTF_CSRF_TIME_LIMIT=24 * 3600,
        WTF_CSRF_SSL_STRICT=False,
        SEND_FILE_MAX_AGE_DEFAULT=3600,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]


def _blueprints(app: Flask, settings: Settings) -> None:
    from portal.web import backoffice as back_office
    from portal.web import messages, mina_sidor, public, sign_in
    from portal.web.operations import health_views, outbox_views

    for blueprint in (
        public.public,
        public.follow,
        sign_in.sign_in,
        sign_in.sessions,
        mina_sidor.mina_sidor,
        back_office.backoffice,
        messages.messages,
        health_views.operations,
    ):
        app.register_blueprint(blueprint)
    if settings.development:
        app.register_blueprint(outbox_views.development)
