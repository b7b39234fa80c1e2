// Builds the console into the package: stable names for what pages and workers link, digests for what is loaded later.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  base: "/static/",
  publicDir: false,
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
    cssCodeSplit: false,
    modulePreload: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1200,
    license: { fileName: "licences.txt" },
    rolldownOptions: {
      input: { console: here("src/console.ts"), "map-worker": here("node_modules/maplibre-gl/src/source/worker.ts") },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "chunks/[name]-[hash].js",
        assetFileNames: (asset) => (asset.names.some((name) => name.endsWith(".css")) ? "console.css" : "chunks/[name]-[hash][extname]"),
      },
    },
  },
});
