// Decisions drawn and shown with dmn-js; its bpmn.io watermark is part of every picture and stays.
import Modeler from "dmn-js/lib/Modeler";
import Viewer from "dmn-js/lib/NavigatedViewer";
import { told } from "./tongue.ts";
import "dmn-js/dist/assets/diagram-js.css";
import "dmn-js/dist/assets/dmn-js-shared.css";
import "dmn-js/dist/assets/dmn-js-drd.css";
import "dmn-js/dist/assets/dmn-js-decision-table.css";
import "dmn-js/dist/assets/dmn-js-decision-table-controls.css";
import "dmn-js/dist/assets/dmn-js-literal-expression.css";
import "dmn-js/dist/assets/dmn-js-boxed-expression.css";
import "dmn-js/dist/assets/dmn-js-boxed-expression-controls.css";
import "dmn-js/dist/assets/dmn-font/css/dmn.css";

export interface View { element: { id?: string; name?: string }; id: string; name?: string; type: string }
export interface Table {
  importXML: (text: string) => Promise<unknown>;
  saveXML: (how: { format: boolean }) => Promise<{ xml: string }>;
  getViews: () => View[];
  getActiveView: () => View | undefined;
  getActiveViewer: () => { get: (name: string, strict?: boolean) => any; on: (name: string, does: () => void) => void } | undefined;
  open: (view: View) => Promise<unknown>;
  on: (name: string, does: (event: any) => void) => void;
  destroy: () => void;
}

const NEWER = /https:\/\/www\.omg\.org\/spec\/DMN\/(?:20211108|20230324)\/MODEL\//g;
const DRAWS = "https://www.omg.org/spec/DMN/20191111/MODEL/"; // the version of the words that dmn-js reads
const BEYOND = /<(?:\w+:)?(?:conditional|filter|for|some|every|iterator)[\s>]/;

/** Return a model as dmn-js reads it, or nothing where it says what dmn-js would drop. */
export const readable = (text: string): string | null => (BEYOND.test(text) ? null : text.replace(NEWER, DRAWS));

/** Open decisions in a box, to be drawn or only to be looked at. */
export function open(box: HTMLElement, edit: boolean): Table {
  const speaks = { additionalModules: [{ translate: ["value", told] }] }; // each view has its own modules
  const views = { drd: speaks, decisionTable: speaks, literalExpression: speaks, boxedExpression: speaks };
  const how = { container: box, keyboard: { bindTo: box }, ...views };
  return (edit ? new Modeler(how) : new Viewer(how)) as unknown as Table;
}
