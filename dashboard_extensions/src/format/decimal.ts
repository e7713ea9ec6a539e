/**
 * Exact sums of decimal strings. Forms need little more than adding, comparing and checking what
 * somebody typed; whole cents in a BigInt do that without a library.
 */

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

/** The smallest unit's share of a currency: 2 for EUR, 0 for JPY. */
export function digitsOf(currency: string): number {
  return (
    new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions()
      .maximumFractionDigits ?? 2
  );
}

/** Whole units of the last digit, or null for what is no amount of so many digits. */
export function unitsOf(text: string, digits: number): bigint | null {
  const match = DECIMAL.exec(text.trim());
  if (!match) return null;
  const [, sign = "", whole = "0", fraction = ""] = match;
  const rest = fraction.slice(digits);
  if (/[1-9]/.test(rest)) return null;
  const units = BigInt(whole + fraction.slice(0, digits).padEnd(digits, "0"));
  return sign === "-" ? -units : units;
}

export function fromUnits(units: bigint, digits: number): string {
  const sign = units < 0n ? "-" : "";
  const text = (units < 0n ? -units : units).toString().padStart(digits + 1, "0");
  if (digits === 0) return sign + text;
  return `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** Reads what a person types, with a comma or a point; null where it is no amount. */
export function readAmount(typed: string, currency: string): string | null {
  const digits = digitsOf(currency);
  const units = unitsOf(typed.trim().replace(",", "."), digits);
  return units === null || units < 0n ? null : fromUnits(units, digits);
}
