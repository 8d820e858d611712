/** The entry for browsers and bundlers: fetches the module that lies beside. */

import { bind } from "./bound.js";
import init, * as module from "./wasm/whole.js";

await init({ module_or_path: new URL("./wasm/whole_bg.wasm", import.meta.url) });
bind(module);

export * from "./everything.js";
