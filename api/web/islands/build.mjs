// Makes the files of ../static from the sources here: names with the hash of the content, and a manifest.
//
// `node build.mjs` writes them; `node build.mjs --check` compares instead, and exits with 1 where they differ.

import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
// Packages lie outside the sources, where `make islands` puts them.
const PACKAGES = join(HERE, "..", "..", "..", "build", "islands", "node_modules");
const esbuild = createRequire(join(PACKAGES, "esbuild", "lib", "main.js"))("./main.js");
const STATIC = join(HERE, "..", "static");
// What a page asks for by name; each becomes one file.
const ENTRIES = { page: "page.ts", live: "live.ts", player: "player.ts", style: "style/index.css", icon: "icon.svg" };
const LICENCES = {
  "htmx.org": "LICENSE",
  "@digital-go-jp/design-tokens": "LICENSE",
};

async function built() {
  const made = await esbuild.build({
    absWorkingDir: HERE,
    bundle: true,
    charset: "utf8",
    entryPoints: ENTRIES,
    format: "esm",
    legalComments: "none",
    loader: { ".svg": "copy" },
    minify: true,
    nodePaths: [PACKAGES],
    outdir: STATIC,
    target: ["es2022", "chrome120", "firefox120", "safari17"],
    write: false,
  });
  const files = new Map();
  const manifest = {};
  for (const output of made.outputFiles) {
    const [name, extension] = output.path.slice(STATIC.length + 1).split(".");
    const hash = createHash("sha256").update(output.contents).digest("hex").slice(0, 16);
    manifest[`${name}.${extension}`] = `${name}.${hash}.${extension}`;
    files.set(manifest[`${name}.${extension}`], Buffer.from(output.contents));
  }
  files.set("LICENCES.txt", Buffer.from(await licences()));
  files.set("manifest.json", Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`));
  return files;
}

async function licences() {
  const parts = [];
  for (const [name, file] of Object.entries(LICENCES)) {
    const folder = join(PACKAGES, name);
    const { version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    parts.push(`${name} ${version}\n\n${(await readFile(join(folder, file), "utf8")).trim()}\n`);
  }
  return parts.join("\n---\n\n");
}

async function kept() {
  const files = new Map();
  for (const name of await readdir(STATIC).catch(() => [])) files.set(name, await readFile(join(STATIC, name)));
  return files;
}

async function check(files) {
  const there = await kept();
  const names = new Set([...files.keys(), ...there.keys()]);
  const other = [...names].filter((name) => !files.get(name)?.equals(there.get(name) ?? Buffer.alloc(0)));
  if (other.length > 0) {
    console.error(`api/web/static is not what the sources make: ${other.join(", ")}; run make islands`);
    process.exit(1);
  }
}

async function write(files) {
  await rm(STATIC, { force: true, recursive: true });
  await mkdir(STATIC, { recursive: true });
  for (const [name, content] of files) await writeFile(join(STATIC, name), content);
}

const files = await built();
await (process.argv.includes("--check") ? check(files) : write(files));
