// How the tests run a program for a terminal: DIARY_PROGRAM is its command line as JSON.

import { spawn } from "node:child_process";

/** Text as it is read: spaces of every kind are one. */
export const plain = (text) => text.replace(/[\s\u00a0\u202f]+/g, " ").trim();

/** Runs the program; `address` is the one it asks to open, `printed` all that it says in the end. */
export function start(portal, args, input) {
  const [program, ...words] = JSON.parse(process.env.DIARY_PROGRAM);
  const child = spawn(program, [...words, "--portal", portal.address, "--no-browser", ...args]);
  let [said, wrong] = ["", ""];
  child.stdin.on("error", () => {}); // It may end before it has read a word.
  child.stdin.end(input ?? "");
  child.stderr.on("data", (data) => (wrong += data));
  const address = new Promise((resolve, reject) => {
    child.once("close", (code) => reject(new Error(`it ended with ${code}: ${said}${wrong}`)));
    child.stdout.on("data", (data) => {
      said += data;
      const found = said.match(/^http:\S+$/m);
      if (found) resolve(found[0]);
    });
  });
  address.catch(() => {}); // Most runs open nothing.
  const printed = new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, said, wrong }));
  });
  return { address, printed };
}
