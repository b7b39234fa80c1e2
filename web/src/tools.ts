// The two buttons that only a page with script has: commands and keys, put beside the page's own tools.
import { openKeys, openPalette } from "./palette.ts";
import { say } from "./words.ts";

/** Put the buttons into the header's tools. */
export function addTools(): void {
  const tools = document.querySelector("header .tools");
  if (!tools) return;
  for (const [word, hint, run] of [[say("palette"), "Ctrl K", openPalette], [say("keys"), "?", openKeys]] as const) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `btn small wall-hide${run === openKeys ? " keyed" : ""}`;
    button.textContent = word;
    button.title = hint;
    button.addEventListener("click", run);
    tools.append(button);
  }
}
