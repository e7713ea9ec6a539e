"""The one document of the Dashboard's frame: who may frame it, and what it may load."""

import json
from pathlib import Path
from typing import Any

import pytest

from saleor_amazon_app.settings import Settings
from saleor_amazon_app.store.models import Tenant
from saleor_amazon_app.store.tenants import save_installation
from saleor_amazon_app.web.framing import origin_of
from saleor_amazon_app.web.frontend import front_end
from tests.web.api.conftest import Desk

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SHOP = "http://one.example/graphql/"
DASHBOARD = "https://dashboard.example"


def policy(desk: Desk, path: str = "/app", referrer: str = "", **query: str) -> dict[str, str]:
    headers = {"Referer": referrer} if referrer else {}
    answer = desk.client.get(path, query_string=query, headers=headers)
    assert answer.status_code == 200
    parts = answer.headers["Content-Security-Policy"].split("; ")
    return {name: rest for name, _, rest in (part.partition(" ") for part in parts)}


def ancestors(desk: Desk, referrer: str = "", **query: str) -> set[str]:
    return set(policy(desk, referrer=referrer, **query)["frame-ancestors"].split())


def test_nothing_is_loaded_but_the_apps_own_files(desk: Desk) -> None:
    told = policy(desk, "/app/orders/302-1")
    assert told["default-src"] == "'none'"
    assert told["script-src"] == told["connect-src"] == told["style-src"] == "'self'"
    assert "unsafe" not in str(told)


def test_a_shop_that_is_not_known_is_framed_by_nobody(desk: Desk) -> None:
    other = "http://unknown.example/graphql/"
    assert ancestors(desk, referrer="https://evil.example/x", saleorApiUrl=other) == {"'none'"}
    assert ancestors(desk, referrer="https://evil.example/x") == {"'none'"}
    assert ancestors(desk) == {"'none'"}


def test_the_apis_own_origin_counts_as_on_saleor_cloud(desk: Desk) -> None:
    assert ancestors(desk, saleorApiUrl=SHOP) == {"http://one.example"}


def test_before_the_first_verified_use_it_is_framed_from_where_it_is_asked(desk: Desk) -> None:
    found = ancestors(desk, referrer=f"{DASHBOARD}/extensions/app/1", saleorApiUrl=SHOP)
    assert found == {"http://one.example", DASHBOARD}


def test_afterwards_only_by_the_remembered_dashboard(desk: Desk) -> None:
    desk.put("/dashboard", {"origin": DASHBOARD})
    found = ancestors(desk, referrer="https://evil.example/", saleorApiUrl=SHOP)
    assert found == {"http://one.example", DASHBOARD}
    assert ancestors(desk, referrer=f"{DASHBOARD}/x") == {DASHBOARD}, "loaded again in its frame"


def test_a_new_installation_forgets_where_the_dashboard_was(desk: Desk) -> None:
    desk.put("/dashboard", {"origin": DASHBOARD})
    with desk.services.database.system() as session:
        tenant = session.get_one(Tenant, desk.tenant_id)
        told: Any = {"api_url": SHOP, "app_id": "QXBwOjI=", "token": b"", "jwks": {}}
        save_installation(session, **told, now=desk.services.now())
        assert tenant.dashboard_origin is None


def test_the_operator_names_further_dashboards(desk: Desk) -> None:
    desk.services.settings = desk.services.settings.model_copy(
        update={"allowed_dashboard_urls": ["https://ours.example", "https://*.ours.example"]}
    )
    assert ancestors(desk) == {"https://ours.example"}
    shop = ancestors(desk, referrer="https://a.ours.example/dashboard/")
    assert shop == {"https://ours.example", "https://a.ours.example"}
    assert ancestors(desk, referrer="https://a.b.ours.example/") == {"https://ours.example"}


@pytest.mark.parametrize("url", ["https://a.example/x", "ftp://a.example", "a.example", "https://"])
def test_what_is_no_origin_is_refused_at_start(desk: Desk, url: str) -> None:
    told = desk.services.settings.model_dump() | {"allowed_dashboard_urls": url}
    with pytest.raises(ValueError, match="no address of a Dashboard"):
        Settings(**told)


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://a.example/x?y", "https://a.example"),
        ("http://localhost:9000/", "http://localhost:9000"),
        ("http://[::1]:9000/", "http://[::1]:9000"),
        ("javascript:alert(1)", ""),
        ("https://a.example;script-src *", ""),
        ("https://*/", ""),
        ("https://a.example:x/", ""),
        ("", ""),
    ],
)
def test_an_origin_is_read_from_an_address(desk: Desk, url: str, origin: str) -> None:
    assert origin_of(url) == origin


def test_without_the_built_files_the_page_says_so(desk: Desk, tmp_path: Path) -> None:
    desk.client.application.static_folder = str(tmp_path)
    assert "The pages are not built" in desk.client.get("/app").text


def test_the_document_loads_what_vites_manifest_names(desk: Desk, tmp_path: Path) -> None:
    desk.client.application.static_folder = str(tmp_path)
    (tmp_path / "app").mkdir()
    manifest = {
        "src/main.tsx": {
            "file": "assets/main-1.js",
            "imports": ["_a.js"],
            "css": ["assets/main-1.css"],
            "isEntry": True,
        },
        "_a.js": {"file": "assets/a-1.js", "imports": ["_b.js"], "css": ["assets/a-1.css"]},
        "_b.js": {"file": "assets/b-1.js", "imports": ["_a.js"]},
        "src/other.tsx": {"file": "assets/other-1.js"},
    }
    (tmp_path / "app" / "manifest.json").write_text(json.dumps(manifest))
    found = front_end(tmp_path)
    assert found is not None
    assert found.preloaded == ("app/assets/a-1.js", "app/assets/b-1.js")
    text = desk.client.get("/app/orders").text
    assert '<script type="module" src="/static/app/assets/main-1.js">' in text
    assert '<link rel="stylesheet" href="/static/app/assets/a-1.css">' in text
    assert "other" not in text
    assert '<div id="root">' in text
    (tmp_path / "app" / "assets").mkdir()
    (tmp_path / "app" / "assets" / "main-1.js").write_text("1")
    with desk.client.get("/static/app/assets/main-1.js") as answer:
        assert "immutable" in answer.headers["Cache-Control"]
