// Every sentence the elements say, in both languages; one key, two words, no gaps.
const SAID = {
  act_now: ["立即处置", "Act now"], act: ["处置", "Act"], look: ["关注", "Look"], notice: ["提示", "Notice"], calm_sev: ["正常", "Calm"],
  alerts: ["告警", "Alerts"], calm: ["目前无需关注。", "Nothing needs attention."],
  map: ["态势图", "Situation map"], map_keys: ["方向键平移，加减号缩放。图上所有内容都在旁边的列表里。", "Arrow keys move, plus and minus zoom. Everything on the map is also in the list beside it."],
  no_base: ["底图无法读取：", "The base map cannot be read:"], uploading: ["上传中", "Sending"],
  no_map: ["此浏览器无法绘制地图，请使用列表。", "This browser cannot draw the map; use the list."],
  schematic: ["示意", "schematic"], reach: ["河段（示意）", "River reach (schematic)"], thing: ["正常的物", "Thing, calm"], cluster: ["多处告警，取最重等级", "Several alerts, the gravest shown"],
  zoom_in: ["放大", "Zoom in"], zoom_out: ["缩小", "Zoom out"], whole: ["全城", "Whole city"], legend: ["图例", "Legend"],
  list: ["列表", "List"], show_list: ["以列表显示", "Show as a list"], show_map: ["以地图显示", "Show as a map"],
  now: ["现在", "now"], live: ["实时", "Live"], past: ["回看", "Past"], future: ["推演侧", "Ahead"], lag: ["数据延迟", "data age"],
  to_now: ["回到现在", "Back to now"], play: ["播放", "Play"], pause: ["暂停", "Pause"], speed: ["倍速", "Speed"], time: ["时间光标", "Time cursor"],
  lost: ["连接中断，正在重连；页面停在最后所知。", "Connection lost, trying again; the page shows the last known."], back: ["连接已恢复，未漏事件。", "Connected again; nothing was missed."],
  table: ["数据表", "Table"], at: ["时刻", "Time"], value: ["数值", "Value"], low: ["下界", "Low"], mid: ["中位", "Middle"], high: ["上界", "High"], seen: ["观测", "Observed"], ahead: ["推演", "Forecast"], band: ["90 % 区间", "90 % interval"],
  no_data: ["尚无数据。", "Nothing was heard yet."], gap: ["数据中断", "data gap"], until: ["至", "until"],
  why: ["为什么", "Why"], chain: ["因果链", "Chain of causes"], then: ["后续", "What followed"], proof: ["默克尔证明", "Merkle proof"], evidence: ["依据", "Evidence"], skill: ["至今得分", "Skill so far"], versions: ["模型与参数版本", "Model and parameter versions"], options: ["比选方案", "Weighed alternatives"],
  ack: ["确认", "Acknowledge"], acked_by: ["已确认：", "acknowledged by"], expires: ["有效至", "until"], silence: ["静默", "Silence"], owner: ["责任人", "Owner"], escalate: ["升级", "Escalate"], note: ["理由", "Reason"], name: ["姓名", "Name"], for_how_long: ["多久", "For how long"],
  severity: ["等级", "Severity"], kind: ["类别", "Kind"], place: ["地点", "Place"], search: ["搜索", "Search"], all: ["全部", "All"], state: ["状态", "State"], open: ["未确认", "open"], acked: ["已确认", "acknowledged"], silenced: ["已静默", "silenced"], more: ["更多", "more"],
  filter: ["筛选", "Filter"], shown: ["显示", "shown"], of: ["共", "of"], loop: ["回路", "Loop"], confidence: ["置信", "confidence"],
  waiting: ["待批行动", "Waiting for a decision"], none_waiting: ["没有待批的行动。", "No action waits for a decision."], approve: ["批准", "Approve"], refuse: ["驳回", "Refuse"], undo: ["撤回", "Take back"], effect: ["效果：采取与不采取", "Effect: with and without"], with_it: ["采取", "with"], without_it: ["不采取", "without"],
  two: ["需要两人批准", "needs two people"], left: ["剩余", "left"], expired: ["已过期", "expired"], due: ["时限已到", "time is up"], batch: ["批量", "Batch"], chosen: ["已选", "chosen"], type_name: ["请输入名称以确认：", "Type this name to confirm:"], decided: ["决定已记录。", "The decision was written down."], promise: ["承诺", "Promise"],
  not_signed: ["请先登录，填写的内容已保留。", "Please sign in first; what you typed is kept."], sign_in: ["登录", "Sign in"], role_short: ["你的角色不能做这件事。", "Your role may not do this."],
  fork: ["从此刻分岔", "Fork from this moment"], rain: ["降雨", "Rain"], tide: ["潮位", "Tide"], hours: ["时长（小时）", "Hours ahead"], plan: ["方案", "Plan"], gates: ["闸泵设定", "Gate and pump settings"], start: ["开始推演", "Run"], cancel: ["取消", "Cancel"], running: ["推演中", "Running"], done: ["完成", "Done"], failed: ["失败", "Failed"], cancelled: ["已取消", "Cancelled"], share: ["复制链接", "Copy link"], copied: ["链接已复制。", "Link copied."], beside: ["与之并排", "Lay beside"], difference: ["差值", "Difference"], future_a: ["推演甲", "Future A"], future_b: ["推演乙", "Future B"], keep: ["保留", "Keep"],
  waiting_job: ["排队中", "Waiting"], without_change: ["不作改变", "As it is"],
  cards: ["成绩单", "Score cards"], lessons: ["经验", "Lessons"], apps: ["应用与等级资格", "Apps and tiers"], app: ["应用", "App"], drift: ["漂移", "Drift"], worse: ["变差", "worse"], calibration: ["校准曲线", "calibration"], taken: ["已采纳", "taken"], proposed: ["提议", "proposed"], judges: ["判断", "judges"], acts: ["行动", "acts"], learns: ["学习", "learns"], choose: ["请在图上或列表中选择。", "Choose on the map or in the list."],
  decide: ["去审批", "Decide"], cost: ["平均代价", "Mean cost"], mean: ["平均", "mean"], tail: ["最坏情形", "bad case"],
  kept: ["承诺兑现", "promise kept"], broken: ["承诺未兑现", "promise broken"],
  palette: ["命令", "Commands"], palette_hint: ["输入地点、页面或命令", "Type a place, a page or a command"], keys: ["快捷键", "Keys"], close: ["关闭", "Close"], go: ["前往", "Go to"], theme: ["明暗切换", "Light or dark"], language: ["English", "中文"], wall: ["大屏模式", "Wall mode"], nothing_found: ["没有找到。", "Nothing found."],
  tour: ["五步上手", "Five steps"], step: ["步骤", "Step"], next: ["下一步", "Next"], previous: ["上一步", "Back"], finish: ["完成", "Finish"], skip: ["跳过", "Skip"],
  tour1: ["看一条告警：在列表里选中最上面的一条。", "See an alert: choose the first in the list."], tour2: ["读为什么：打开它的因果链。", "Read why: open its chain of causes."], tour3: ["看一小时之后：把时间光标拖到未来。", "Look an hour ahead: move the time cursor into the future."], tour4: ["批准或驳回：写下理由。", "Approve or refuse: write your reason."], tour5: ["回放：回到风暴开始，按 ×60 播放。", "Replay: go back to the start and play at ×60."],
  rotating: ["轮播", "rotating"], held: ["有紧急告警，停止轮播", "held: a critical alert is open"], loading: ["正在读取…", "Reading…"], refused_by: ["服务未答复：", "The city did not answer:"], again: ["再试", "Try again"],
  m_fit: ["全图", "Fit"], m_drawing: ["图形", "Drawing"], m_save: ["保存草稿", "Save the draft"], m_saved: ["草稿已保存。", "The draft was saved."], m_undo: ["撤销", "Undo"], m_redo: ["重做", "Redo"], m_graph: ["需求图", "Requirements"],
  m_large: ["图形过大，浏览器不绘制；请使用列表与源文本。", "This drawing is too large for the browser; use the list and the source."], m_undrawn: ["无法绘制，请使用列表与源文本：", "It cannot be drawn; use the list and the source:"], m_beyond: ["含有 DMN 1.4 以上的表达式，编辑器会丢失它们；请编辑源文本。", "It holds forms of DMN 1.4 or later, which the editor would lose; edit the source."],
  m_kept: ["此浏览器保留了未保存的内容：", "This browser kept what was not saved:"], m_take: ["取回", "Take it"], m_leave: ["放弃", "Let it go"], m_details: ["属性", "Details"], m_name: ["名称", "Name"], m_groups: ["候选组（科室）", "Groups (who may do it)"], m_assignee: ["办理人", "Assignee"], m_form: ["表单", "Form"], m_topic: ["作业主题", "Topic of the job"],
  m_script: ["脚本（FEEL）", "Script (FEEL)"], m_result: ["结果变量", "Variable for the result"], m_decision: ["决定名称", "Decision"], m_called: ["所调用的流程", "Process that is called"], m_condition: ["条件（FEEL）", "Condition (FEEL)"], m_duration: ["时长（如 PT2H）", "Duration (PT2H)"], m_date: ["时刻", "Moment"], m_cycle: ["周期（如 R3/P1D）", "Cycle (R3/P1D)"],
  m_message: ["消息", "Message"], m_signal: ["信号", "Signal"], m_error: ["错误代码", "Error code"], m_escalation: ["升级代码", "Escalation code"], m_key: ["关联键（FEEL）", "Correlation key (FEEL)"], m_approvers: ["发布所需人数", "People who must say yes to a version"],
  minutes: ["分钟", "min"], seconds: ["秒", "s"], hour: ["小时", "h"],
} as const satisfies Record<string, readonly [string, string]>;

export type Key = keyof typeof SAID;
export type Lang = "zh" | "en";
export interface Words { zh: string; en: string }

export const lang: Lang = document.documentElement.lang.startsWith("en") ? "en" : "zh";
const side = lang === "zh" ? 0 : 1;

/** Say a sentence of the console in the reader's language. */
export const say = (key: Key): string => SAID[key][side];

/** Pick the reader's side of words that came as data; the other side where one is empty. */
export const pick = (words: Words | undefined): string => (words ? words[lang] || words.zh || words.en : "");
