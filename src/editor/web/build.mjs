/* Makes dist/ of lib/ and page/: node build.mjs MODULE.wasm. The types are checked first.
 **
 ** dist/            the package: index.js with its types, and evcalc.wasm beside it
 ** dist/page/       the page: one HTML file with everything in it, which needs no server
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const wasm = process.argv[2];
if (!wasm || !existsSync(wasm)) {
  console.error("usage: node build.mjs MODULE.wasm, which cmake --build --preset web makes");
  process.exit(2);
}

rmSync(join(here, "dist"), { recursive: true, force: true });
mkdirSync(join(here, "dist/page"), { recursive: true });

const tsc = join(here, "node_modules/typescript/bin/tsc");
for (const project of ["page/tsconfig.json", "tsconfig.json"])
  execFileSync(process.execPath, [tsc, "-p", project], { cwd: here, stdio: "inherit" });

const common = {
  absWorkingDir: here,
  bundle: true,
  target: "es2022",
  logLevel: "warning",
  legalComments: "none",
};
await esbuild.build({
  ...common,
  entryPoints: ["lib/index.ts"],
  outfile: "dist/index.js",
  format: "esm",
  packages: "external",
  sourcemap: true,
});
copyFileSync(wasm, join(here, "dist/evcalc.wasm"));

/* The page's script is no module, so that it also runs where the page was opened from a disk. */
const [script] = (
  await esbuild.build({
    ...common,
    entryPoints: ["page/page.ts"],
    outfile: "page.js",
    format: "iife",
    minify: true,
    write: false,
    define: { "import.meta.url": "document.baseURI" },
  })
).outputFiles;
const packed = gzipSync(readFileSync(wasm), { level: 9 }).toString("base64");
const html = readFileSync(join(here, "page/index.html"), "utf8");
const parts = {
  STYLE: () => readFileSync(join(here, "page/page.css"), "utf8"),
  MODULE: () => packed,
  SCRIPT: () => script.text.replaceAll("</script", "<\\/script"),
};
const filled = html.replace(/<!--([A-Z]+)-->/g, (whole, name) => parts[name]?.() ?? whole);
writeFileSync(join(here, "dist/page/index.html"), filled);
