// The words of the diagram libraries in Chinese; what is not listed stays as they say it.
import { lang } from "../words.ts";
import { TABLES } from "./tables.ts";

const ZH: Record<string, string> = {
  "Activate hand tool": "抓手", "Activate lasso tool": "框选", "Activate create/remove space tool": "增减空间", "Activate global connect tool": "连线",
  "Create start event": "开始事件", "Create intermediate/boundary event": "中间或边界事件", "Create end event": "结束事件", "Create gateway": "网关", "Create task": "任务",
  "Create expanded sub-process": "子流程", "Create data object reference": "数据对象", "Create data store reference": "数据存储", "Create pool/participant": "泳池", "Create group": "分组",
  "Append end event": "追加结束事件", "Append gateway": "追加网关", "Append task": "追加任务", "Append intermediate/boundary event": "追加中间事件", "Append element": "追加元素",
  "Change element": "更改类型", "Change type": "更改类型", "Connect to other element": "连接到其他元素", "Connect using association": "关联", "Add text annotation": "添加注释", "Delete": "删除", "Remove": "删除",
  "Task": "任务", "User task": "用户任务", "Service task": "服务任务", "Send task": "发送任务", "Receive task": "接收任务", "Manual task": "手工任务", "Business rule task": "规则任务", "Script task": "脚本任务", "Call activity": "调用活动",
  "Sub-process (collapsed)": "子流程(折叠)", "Sub-process (expanded)": "子流程(展开)", "Sub-process": "子流程", "Event sub-process": "事件子流程", "Transaction": "事务", "Ad-hoc sub-process": "即席子流程",
  "Exclusive gateway": "排他网关", "Parallel gateway": "并行网关", "Inclusive gateway": "包容网关", "Complex gateway": "复杂网关", "Event-based gateway": "事件网关",
  "Start event": "开始事件", "End event": "结束事件", "Intermediate throw event": "中间抛出事件", "Message start event": "消息开始事件", "Timer start event": "定时开始事件", "Conditional start event": "条件开始事件", "Signal start event": "信号开始事件",
  "Message intermediate catch event": "消息捕获事件", "Message intermediate throw event": "消息抛出事件", "Timer intermediate catch event": "定时捕获事件", "Timer boundary event": "定时边界事件", "Timer boundary event (non-interrupting)": "定时边界事件(不中断)",
  "Message boundary event": "消息边界事件", "Error boundary event": "错误边界事件", "Error end event": "错误结束事件", "Terminate end event": "终止结束事件", "Message end event": "消息结束事件", "Escalation boundary event": "升级边界事件",
  "Sequence flow": "连线", "Default flow": "默认连线", "Conditional flow": "条件连线", "Parallel multi-instance": "并行多实例", "Sequential multi-instance": "顺序多实例", "Loop": "循环",
  "Search": "搜索", "No matching entries found": "没有匹配项", "Align elements": "对齐", "Distribute elements horizontally": "水平分布", "Distribute elements vertically": "垂直分布", "no diagram to display": "文件中没有图形",
};

/** Say a library's sentence in the reader's language, with its gaps filled. */
export function told(text: string, gaps: Record<string, string> = {}): string {
  const said = lang === "zh" ? (ZH[text] ?? TABLES[text] ?? text) : text;
  return said.replace(/{ ?([^} ]+) ?}/g, (whole, name: string) => gaps[name] ?? whole);
}
