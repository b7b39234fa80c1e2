// What feelin (npm) comes to on the same expressions and the same table: one JSON line a figure.
// Standard input: {"seconds", "expressions": {name: [text, context]}, "table": {"inputs", "rows"},
// "given": [contexts]}. Rates are by this process's own processor time.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const { evaluate, unaryTest } = createRequire(`${process.argv[2]}/package.json`)("feelin");
const told = JSON.parse(readFileSync(0, "utf-8"));

function rate(work) {
  work(0);
  const began = process.cpuUsage();
  for (let count = 1; ; count += 1) {
    work(count);
    const { user, system } = process.cpuUsage(began);
    if (user + system > told.seconds * 1e6) return (count * 1e6) / (user + system);
  }
}

function value(answer) {
  return answer !== null && typeof answer === "object" && "value" in answer ? answer.value : answer;
}

function decide(given) {
  const row = told.table.rows.find((cells) =>
    told.table.inputs.every(
      (name, at) => cells[at] === "-" || value(unaryTest(cells[at], { ...given, "?": given[name] })),
    ),
  );
  return row === undefined ? null : value(evaluate(row[told.table.inputs.length], given));
}

const figures = Object.entries(told.expressions).map(([name, [text, context]]) => ({
  name,
  value: JSON.parse(JSON.stringify(value(evaluate(text, context)))),
  rate: rate(() => evaluate(text, context)),
}));
const answers = told.given.map(decide);
const table = { name: "table", value: answers, rate: rate((n) => decide(told.given[n % told.given.length])) };
for (const figure of [...figures, table]) console.log(JSON.stringify(figure));
