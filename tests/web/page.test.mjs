/* The page in Chromium, as somebody uses it: a mistake, its squiggle and fix, completion, hover, events
 ** that are changed or broken, layout, dark colours, a narrow window. It is opened from the disk, and
 ** asks for nothing else. Screenshots are written to the folder in EVCALC_SCREENSHOTS, if that is set.
 */
import assert from "node:assert/strict";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "../../src/editor/web/node_modules/playwright-core/index.mjs";

const executablePath = process.env.EVCALC_CHROMIUM ?? "/usr/bin/chromium";
const address = new URL("../../src/editor/web/dist/page/index.html", import.meta.url).href;
const screenshots = process.env.EVCALC_SCREENSHOTS;
const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const startText = "new.amountSpent >= new.amount * 0.9";

assert.ok(existsSync(executablePath), `there is no ${executablePath}`);
assert.ok(existsSync(fileURLToPath(address)), "the page was not built");

let browser;
let page;
const asked = [];
const failures = [];

before(async () => {
  browser = await chromium.launch({ executablePath, args: flags });
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(15000);
  page.on("request", (request) => asked.push(request.url()));
  page.on("pageerror", (error) => failures.push(error.message));
  page.on("console", (message) => message.type() === "error" && failures.push(message.text()));
});
after(async () => {
  await browser?.close();
});

async function open(state = {}, colours = "light") {
  await page.emulateMedia({ colorScheme: colours });
  await page.goto("about:blank");
  await page.goto(`${address}#${new URLSearchParams(state)}`);
  await page.waitForSelector("#parts li, #problems li");
}

async function shoot(name) {
  if (!screenshots) return;
  mkdirSync(screenshots, { recursive: true });
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(screenshots, `${name}.png`) });
}

const calculation = () => page.locator("#calculation .cm-content");
const text = () =>
  page
    .locator("#calculation .cm-line")
    .allTextContents()
    .then((lines) => lines.join("\n"));
const says = (selector, wanted) =>
  page.waitForFunction(
    ([where, what]) => document.querySelector(where)?.textContent === what,
    [selector, wanted],
  );

async function type(words, where = calculation()) {
  await where.click();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  await page.keyboard.type(words);
}

/** Replace a text in the event, as somebody who selects and types it would. */
async function changeEvent(from, to) {
  const line = page.locator("#event .cm-line", { hasText: from }).first();
  await line.scrollIntoViewIfNeeded();
  await line.click();
  await page.keyboard.press("Home");
  await page.keyboard.press("Shift+End");
  await page.keyboard.insertText(to);
}

test("it starts with a calculation, an event and the answer", async () => {
  await open();
  assert.equal(await page.locator("#validity").textContent(), "valid");
  assert.equal(await page.locator("#answer").textContent(), "true");
  assert.equal(await page.locator("#type").inputValue(), "configuration.commitment.updated");
  assert.match(await page.locator("#origin").textContent(), /48 fields, inferred/);
  await shoot("start");
});

test("a mistake is underlined, told, and mended by its fix", async () => {
  await open();
  await type("new.amountSpend >= 900");
  await page.keyboard.press("Escape");
  const squiggle = page.locator("#calculation .cm-lintRange-error");
  await squiggle.waitFor();
  assert.equal(await squiggle.textContent(), "new.amountSpend");
  assert.equal(await page.locator("#validity").textContent(), "invalid: 1 error");
  assert.match(await page.locator("#problems li").textContent(), /unknown field 'new.amountSpend'/);
  await squiggle.hover();
  const tip = page.locator(".cm-tooltip-hover .cm-diagnosticAction");
  await tip.waitFor();
  if (screenshots) await page.screenshot({ path: join(screenshots, "mistake.png") });
  await tip.click();
  await says("#validity", "valid");
  assert.equal(await text(), "new.amountSpent >= 900");
  await squiggle.waitFor({ state: "detached" });
});

test("a fix that was offered still fits when the text has moved on", async () => {
  await open();
  await type("new.amountSpend >= 900");
  await page.keyboard.press("Escape");
  await page.locator("#calculation .cm-lintRange-error").hover();
  const tip = page.locator(".cm-tooltip-hover .cm-diagnosticAction");
  await tip.waitFor();
  // Before the mistakes are looked for again.
  await page.evaluate(async () => {
    const action = document.querySelector(".cm-tooltip-hover .cm-diagnosticAction");
    const content = document.querySelector("#calculation .cm-content");
    content.focus();
    getSelection().collapse(content.querySelector(".cm-line"), 0);
    document.execCommand("insertText", false, "1 > 2 OR ");
    await new Promise((done) => setTimeout(done, 40)); // CodeMirror sees changes a moment later
    action.click();
  });
  assert.equal(await text(), "1 > 2 OR new.amountSpent >= 900");
});

test("several mistakes are mended at once, and that is undone at once", async () => {
  await open();
  await type('new.amount => 900 && new.currency = "USD"');
  await page.keyboard.press("Escape");
  await page.locator("#fix").click();
  await says("#validity", "valid");
  assert.equal(await text(), 'new.amount >= 900 AND new.currency == "USD"');
  await page.keyboard.press("Control+z");
  assert.equal(await text(), 'new.amount => 900 && new.currency = "USD"');
});

test("fields, values and functions are completed", async () => {
  await open();
  await type("new.amount > 1 AND new.cur");
  const chosen = page.locator(".cm-tooltip-autocomplete li[aria-selected]");
  await chosen.waitFor();
  assert.match(await chosen.textContent(), /new\.currency/);
  await page.waitForTimeout(150); // CodeMirror takes no key in the first 75 ms
  if (screenshots) await page.screenshot({ path: join(screenshots, "completion.png") });
  await page.keyboard.press("Enter");
  assert.equal(await text(), "new.amount > 1 AND new.currency");
  await page.keyboard.type(' == "USD" OR new.currency == "');
  await chosen.waitFor();
  assert.match(await chosen.textContent(), /USD/);
  await page.waitForTimeout(150);
  await page.keyboard.press("Enter");
  assert.match(await text(), /new\.currency == "USD"$/);
  await type("Math.ro");
  await chosen.waitFor();
  await page.waitForTimeout(150);
  await page.keyboard.press("Enter");
  assert.match(await text(), /^Math\.round\(/);
  await page.keyboard.type("new.amount");
  const signature = page.locator(".cm-evcalc-signature");
  await signature.waitFor();
  assert.match(await signature.locator(".cm-evcalc-active").textContent(), /number/);
  await page.keyboard.press("Escape"); // the list
  await page.keyboard.press("Escape"); // the signature
  await page.keyboard.press("Escape");
  await signature.waitFor({ state: "detached" });
});

test("what stands under the pointer is explained", async () => {
  await open({ calculation: startText });
  await page.locator("#calculation .cm-evcalc-field").first().hover();
  const tip = page.locator(".cm-evcalc-hover");
  await tip.waitFor();
  assert.match(await tip.textContent(), /new\.amountSpent: Number \(double\)/);
  if (screenshots) await page.screenshot({ path: join(screenshots, "hover.png") });
});

test("the answer follows the event, and a broken event is told and not lost", async () => {
  await open({ calculation: startText });
  assert.equal(await page.locator("#answer").textContent(), "true");
  await changeEvent('"amountSpent": 950', '"amountSpent": 10,');
  await says("#answer", "false");
  const values = await page.locator("#parts .value").allTextContents();
  assert.deepEqual(values, ["false", "10", "900", "1000", "0.9"]);
  await changeEvent('"amountSpent": 10', '"amountSpent": "ten",');
  await says("#answer", "fails");
  assert.match(await page.locator("#reason").textContent(), /new.amountSpent/);
  await changeEvent('"amountSpent": "ten"', '"amountSpent": ten,');
  await says("#answer", "none");
  assert.match(await page.locator("#event-error").textContent(), /^Line 10: the event is not JSON/);
  await page
    .locator("#event .cm-line", { hasText: '"amountSpent": ten' })
    .locator(".cm-lintRange-error, .cm-lintPoint-error")
    .first()
    .waitFor({ state: "attached" });
  assert.ok(
    (await page.locator("#event .cm-content").textContent()).includes('"amountSpent": ten'),
  );
  await shoot("broken-event");
  await changeEvent('"amountSpent": ten', '"amountSpent": 999,');
  await says("#answer", "true");
  assert.ok(await page.locator("#event-error").isHidden());
});

test("a division by zero is a failure of its part", async () => {
  await open({ calculation: "new.amountSpent / new.amountPrePaid > 0.5 OR true" });
  await says("#answer", "fails");
  const rows = await page.locator("#parts button").allTextContents();
  assert.ok(
    rows.some((row) => /^new\.amountSpent \/ new\.amountPrePaid.*failed$/.test(row)),
    rows.join(),
  );
  assert.ok(rows.includes("truenot evaluated"), rows.join());
});

test("a part that is pointed at is shown in the calculation", async () => {
  await open({ calculation: startText });
  await page.locator("#parts button", { hasText: /^new\.amount \* 0\.9/ }).focus();
  const shown = await page.locator("#calculation .cm-evcalc-part").allTextContents();
  assert.equal(shown.join(""), "new.amount * 0.9");
});

test("the layout is made with the keyboard and the button", async () => {
  await open({ calculation: "new.amount>1   AND((new.amount<5))" });
  await calculation().click();
  await page.keyboard.press("Shift+Alt+f");
  assert.equal(await text(), "new.amount > 1 AND (new.amount < 5)");
  await type("new.amount>1");
  await page.locator("#format").click();
  assert.equal(await text(), "new.amount > 1");
});

test("selections grow", async () => {
  await open({ calculation: "new.amount > 1 AND new.amount < 5" });
  await calculation().click({ position: { x: 40, y: 20 } });
  await page.keyboard.press("Control+i");
  await page.keyboard.press("Control+i");
  await page.keyboard.type("true");
  assert.equal(await text(), "true AND new.amount < 5");
});

test("each Event type keeps its event; the address keeps everything", async () => {
  await open({ calculation: "true" });
  await changeEvent('"amountSpent": 950', '"amountSpent": 11,');
  await page.locator("#type").selectOption("configuration.commitment.created");
  assert.match(await page.locator("#event .cm-content").textContent(), /commitment\.created/);
  await page.locator("#type").selectOption("configuration.commitment.updated");
  assert.match(await page.locator("#event .cm-content").textContent(), /"amountSpent": 11,/);
  await type('new.currency == "😀"');
  await page.waitForFunction(() =>
    new URLSearchParams(location.hash.slice(1)).get("calculation").includes("😀"),
  );
  await page.reload();
  await page.waitForSelector("#parts li");
  assert.equal(await text(), 'new.currency == "😀"');
  assert.match(await page.locator("#event .cm-content").textContent(), /"amountSpent": 11,/);
});

test("a field list of one's own is added, and a wrong one told", async () => {
  await open({ calculation: "new.daysOverdue > 5" });
  await page.locator("#own").click();
  await page.locator("#list-text").fill('{"events": {"scheduled.bill.overdue": 5}}');
  await page.locator("#list-add").click();
  assert.match(
    await page.locator("#list-error").textContent(),
    /the field list of scheduled.bill.overdue is no object/,
  );
  await shoot("field-list");
  await page
    .locator("#list-file")
    .setInputFiles(fileURLToPath(new URL("../samples/fields.json", import.meta.url)));
  await page.waitForFunction(() =>
    document.querySelector("#list-text").value.includes("daysOverdue"),
  );
  await page.locator("#list-add").click();
  assert.equal(await page.locator("#type").inputValue(), "scheduled.bill.overdue");
  await says("#validity", "valid");
  await page.reload();
  await page.waitForSelector("#parts li");
  assert.equal(await page.locator("#type").inputValue(), "scheduled.bill.overdue");
});

test("a mistake in an emoji's line is underlined where it is", async () => {
  await open();
  await type('"😀é" == new.curency');
  await page.keyboard.press("Escape");
  const squiggle = page.locator("#calculation .cm-lintRange-error");
  await squiggle.waitFor();
  assert.equal(await squiggle.textContent(), "new.curency");
});

test("it is dark where the system is, or where it is wanted", async () => {
  await open({ calculation: startText + "\nAND new.currncy == 5" }, "dark");
  assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
  assert.ok(
    await page
      .locator("#calculation .cm-editor")
      .evaluate((node) => getComputedStyle(node).color !== "rgb(27, 35, 48)"),
  );
  await page.locator("#calculation .cm-lintRange-error").first().waitFor();
  await shoot("dark");
  await page.locator("#theme").click();
  assert.equal(await page.locator("html").getAttribute("data-theme"), "light");
});

test("text is readable: the colours of tokens are far enough from the ground", async () => {
  for (const colours of ["light", "dark"]) {
    await open(
      { calculation: 'Math.abs(new.amount) >= 0.9 AND new.currency == "a\\n" AND null == Math.PI' },
      colours,
    );
    const ratios = await page.evaluate(() => {
      const canvas = document
        .createElement("canvas")
        .getContext("2d", { willReadFrequently: true });
      const light = (colour) => {
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((v) =>
          v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4,
        );
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const ground = light(
        getComputedStyle(document.querySelector("#calculation")).backgroundColor,
      );
      return [...document.querySelectorAll("#calculation [class*=cm-evcalc-]")].map((node) => {
        const [a, b] = [light(getComputedStyle(node).color), ground].sort((x, y) => y - x);
        return [node.textContent, (a + 0.05) / (b + 0.05)];
      });
    });
    assert.ok(ratios.length > 15);
    for (const [words, ratio] of ratios) assert.ok(ratio >= 4.5, `${colours}: ${words} ${ratio}`);
  }
});

test("it fits a narrow window", async () => {
  await page.setViewportSize({ width: 375, height: 740 });
  await open({ calculation: startText + " AND old.amountSpent < old.amount * 0.9" });
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(overflow <= 0, `${overflow} pixels too wide`);
  await shoot("narrow");
  await page.setViewportSize({ width: 1280, height: 800 });
});

test("the keyboard reaches everything, and everything has a name", async () => {
  await open();
  await page.locator("#type").focus();
  const reached = new Set();
  for (let i = 0; i < 24; i++) {
    await page.keyboard.press("Tab");
    reached.add(
      await page.evaluate(
        () => document.activeElement.id || document.activeElement.getAttribute("aria-label"),
      ),
    );
  }
  for (const name of ["own", "theme", "Calculation", "format", "Event", "sample"])
    assert.ok(reached.has(name), `${name}: ${[...reached]}`);
  const nameless = await page.evaluate(() =>
    [...document.querySelectorAll("button, select, textarea, input, [contenteditable=true]")]
      .filter(
        (node) =>
          !node.textContent.trim() && !node.getAttribute("aria-label") && !node.labels?.length,
      )
      .map((node) => node.outerHTML),
  );
  assert.deepEqual(nameless, []);
});

test("nothing was asked for but the page, and nothing failed", () => {
  assert.deepEqual(
    [...new Set(asked.map((url) => url.replace(/#.*/, "")))].filter(
      (url) => !/^(data|about|blob):/.test(url),
    ),
    [address],
  );
  assert.deepEqual(failures, []);
});
