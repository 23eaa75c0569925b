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

    from portal import cli, config, db, events, web, wiring
    from portal.identity.oidc import client as oidc_client
    from portal.organisation import queries as organisation

    found = using or config.load()
    config.use(found)
    organisation.profile()
    oidc_client.install(found)
    db.bind(found.database_url)
    events.subscribe(wiring.LISTENERS)
    app = Flask(__name__, template_folder=ROOT / "templates", static_folder=ROOT / "static")
    web.install(app, found)
    cli.install(app)
    return app
