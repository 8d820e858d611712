// How many bytes a page downloads for a module, compressed: `cargo xtask npm` runs it as
// `node size.mjs MODULE.js`. Which files these are is asked of esbuild and read in them, for no list
// of files would follow what is added.

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";

const [, , entry] = process.argv;
const folder = dirname(entry);
const { metafile } = await build({
  entryPoints: [entry], absWorkingDir: folder, bundle: true, write: false, metafile: true,
  format: "esm", target: "es2022", logLevel: "error",
});
const files = new Set();
for (const [file, { imports }] of Object.entries(metafile.inputs)) {
  for (const { external, path } of imports) if (external) throw new Error(`${file} imports ${path}`);
  files.add(join(folder, file));
  // A bundler follows an address that is written so, and so does a browser.
  const source = readFileSync(join(folder, file), "utf8");
  for (const [, address] of source.matchAll(/new URL\("([^"]+)",\s*import\.meta\.url\)/g)) {
    files.add(join(folder, dirname(file), address));
  }
}
let bytes = 0;
for (const file of files) bytes += gzipSync(readFileSync(file), { level: 9 }).length;
if (![...files].some((file) => file.endsWith(".wasm"))) throw new Error(`${entry} names no wasm module`);
console.log(bytes);
