/** The entry for Node: reads the module that lies beside. */

import { readFileSync } from "node:fs";

import { bind } from "./bound.js";
import * as module from "./wasm/whole.js";

module.initSync({ module: readFileSync(new URL("./wasm/whole_bg.wasm", import.meta.url)) });
bind(module);

export * from "./everything.js";
