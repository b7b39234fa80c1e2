// What can be said of a drawn element beyond its shape: each field read from the drawing, and written into it as one step that can be undone.
import type { Key } from "../words.ts";

/* eslint-disable @typescript-eslint/no-explicit-any -- the libraries describe their elements at run time only */
type Any = any;
export interface Field { word: Key; value: string; set: (told: string) => void; long?: boolean }
export interface Tools { modeling: Any; factory: Any; root: Any }

const is = (bo: Any, type: string): boolean => Boolean(bo?.$instanceOf?.(type));

/** The fields of an element. */
export function fields(element: Any, tools: Tools): Field[] {
  const bo = element.businessObject;
  const found: Field[] = is(bo, "bpmn:Collaboration") ? [] : [{ word: "m_name", value: bo.name ?? "", set: (name) => tools.modeling.updateProperties(element, { name }) }];
  for (const [type, words] of EXTENSIONS) if (is(bo, type)) for (const [kind, prop, word, formula] of words) found.push(extension(element, tools, kind, prop, word, formula));
  if (is(bo, "bpmn:Process")) found.push(approvers(element, tools));
  if (is(bo, "bpmn:SequenceFlow") && (is(bo.sourceRef, "bpmn:ExclusiveGateway") || is(bo.sourceRef, "bpmn:InclusiveGateway"))) found.push(condition(element, tools, bo, "conditionExpression"));
  if (is(bo, "bpmn:ReceiveTask") || is(bo, "bpmn:SendTask")) found.push(...shared(element, tools, bo, "message"));
  for (const event of bo.eventDefinitions ?? []) found.push(...trigger(element, tools, event));
  return found;
}

type Told = [kind: string, prop: string, word: Key, formula?: boolean];
const EXTENSIONS: [string, Told[]][] = [
  ["bpmn:UserTask", [["zeebe:AssignmentDefinition", "candidateGroups", "m_groups"], ["zeebe:AssignmentDefinition", "assignee", "m_assignee"], ["zeebe:FormDefinition", "formId", "m_form"]]],
  ["bpmn:ServiceTask", [["zeebe:TaskDefinition", "type", "m_topic"]]],
  ["bpmn:SendTask", [["zeebe:TaskDefinition", "type", "m_topic"]]],
  ["bpmn:ScriptTask", [["zeebe:Script", "expression", "m_script", true], ["zeebe:Script", "resultVariable", "m_result"]]],
  ["bpmn:BusinessRuleTask", [["zeebe:CalledDecision", "decisionId", "m_decision"], ["zeebe:CalledDecision", "resultVariable", "m_result"]]],
  ["bpmn:CallActivity", [["zeebe:CalledElement", "processId", "m_called"]]],
];

/** FEEL stands behind an equals sign; people write it without. */
const shown = (told: string): string => told.replace(/^=\s*/, "");
const formulaOf = (told: string): string => (told.trim() ? `=${shown(told.trim())}` : "");

function extension(element: Any, tools: Tools, kind: string, prop: string, word: Key, formula = false): Field {
  const bo = element.businessObject;
  const here = bo.extensionElements?.values?.find((one: Any) => is(one, kind));
  const value = String(here?.get(prop) ?? "");
  return { word, value: formula ? shown(value) : value, long: formula, set: (told) => extend(element, tools, kind, { [prop]: (formula ? formulaOf(told) : told.trim()) || undefined }) };
}

function extend(element: Any, tools: Tools, kind: string, props: Any): void {
  const bo = element.businessObject;
  const values: Any[] = bo.extensionElements?.values ?? [];
  const here = values.find((one) => is(one, kind));
  if (here) return tools.modeling.updateModdleProperties(element, here, props);
  const made = tools.factory.create(kind, props);
  const box = tools.factory.create("bpmn:ExtensionElements", { values: [...values, made] });
  for (const one of box.values) one.$parent = box;
  box.$parent = bo;
  tools.modeling.updateModdleProperties(element, bo, { extensionElements: box });
}

/** How many people must say yes before a version holds. */
function approvers(element: Any, tools: Tools): Field {
  const box = element.businessObject.extensionElements?.values?.find((one: Any) => is(one, "zeebe:Properties"));
  const here = box?.properties?.find((one: Any) => one.name === "approvers");
  return { word: "m_approvers", value: String(here?.value ?? ""), set: (told) => {
    const others = (box?.properties ?? []).filter((one: Any) => one !== here);
    const own = told.trim() ? [tools.factory.create("zeebe:Property", { name: "approvers", value: told.trim() })] : [];
    extend(element, tools, "zeebe:Properties", { properties: [...others, ...own] });
  } };
}

function condition(element: Any, tools: Tools, of: Any, prop: string): Field {
  return { word: "m_condition", value: shown(String(of.get(prop)?.body ?? "")), long: true, set: (told) => {
    const body = formulaOf(told);
    tools.modeling.updateModdleProperties(element, of, { [prop]: body ? tools.factory.create("bpmn:FormalExpression", { body }) : undefined });
  } };
}

const TIMES = [["timeDuration", "m_duration"], ["timeDate", "m_date"], ["timeCycle", "m_cycle"]] as const;
const NAMED = { "bpmn:MessageEventDefinition": "message", "bpmn:SignalEventDefinition": "signal", "bpmn:ErrorEventDefinition": "error", "bpmn:EscalationEventDefinition": "escalation" } as const;

function trigger(element: Any, tools: Tools, event: Any): Field[] {
  if (is(event, "bpmn:TimerEventDefinition")) return TIMES.map(([prop, word]) => ({ word, value: String(event.get(prop)?.body ?? ""), set: (told) =>
    tools.modeling.updateModdleProperties(element, event, { [prop]: told.trim() ? tools.factory.create("bpmn:FormalExpression", { body: told.trim() }) : undefined }) }));
  if (is(event, "bpmn:ConditionalEventDefinition")) return [condition(element, tools, event, "condition")];
  const kind = Object.entries(NAMED).find(([type]) => is(event, type))?.[1];
  return kind ? shared(element, tools, event, kind) : [];
}

/** A message, signal, error or escalation is declared once in the file and referred to. */
function shared(element: Any, tools: Tools, of: Any, kind: "message" | "signal" | "error" | "escalation"): Field[] {
  const ref = `${kind}Ref`, here = of.get(ref);
  const code = kind === "error" || kind === "escalation" ? { [`${kind}Code`]: "" } : {};
  const named: Field = { word: `m_${kind}`, value: String(here?.name ?? ""), set: (told) => {
    const name = told.trim(), known = tools.root.rootElements.find((one: Any) => is(one, TYPES[kind]) && one.name === name);
    const made = known ?? (name ? tools.factory.create(TYPES[kind], { name, ...Object.fromEntries(Object.keys(code).map((one) => [one, name])) }) : undefined);
    if (made && !known) { made.$parent = tools.root; tools.root.rootElements.push(made); }
    tools.modeling.updateModdleProperties(element, of, { [ref]: made });
  } };
  return kind === "message" && here ? [named, correlation(element, tools, here)] : [named];
}
const TYPES = { message: "bpmn:Message", signal: "bpmn:Signal", error: "bpmn:Error", escalation: "bpmn:Escalation" } as const;

/** Which case a message belongs to. */
function correlation(element: Any, tools: Tools, message: Any): Field {
  const here = message.extensionElements?.values?.find((one: Any) => is(one, "zeebe:Subscription"));
  return { word: "m_key", value: shown(String(here?.correlationKey ?? "")), set: (told) => {
    const made = tools.factory.create("zeebe:Subscription", { correlationKey: formulaOf(told) });
    const rest = (message.extensionElements?.values ?? []).filter((one: Any) => one !== here);
    const box = tools.factory.create("bpmn:ExtensionElements", { values: [...rest, made] });
    made.$parent = box; box.$parent = message;
    tools.modeling.updateModdleProperties(element, message, { extensionElements: box });
  } };
}
