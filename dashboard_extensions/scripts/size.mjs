// Fails when the script of the first load, compressed, is larger than a Dashboard should wait for.

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const FOLDER = new URL("../../saleor_amazon_app/web/static/app/", import.meta.url);
const ENTRY = "src/main.tsx";
const LARGEST = 250_000;

const manifest = JSON.parse(readFileSync(new URL("manifest.json", FOLDER), "utf8"));

/** The files that an entry cannot begin without. */
function needed(name, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const other of manifest[name].imports ?? []) needed(other, seen);
  return seen;
}

const sizes = [...needed(ENTRY)].map((name) => {
  const { file } = manifest[name];
  return [file, gzipSync(readFileSync(new URL(file, FOLDER))).length];
});
const total = sizes.reduce((sum, [, size]) => sum + size, 0);
for (const [file, size] of sizes) process.stdout.write(`${file}\t${size}\n`);
process.stdout.write(`first load of script, compressed: ${total} of at most ${LARGEST} bytes\n`);
if (total > LARGEST) {
  process.stderr.write("The first load has become too large.\n");
  process.exit(1);
}
