import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runNicely } from './run-nicely.ts';
import { isStamped, JUDGES_FOLDER, toStamp } from './stamp.ts';
import type { Tool } from './tool.ts';

/** A program of others on PyPI. */
export interface PythonProject {
	readonly name: string;
	readonly version: string;
	/** Its command, where that is not called as the project is. */
	readonly command?: string;
}

const PROJECTS: readonly PythonProject[] = [
	{ name: 'sigstore', version: '4.5.1' },
	{ name: 'ntia-conformance-checker', version: '6.0.0', command: 'sbomcheck' },
];

/** A virtual environment for each: what one depends on cannot hold back the other. */
const toFolder = (name: string): string => join(JUDGES_FOLDER, 'python', name);

/** The versions of all that it depends on, as one that works had them. */
const toConstraints = (name: string): string => join(import.meta.dirname, 'constraints', `${name}.txt`);

/** Path of a command of a project. */
export const toCommand = (name: string, command: string = name): string =>
	join(toFolder(name), 'bin', command);

export const PYTHON_COMMANDS = {
	sigstore: toCommand('sigstore'),
	sbomcheck: toCommand('ntia-conformance-checker', 'sbomcheck'),
} as const;

export const PYTHON_VERSIONS: Readonly<Record<string, string>> = Object.fromEntries(
	PROJECTS.map(({ name, version }) => [name, version]),
);

const install = async (name: string, version: string): Promise<void> => {
	const folder = toFolder(name);
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	await runNicely(['python3', '-m', 'venv', folder]);
	const pip = join(folder, 'bin', 'pip');
	const quiet = ['--quiet', '--disable-pip-version-check', '--no-input'];
	const constraints = ['--constraint', toConstraints(name)];
	await runNicely([
		pip,
		'install',
		...quiet,
		...constraints,
		'--only-binary',
		':all:',
		`${name}==${version}`,
	]);
};

/** How a project is installed: its constraints lie in constraints/NAME.txt. */
export const toPythonTool = ({ name, version, command }: PythonProject): Tool => {
	const product = toCommand(name, command);
	const stamp = toStamp(readFileSync(toConstraints(name)), name, version, product);
	return {
		name,
		what: `${name}==${version}`,
		stamp,
		isInstalled: () => isStamped(name, { stamp, product }),
		install: () => install(name, version),
	};
};

export const PYTHON_TOOLS: readonly Tool[] = PROJECTS.map(toPythonTool);
