// What the diagram libraries need to live under a policy without inline styles: done while they are built, and seen to be done.

interface Made { code: string; map: null }
interface Plugin { name: string; enforce: "pre"; transform: (code: string, id: string) => Made | undefined }

/** Each change: which file, what for, and how; a file that no longer has the passage fails the build. */
const CHANGES: [RegExp, (code: string) => string][] = [
  // CodeMirror writes a <style>; a constructed sheet says the same and is no inline style.
  [/\/style-mod\/src\/style-mod\.js$/, (code) => code.replace("if (!root.head && root.adoptedStyleSheets", "if (root.adoptedStyleSheets")],
  // The icons' style attributes become attributes of the drawing.
  [/\/(?:Align|Distribute)ElementsIcons\.js$/, (code) => code.replace(/ style="([^"]*)"/g, (_, told: string) =>
    told.split(";").filter(Boolean).map((one) => { const [name, value] = one.split(":"); return ` ${name!.trim()}="${value!.trim()}"`; }).join(""))],
  // What is made from text carries its styles by the style object, also the libraries' own watermark, which stays as it is.
  [/\/min-dom\/dist\/index\.js$/, (code) => code.replace(/export \{ default as domify \} from 'domify';/, `export { domify } from "/src/models/domify.ts";`)],
  // One font format is enough for every browser that the console supports.
  [/\/(?:bpmn|dmn)-font\/css\/(?:bpmn|dmn)\.css$/, (code) => code.replace(/src: url\([^;]*eot[^;]*;\s*src: [^;]*?(url\('[^']*woff2[^']*'\) format\('woff2'\))[^;]*;/, "src: $1;").replace(/\?\d+/g, "")],
];

/** The plugin for the build. */
export function strict(): Plugin {
  return {
    name: "strict",
    enforce: "pre",
    transform(code, id) {
      const path = id.split("?")[0]!;
      for (const [file, change] of CHANGES) {
        if (!file.test(path)) continue;
        const made = change(code);
        if (made === code) throw new Error(`${path} no longer holds what src/models/strict.ts changes: read it again`);
        return { code: made, map: null };
      }
      return undefined;
    },
  };
}
