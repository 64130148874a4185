import { findExecutable, run } from '@slipway/process';
import type { Check, Examination } from './examination.ts';
import { bad, good, type Observation } from './observation.ts';

const MIN_NODE = 24;
const PLACES: Readonly<Record<string, string>> = {
	npm: 'Install Node.js with npm: consumers are looked through by their own client.',
	git: 'Install git: the source commit, the protected branch and journals in branches need it.',
};

const checkNode = (): Observation => {
	const { node } = process.versions;
	if (Number(node.split('.')[0]) >= MIN_NODE) return good('node', node);
	return bad('error', 'TOOL_OLD', {
		about: 'node',
		message: `expected Node.js ${MIN_NODE} or newer, got ${node}`,
		action: `Run with Node.js ${MIN_NODE} or newer.`,
	});
};

const readVersion = async (tool: string, { project, context }: Examination): Promise<Observation> => {
	const { environment } = project.door;
	const path = findExecutable(tool, environment.PATH ?? environment.Path);
	const action = PLACES[tool] ?? `Install ${tool}.`;
	if (!path)
		return bad('warning', 'TOOL_MISSING', { about: tool, message: `${tool} is not installed`, action });
	const { code, stdout } = await run([path, '--version'], {
		cwd: project.folder,
		environment: { PATH: environment.PATH, HOME: environment.HOME },
		timeoutMs: 2000,
		signal: context.signal,
	});
	if (code === 0) return good(tool, stdout.trim().replace(/^git version /, ''));
	return bad('warning', 'TOOL_MISSING', { about: tool, message: `${tool} does not run`, action });
};

const TOOLS = ['git', 'npm'];

/** What runs here: Node.js, git, npm. */
export const checkTools: Check = {
	about: 'tools',
	look: async (examination) => [
		checkNode(),
		...(await Promise.all(TOOLS.map((tool) => readVersion(tool, examination)))),
	],
};
