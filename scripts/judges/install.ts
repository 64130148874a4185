import { GO_TOOLS } from './go-tools.ts';
import { PYTHON_TOOLS } from './python-tools.ts';
import { clearStamp, writeStamp } from './stamp.ts';
import type { Tool } from './tool.ts';

const toSeconds = (started: number): string => `${Math.round((performance.now() - started) / 1000)} s`;

const installOne = async (tool: Tool): Promise<void> => {
	const started = performance.now();
	clearStamp(tool.name);
	await tool.install();
	writeStamp(tool.name, tool.stamp);
	console.log(`installed ${tool.what} in ${toSeconds(started)}`);
};

/** One after another: Go already uses every core, and shares what two of them have in common through its cache. */
const installInTurn = async (tools: readonly Tool[]): Promise<void> => {
	for (const tool of tools) await installOne(tool);
};

/** Installs what of these is missing. @throws Error when something cannot be installed */
export const installTools = (tools: readonly Tool[]): Promise<void> =>
	installInTurn(tools.filter((tool) => !tool.isInstalled()));

/**
 * Installs what is missing or made from something else than is asked for now; nothing where all is there.
 * @throws Error when something cannot be installed; what was installed before stays
 */
export const installJudges = async (): Promise<void> => {
	const missing = [...GO_TOOLS, ...PYTHON_TOOLS].filter((tool) => !tool.isInstalled());
	if (missing.length === 0) return;
	const started = performance.now();
	console.log(`Installing ${missing.map(({ name }) => name).join(', ')}: some minutes, once`);
	const isPython = (tool: Tool): boolean => PYTHON_TOOLS.includes(tool);
	await Promise.all([
		installInTurn(missing.filter((tool) => !isPython(tool))),
		installInTurn(missing.filter(isPython)),
	]);
	console.log(`Installed all in ${toSeconds(started)}`);
};
