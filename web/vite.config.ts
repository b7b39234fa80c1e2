// Builds the console into the package: stable names for what pages and workers link, digests for what is loaded later.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { strict } from "./src/models/strict.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const shared = (name: string, inside: readonly string[]) => !["bpmn", "dmn"].includes(name) && inside.some((id) => id.includes("/diagram-js/lib/"));

export default defineConfig({
  base: "/static/",
  publicDir: false,
  plugins: [strict()],
  resolve: {
    alias: [
      { find: /^maplibre-gl$/, replacement: here("src/map/engine.js") },
      { find: /^#maplibre\//, replacement: here("node_modules/maplibre-gl/src/") },
    ],
  },
  // MapLibre's sources declare fields that a parent's constructor fills: a bare declaration must not empty them again.
  oxc: { assumptions: { setPublicClassFields: true }, typescript: { removeClassFieldsWithoutInitializer: true } },
  build: {
    outDir: process.env["MINDU_STATIC"] ?? "../src/mindu/console/static",
    emptyOutDir: true,
    target: "es2022",
    cssTarget: ["chrome94", "firefox93", "safari15.4"],
    modulePreload: false,
    assetsInlineLimit: 0, // the policy lets fonts come from files alone
    cssCodeSplit: true, // the diagram's sheet comes with the diagram
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1200,
    license: { fileName: "licences.txt" },
    rolldownOptions: {
      input: { console: here("src/console.ts"), portal: here("src/portal.ts"), "map-worker": here("node_modules/maplibre-gl/src/source/worker.ts") },
      output: {
        entryFileNames: "[name].js",
        // What processes and decisions share has no name of its own.
        chunkFileNames: (chunk) => `chunks/${shared(chunk.name, chunk.moduleIds) ? "shapes" : "[name]"}-[hash].js`,
        assetFileNames: (asset) => (asset.names.includes("console.css") ? "console.css" : "chunks/[name]-[hash][extname]"),
      },
    },
  },
});
