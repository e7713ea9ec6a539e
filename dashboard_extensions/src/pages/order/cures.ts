/** What cures a problem in place: the dialog that its button opens. */
export type Cure = "map" | "address" | "cancel";

const CURES: Readonly<Record<string, Cure>> = {
  unknown_sku: "map",
  address: "address",
  cancel_requested: "cancel",
};

export const cureFor = (kind: string): Cure | null => CURES[kind] ?? null;
