/** The entry for Node: reads the module that lies beside. */

import { readFileSync } from "node:fs";

import { bind } from "./bound.js";
import * as module from "./wasm/checks.js";

module.initSync({ module: readFileSync(new URL("./wasm/checks_bg.wasm", import.meta.url)) });
bind(module);

export * from "./only-checks.js";
