import { useTranslation } from "react-i18next";
import type { Schemas } from "../../api/client";
import type { OrderDetail } from "../../api/queries";
import { useFormats } from "../../format/context";
import { useSay } from "../../i18n/sentences";
import { Card, Facts, Pill } from "../../ui/page";

export function DetailsCard({ detail }: { detail: OrderDetail }) {
  const { t } = useTranslation();
  const say = useSay();
  const format = useFormats();
  const { order } = detail;
  return (
    <Card title={t("details.title")}>
      <Facts
        rows={[
          [t("details.saleorNumber"), order.saleor ? `#${order.saleor.number}` : null],
          [t("column.marketplace"), order.marketplace?.name],
          [t("column.total"), format.money(order.total?.amount, order.total?.currency)],
          [t("details.purchased"), format.dateTime(order.purchased_at)],
          [t("details.channel"), detail.sales_channel],
          [t("details.holdsStock"), detail.holds_stock ? t("yes") : t("no")],
          [t("details.replaces"), order.replaces],
          [t("details.note"), say(order.note)],
          [t("details.changedAtAmazon"), format.dateTime(detail.amazon_updated_at)],
          [t("details.readAt"), format.dateTime(detail.read_at)],
          [t("details.importedAt"), detail.imported_at && format.dateTime(detail.imported_at)],
        ]}
      />
    </Card>
  );
}

export function ShippingCard({ detail }: { detail: OrderDetail }) {
  const { t } = useTranslation();
  const format = useFormats();
  const { shipping, order } = detail;
  return (
    <Card title={t("shipping.title")}>
      <Facts
        rows={[
          [t("shipping.service"), shipping.service_level],
          [t("column.fulfilled_by"), order.fulfilled_by === "AMAZON" ? t("fba") : t("fbm")],
          [
            t("shipping.shipBetween"),
            <Span key="ship" from={shipping.ship_from} to={shipping.ship_by} due={order.due} />,
          ],
          [
            t("shipping.deliverBetween"),
            shipping.deliver_by && <Span from={shipping.deliver_from} to={shipping.deliver_by} />,
          ],
          [t("shipping.unitsShipped"), format.number(order.units - order.units_open)],
          [t("shipping.unitsOpen"), format.number(order.units_open)],
          [t("shipping.dropOff"), shipping.drop_off_location],
          [t("shipping.instructions"), shipping.instructions],
          [t("shipping.address"), <Address key="address" detail={detail} />],
        ]}
      />
    </Card>
  );
}

interface SpanProps {
  from: string | null;
  to: string | null;
  due?: Schemas["Due"] | null;
}

function Span({ from, to, due }: SpanProps) {
  const { t } = useTranslation();
  const format = useFormats();
  const text = from ? `${format.date(from)} – ${format.date(to)}` : format.date(to);
  return (
    <span className="row">
      {text}
      {due && <Pill tone={due === "late" ? "bad" : "warn"}>{t(`due.${due}`)}</Pill>}
    </span>
  );
}

function Address({ detail }: { detail: OrderDetail }) {
  const { t } = useTranslation();
  const { address, address_is_withheld: isWithheld, repaired_fields: repaired } = detail.shipping;
  if (detail.erased_at) return <Erased at={detail.erased_at} />;
  if (isWithheld || !address) return <span className="quiet">{t("shipping.withheld")}</span>;
  const lines = [
    address.name,
    address.company_name,
    address.address_line1,
    address.address_line2,
    address.address_line3,
    [address.postal_code, address.city].filter(Boolean).join(" "),
    [address.district_or_county, address.state_or_region].filter(Boolean).join(", "),
    address.country_code,
    address.phone,
  ].filter(Boolean);
  return (
    <address>
      {lines.map((line) => (
        <div key={line}>{line}</div>
      ))}
      {repaired.length > 0 && <Pill tone="info">{t("shipping.repaired")}</Pill>}
    </address>
  );
}

/** The order is over, and what was personal about it is gone. */
function Erased({ at }: { at: string }) {
  const { t } = useTranslation();
  const format = useFormats();
  return <span className="quiet">{t("buyer.erased", { when: format.date(at) })}</span>;
}

export function BuyerCard({ detail }: { detail: OrderDetail }) {
  const { t } = useTranslation();
  const { buyer } = detail;
  const unknown = detail.erased_at ? (
    <Erased key="erased" at={detail.erased_at} />
  ) : (
    t("buyer.unknown")
  );
  return (
    <Card title={t("buyer.title")}>
      <Facts
        rows={[
          [t("buyer.name"), buyer.name ?? unknown],
          [t("buyer.company"), buyer.company],
          [t("buyer.email"), buyer.email],
          [t("buyer.purchaseOrder"), buyer.purchase_order_number],
        ]}
      />
    </Card>
  );
}
