// The one wrapper around ECharts: SVG, no words of its own, colours from the page, styles that a strict policy lets through.
import * as echarts from "echarts/core";
import { LineChart } from "echarts/charts";
import { GridComponent, MarkAreaComponent, MarkLineComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";
import { clock, number } from "../text.ts";
import { say } from "../words.ts";
import { axis, TICKS, tick } from "./axis.ts";
import { gaps, step, type Ahead, type Seen, type Series } from "./data.ts";

echarts.use([LineChart, GridComponent, MarkLineComponent, MarkAreaComponent, SVGRenderer]);

export interface Drawn { show(series: Series, cursor: number | null): void; size(): void; end(): void; momentAt(x: number): number | null }

const colour = (on: Element, name: string) => getComputedStyle(on).getPropertyValue(name).trim();

/** Draw into a box of the page; the box carries the spoken sentence, the drawing itself is silent. */
export function draw(box: HTMLElement): Drawn {
  const chart = echarts.init(box, null, { renderer: "svg" });
  return {
    show: (series, at) => chart.setOption(option(box, series, at), { notMerge: true }),
    size: () => chart.resize(),
    end: () => chart.dispose(),
    momentAt: (x) => (chart.containPixel("grid", [x, 60]) ? Number(chart.convertFromPixel({ xAxisIndex: 0 }, x)) : null),
  };
}

/** Break the line where nothing was heard. */
function broken(seen: readonly Seen[]): (number | null)[][] {
  const most = 3 * step(seen);
  return seen.flatMap(([at, value], i) => {
    const next = seen[i + 1]?.[0];
    return next !== undefined && next - at > most ? [[at, value], [at + 1, null]] : [[at, value]];
  });
}

function option(box: HTMLElement, s: Series, at: number | null): echarts.EChartsCoreOption {
  const [ink, ink2, line, info, crit, band, other] = ["--ink", "--ink-2", "--line", "--info", "--crit", "--band", "--series-2"].map((n) => colour(box, n)) as string[];
  const values = [...s.seen.map((x) => x[1]), ...s.ahead.flatMap((a) => [a.low, a.high]), ...(s.other ?? []).flatMap((a) => [a.low, a.high])];
  const [low, high] = values.length ? [Math.min(...values), Math.max(...values)] : [0, 1];
  const room = Math.max(high - low, 0.1);
  const marks = s.marks.filter((m) => m.value > low - room && m.value < high + room);
  const edges = [low, high, ...marks.map((m) => m.value)];
  const { min, max, digits } = axis(edges);
  const text = { color: ink2, fontSize: 12, fontFamily: getComputedStyle(box).fontFamily };
  return {
    animation: false,
    grid: { left: 44, right: 12, top: 10, bottom: 24 },
    xAxis: { type: "time", axisLine: { lineStyle: { color: line } }, axisTick: { lineStyle: { color: line } }, splitNumber: Math.max(2, Math.floor(box.clientWidth / 90)),
      axisLabel: { ...text, hideOverlap: true, formatter: (v: number) => clock(v) } },
    yAxis: { type: "value", min, max, splitNumber: TICKS, splitLine: { lineStyle: { color: line } },
      axisLabel: { ...text, showMinLabel: false, showMaxLabel: false, formatter: (v: number) => tick(v, digits) } },
    series: [
      ...fan(s.ahead, band!, info!, "a", [6, 4]),
      ...(s.other ? fan(s.other, "transparent", other!, "b", [2, 3]) : []),
      {
        type: "line", data: broken(s.seen), symbol: "none", silent: true, connectNulls: false, lineStyle: { color: ink, width: 1.5 }, z: 4,
        markLine: { symbol: "none", silent: true, animation: false, data: [
          ...[...marks].sort((a, b) => b.value - a.value).map((m, i) => ({ yAxis: m.value, lineStyle: { color: crit, width: 1, type: "solid" }, label: { ...text, color: crit, formatter: `${m.name} ${number(m.value)}`, position: i && i === marks.length - 1 ? "insideStartBottom" : "insideStartTop" } })), // the lowest is told below its line
          { xAxis: s.now, lineStyle: { color: ink2, width: 1, type: "dotted" }, label: { show: false } },
          ...(at === null ? [] : [{ xAxis: at, lineStyle: { color: colour(box, "--accent"), width: 2, type: "solid" }, label: { show: false } }]),
        ] },
        markArea: { silent: true, itemStyle: { color: line, opacity: 0.55 }, label: { ...text, position: "insideTop" },
          data: gaps(s.seen, s.now).map(([from, to]) => [{ xAxis: from, name: say("gap") }, { xAxis: to }]) },
      },
      { type: "line", data: s.seen.filter((x) => x[2]).map(([t, v]) => [t, v]), symbol: "diamond", symbolSize: 8, silent: true, lineStyle: { width: 0, opacity: 0 },
        itemStyle: { color: "transparent", borderColor: ink, borderWidth: 1.5 }, z: 5 },
    ],
  };
}

/** The band is the low edge plus what lies between the edges, stacked. */
function fan(ahead: readonly Ahead[], fill: string, stroke: string, stack: string, dash: number[]): object[] {
  const silent = { type: "line", symbol: "none", silent: true };
  return [
    { ...silent, stack, stackStrategy: "all", data: ahead.map((a) => [a.at, a.low]), lineStyle: { opacity: 0 }, z: 1 },
    { ...silent, stack, stackStrategy: "all", data: ahead.map((a) => [a.at, a.high - a.low]), lineStyle: { opacity: 0 }, areaStyle: { color: fill, opacity: 1 }, z: 1 },
    { ...silent, data: ahead.map((a) => [a.at, a.mid]), lineStyle: { color: stroke, width: 2, type: dash }, z: 3 },
  ];
}
