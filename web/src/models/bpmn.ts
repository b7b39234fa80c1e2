// Processes drawn and shown with bpmn-js; its bpmn.io watermark is part of every picture and stays.
import Modeler from "bpmn-js/lib/Modeler";
import Viewer from "bpmn-js/lib/NavigatedViewer";
import zeebe from "zeebe-bpmn-moddle/resources/zeebe.json";
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "bpmn-js/dist/assets/bpmn-font/css/bpmn.css";
import { told } from "./tongue.ts";

const colours = { defaultFillColor: "var(--raised)", defaultStrokeColor: "var(--ink)", defaultLabelColor: "var(--ink)" };
const speaks = { translate: ["value", told] };

export type Canvas = InstanceType<typeof Viewer>;

/** Open a process in a box, to be drawn or only to be looked at. */
export function open(box: HTMLElement, edit: boolean): Canvas {
  const how = { container: box, moddleExtensions: { zeebe }, bpmnRenderer: colours, textRenderer: { defaultStyle: { fontFamily: "inherit" } }, additionalModules: [speaks] };
  return edit ? (new Modeler(how) as unknown as Canvas) : new Viewer(how);
}
