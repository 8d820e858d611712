// Serves the page and the package it uses: `node serve.mjs`, then http://127.0.0.1:8000.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const page = fileURLToPath(new URL(".", import.meta.url));
const TYPES = {
  ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
  ".json": "application/json", ".wasm": "application/wasm",
};
// What a page needs that uses the package: scripts of its own, and wasm.
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src data:";

/** A server of the page, with the package under `core/`. */
export function server(core) {
  return createServer(async (request, response) => {
    try {
      // What is no address is refused as what is not there.
      const path = normalize(decodeURIComponent(new URL(request.url, "http://x").pathname));
      const file = path.startsWith("/core/") ? join(core, path.slice(5)) : join(page, path === "/" ? "index.html" : path);
      const body = await readFile(file);
      response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "text/plain", "content-security-policy": POLICY });
      response.end(body);
    } catch {
      response.writeHead(404).end("no such file");
    }
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const core = fileURLToPath(new URL("../../target/npm/core", import.meta.url));
  server(core).listen(8000, "127.0.0.1", () => console.log("http://127.0.0.1:8000"));
}
