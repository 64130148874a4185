// What jest prints in CI: suites that failed, whole, and nothing of those that passed, so that the log says what broke.
const toPath = (rootDir, path) => (path.startsWith(rootDir) ? path.slice(rootDir.length + 1) : path);

export default class QuietReporter {
	constructor({ rootDir }) {
		this.rootDir = rootDir;
	}

	onTestResult(_test, { testFilePath, failureMessage, perfStats, numPassingTests, console: printed }) {
		for (const { message } of printed ?? []) if (message.includes('SKIPPED')) console.error(message);
		if (!failureMessage) return;
		const seconds = Math.round(perfStats.runtime / 1000);
		const path = toPath(this.rootDir, testFilePath);
		console.error(`FAIL ${path} (${seconds} s, ${numPassingTests} others passed)\n${failureMessage}`);
	}

	onRunComplete(_contexts, { numPassedTestSuites, numTotalTestSuites, startTime }) {
		const seconds = Math.round((Date.now() - startTime) / 1000);
		console.error(`${numPassedTestSuites} of ${numTotalTestSuites} suites passed in ${seconds} s`);
	}
}
