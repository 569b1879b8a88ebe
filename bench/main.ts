import { budgets } from "./budgets.js";
import { type MeasureOptions, measure } from "./figures.js";
import { table } from "./table.js";

/** Measures and prints. @returns the exit code: 1 where a budget is exceeded, named on standard error */
export async function bench(options: MeasureOptions & { json: boolean }): Promise<number> {
  const figures = await measure(options);
  const held = budgets(figures);
  options.progress("");
  process.stdout.write(
    options.json ? `${JSON.stringify({ ...figures, budgets: held }, null, 2)}\n` : table(figures, held),
  );
  const exceeded = held.filter(({ within }) => !within);
  for (const { figure, value, limit } of exceeded)
    process.stderr.write(`bench: budget exceeded: ${figure} is ${value}, expected at most ${limit}\n`);
  return exceeded.length > 0 ? 1 : 0;
}
