// Where things lie.

import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = new URL("./", import.meta.url);

/** The root of the repository. */
export const root = new URL("../../../", here);

/** The package that was made. */
export const packageFolder = process.env.ESCHOOL_PACKAGE ?? fileURLToPath(new URL("target/npm/core", root));

export const packageUrl = pathToFileURL(`${packageFolder}/`);

/** The wire's own files: a rich value of each type, by the name of the file. */
export const values = (() => {
  const folder = new URL("eschool-core/tests/wire_v1/values/", root);
  const read = (file) => JSON.parse(readFileSync(new URL(file, folder), "utf8")).value;
  return Object.fromEntries(readdirSync(folder).map((file) => [file.replace(".json", ""), read(file)]));
})();
