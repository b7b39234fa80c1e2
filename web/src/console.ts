// The door that pages link: the styles at once, the rest in one step, so that no later part asks for this file by another name.
import "./style/tokens.css";
import "./style/base.css";
import "./style/shell.css";
import "./style/panels.css";

void import("./main.ts");
