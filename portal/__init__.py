"""Kontakt: one way in to a Swedish municipality."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from portal.config import Settings

ROOT = Path(__file__).parent.parent


def create_app(using: "Settings | None" = None) -> "Flask":
    """The whole application: settings, profile, providers, database, wiring, web. Raises BadSetting."""
    from flask import Flask

    from portal import cli, config, web

    settings = using or config.load()
    install(settings)
    app = Flask(__name__, template_folder=ROOT / "templates", static_folder=ROOT / "static")
    web.install(app, settings)
    cli.install(app)
    return app


def install(settings: "Settings") -> None:
    """What a process has one of: settings, profile, providers, database, listeners. Raises BadSetting."""
    from portal import config, db, events, wiring
    from portal.identity.oidc import client as oidc_client
    from portal.organisation import queries as organisation

    config.use(settings)
    organisation.profile()
    oidc_client.install(settings)
    db.bind(settings.database_url)
    events.subscribe(wiring.LISTENERS)
