// Takes the picture that README shows: a week of the sample school, on a desk and in a hand.
//
//     PORTAL_BIN=… CHROMIUM=… node picture.mjs ../../../docs/diary.png

import { signIn, startBrowser, startPortal } from "./portal.mjs";

const [, , file] = process.argv;
if (!file) throw new Error("say where the picture goes: node picture.mjs FILE");

const portal = await startPortal();
const browser = await startBrowser();
try {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, locale: "ru-RU" });
  const page = await context.newPage();
  await signIn(page, portal.address, portal.people.tomorrow);
  await page.waitForURL("**/week");
  // A week that teachers have filled shows more than one that has just begun.
  for (let week = 0; week < 6 && (await page.locator(".lesson .marks .work").count()) < 6; week++) {
    await page.getByRole("link", { name: /Назад/ }).click();
    await page.waitForLoadState();
  }
  await page.screenshot({ path: file });
} finally {
  await browser.close();
  await portal.stop();
}
