"""Many shops on one deployment: none ever sees another's rows."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, select, update

from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.store.database import CrossedTenants, Database
from saleor_amazon_app.store.models import Account, SkuMapping
from saleor_amazon_app.store.tenants import find_tenant, save_installation

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def install(database: Database, name: str, token: bytes = b"t", app_id: str = "app") -> TenantId:
    with database.system() as session:
        return save_installation(
            session,
            api_url=f"https://{name}.example/graphql/",
            app_id=app_id,
            token=token,
            jwks={"keys": []},
            now=NOW,
        )


def add_sku(database: Database, tenant: TenantId, sku: str) -> None:
    with database.tenant(tenant) as session:
        session.add(SkuMapping(seller_sku=sku, variant_id="v", created_at=NOW))


@pytest.fixture
def two(database: Database) -> tuple[Database, TenantId, TenantId]:
    one, other = install(database, "one"), install(database, "other")
    add_sku(database, one, "OF-ONE")
    add_sku(database, other, "OF-OTHER")
    return database, one, other


def skus(database: Database, tenant: TenantId) -> list[str]:
    with database.tenant(tenant) as session:
        return list(session.scalars(select(SkuMapping.seller_sku)))


def test_a_select_without_any_condition_shows_the_tenants_own_rows(
    two: tuple[Database, TenantId, TenantId],
) -> None:
    database, one, other = two
    assert skus(database, one) == ["OF-ONE"]
    assert skus(database, other) == ["OF-OTHER"]


def test_an_update_without_any_condition_changes_the_tenants_own_rows(
    two: tuple[Database, TenantId, TenantId],
) -> None:
    database, one, other = two
    with database.tenant(one) as session:
        session.execute(update(SkuMapping).values(seller_sku="CHANGED"))
    assert skus(database, other) == ["OF-OTHER"]
    assert skus(database, one) == ["CHANGED"]


def test_a_delete_without_any_condition_deletes_the_tenants_own_rows(
    two: tuple[Database, TenantId, TenantId],
) -> None:
    database, one, other = two
    with database.tenant(one) as session:
        session.execute(delete(SkuMapping))
    assert (skus(database, one), skus(database, other)) == ([], ["OF-OTHER"])


def test_another_tenants_row_is_not_found_by_its_id(
    two: tuple[Database, TenantId, TenantId],
) -> None:
    database, one, other = two
    with database.tenant(other) as session:
        id_ = session.scalars(select(SkuMapping.id)).one()
    with database.tenant(one) as session:
        assert session.get(SkuMapping, id_) is None


def test_a_row_of_another_tenant_cannot_be_written(
    two: tuple[Database, TenantId, TenantId],
) -> None:
    database, one, other = two
    with pytest.raises(CrossedTenants), database.tenant(one) as session:
        session.add(SkuMapping(tenant_id=other, seller_sku="X", variant_id="v", created_at=NOW))
    assert skus(database, other) == ["OF-OTHER"]


def test_a_row_read_for_one_tenant_cannot_be_changed_for_another(
    two: tuple[Database, TenantId, TenantId],
) -> None:
    database, one, other = two
    with database.tenant(other) as session:
        row = session.scalars(select(SkuMapping)).one()
    row.seller_sku = "STOLEN"
    with pytest.raises(CrossedTenants), database.tenant(one) as session:
        session.add(row)
    assert skus(database, other) == ["OF-OTHER"]


def test_reinstalling_renews_the_token_and_keeps_the_data(database: Database) -> None:
    first = install(database, "one", b"old", "app-1")
    add_sku(database, first, "KEPT")
    again = install(database, "one", b"new", "app-2")
    assert again == first
    assert skus(database, again) == ["KEPT"]
    with database.system() as session:
        tenant = find_tenant(session, "https://one.example/graphql/")
        assert tenant is not None
        assert (tenant.token, tenant.app_id) == (b"new", "app-2")


def test_the_same_seller_in_two_shops_is_two_accounts(database: Database) -> None:
    for name in ("one", "other"):
        tenant = install(database, name)
        with database.tenant(tenant) as session:
            session.add(
                Account(
                    seller_id="A1",
                    region="eu",
                    refresh_token=name.encode(),
                    import_from=NOW,
                    connected_at=NOW,
                    withheld_data=[],
                )
            )
        with database.tenant(tenant) as session:
            assert session.scalars(select(Account)).one().refresh_token == name.encode()
