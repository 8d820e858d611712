/** The entry for browsers and bundlers: fetches the module that lies beside. */

import { bind } from "./bound.js";
import init, * as module from "./wasm/whole.js";

await init();
bind(module);

export * from "./everything.js";
