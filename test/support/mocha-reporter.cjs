/** A mocha reporter for test/run.mjs: one line of JSON at the end. */
const { reporters, Runner } = require("mocha");
const { EVENT_RUN_END, EVENT_TEST_FAIL } = Runner.constants;

module.exports = class Counts extends reporters.Base {
  constructor(runner, options) {
    super(runner, options);
    const failures = [];
    runner.on(EVENT_TEST_FAIL, (test, error) =>
      failures.push({
        name: test.titlePath().join(" › "),
        error: error.stack ?? String(error.message ?? error),
      }),
    );
    runner.on(EVENT_RUN_END, () => {
      const { passes, pending } = this.stats;
      const line = { passed: passes, failed: failures.length, skipped: pending, failures };
      process.stdout.write(`\n${JSON.stringify(line)}\n`);
    });
  }
};
