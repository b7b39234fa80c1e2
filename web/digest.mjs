// Writes what the built files were made from, and what came of it, so that a stale or touched build is found out also without Node.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const out = join(here, process.env.MINDU_STATIC ?? "../src/mindu/console/static");
const walk = (folder) => readdirSync(folder).flatMap((name) => {
  const path = join(folder, name);
  return statSync(path).isDirectory() ? walk(path) : [path];
});
const sum = (root, paths) => {
  const digest = createHash("sha256");
  for (const path of paths.map((p) => relative(root, p)).sort()) digest.update(`${path}\n`).update(readFileSync(join(root, path)));
  return digest.digest("hex");
};
const typed = (path) => path.endsWith("schema.d.ts"); // made anew from openapi.json by every check, and not kept
const made = [...walk(join(here, "src")).filter((p) => !typed(p)), ...["openapi.json", "package.json", "package-lock.json", "tsconfig.json", "vite.config.ts"].map((n) => join(here, n))];
const built = walk(out).filter((p) => !p.endsWith("made-from.txt"));
writeFileSync(join(out, "made-from.txt"), `sources ${sum(here, made)}\nbuilt ${sum(out, built)}\n`);
