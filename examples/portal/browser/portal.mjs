// A portal of its own for a test, and a browser to look at it with.

import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

import { chromium } from "playwright-core";

/** What the check that starts these tests tells them. */
export const needed = (name) => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run these tests by \`cargo xtask test\``);
  return value;
};

/** Starts the portal with its sample school on a free port and reads what it prints. */
export async function startPortal() {
  const data = await mkdtemp(join(tmpdir(), "portal-browser-"));
  const args = ["--data", join(data, "data"), "--listen", "127.0.0.1:0"];
  const child = spawn(needed("PORTAL_BIN"), args, { stdio: ["ignore", "pipe", "inherit"] });
  const people = [];
  let emulator;
  const address = await new Promise((resolve, reject) => {
    let address;
    const late = setTimeout(() => reject(new Error("the portal printed no address")), 120_000);
    child.once("exit", (code) => reject(new Error(`the portal ended with ${code}`)));
    createInterface({ input: child.stdout }).on("line", (line) => {
      address ??= line.match(/http:\/\/127\.0\.0\.1:\d+/)?.[0];
      emulator ??= line.match(/http:\/\/localhost:\d+/)?.[0];
      const card = line.match(/логин: (\S+)\s+пароль: (\S+)/);
      if (card) people.push({ login: card[1], password: card[2] });
      const outcome = line.match(/что будет: (.*)/);
      if (outcome && people.length) people.at(-1).outcome = outcome[1];
      if (address && people.length === 4 && people.at(-1).outcome) {
        clearTimeout(late);
        resolve(address);
      }
    });
  });
  const stop = async () => {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.removeAllListeners("exit");
    child.kill("SIGTERM");
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 5000))]);
    await rm(data, { recursive: true, force: true });
  };
  const [young, gone, tomorrow, older] = people;
  const invite = async () => {
    const args = ["admin", "invite", "--data", join(data, "data"), "--url", address, "--school", "№ 3"];
    const { stdout } = await promisify(execFile)(needed("PORTAL_BIN"), args);
    return stdout.match(/http:\S+/)[0];
  };
  return { address, emulator, people: { young, tomorrow, older, gone }, invite, stop };
}

/** Starts Chromium, which sees nothing but the portal. */
export function startBrowser() {
  return chromium.launch({
    executablePath: needed("CHROMIUM"),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
    ],
  });
}

/** A page in which whatever goes wrong is written to `faults`. */
export async function watchedPage(context, faults) {
  const page = await context.newPage();
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("response", (answer) => {
    if (answer.status() >= 500) faults.push(`${answer.status()} ${answer.url()}`);
  });
  page.on("console", (message) => {
    // A refusal's own status is written there too; only what the page does wrong counts.
    if (message.type() === "error" && !message.text().includes("status of")) {
      faults.push(message.text());
    }
  });
  return page;
}

/** Signs in by the form, as a person types. */
export async function signIn(page, address, { login, password }) {
  await page.goto(address);
  await page.getByLabel("Логин").fill(login);
  await page.getByLabel("Пароль").fill(password);
  await page.getByRole("button", { name: "Вход" }).click();
}

/** Goes to ЕСИА from the sign-in page and chooses a person there. */
export async function signInByEsia(page, address, name) {
  await page.goto(address);
  await page.getByRole("link", { name: "Вход через ЕСИА" }).click();
  await chooseAtEsia(page, name);
}

/** Chooses a person on the page of ЕСИА. */
export async function chooseAtEsia(page, name) {
  await page.getByRole("heading", { name: "Кто входит?" }).waitFor();
  await page.getByRole("button", { name }).click();
}
