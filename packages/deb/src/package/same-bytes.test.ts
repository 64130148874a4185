import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, chown, mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeWith, isWhole } from '@slipway/testing';
import { GREET, toDefinition, withFolder, writeGreet } from './sample-projects.fixture.ts';

/** Run by a child: how a machine differs is mostly what a process inherits. */
const SCRIPT = `
	import { writeFileSync } from 'node:fs';
	const [module, request, output, umask] = process.argv.slice(1);
	process.umask(Number.parseInt(umask, 8));
	const { makeDeb } = await import(module);
	const context = { tempDir: process.cwd(), signal: new AbortController().signal };
	writeFileSync(output, (await makeDeb(JSON.parse(request), context)).bytes);
`;

interface Machine {
	readonly projectFolder: string;
	readonly umask: string;
	readonly environment: Readonly<Record<string, string>>;
	/** Put before node: a program that changes what it sees of the machine. */
	readonly wrapper?: readonly string[];
}

const makeInChild = async (compression: string, machine: Machine): Promise<string> => {
	const { projectFolder, umask, environment, wrapper = [] } = machine;
	const definition = toDefinition({ ...GREET, compression });
	const request = { definition, projectFolder, version: '1.2.0', sourceDateEpoch: 1_700_000_000 };
	const output = join(projectFolder, 'made.deb');
	const module = new URL('make-deb.ts', import.meta.url).href;
	const node = [process.execPath, '--input-type=module', '--eval', SCRIPT];
	const [program = '', ...args] = [...wrapper, ...node, module, JSON.stringify(request), output, umask];
	execFileSync(program, args, {
		cwd: projectFolder,
		env: { PATH: process.env.PATH, ...environment },
		stdio: ['ignore', 'inherit', 'inherit'],
	});
	return createHash('sha256')
		.update(await readFile(output))
		.digest('hex');
};

/** As another user with another umask, at another time, would have checked it out. */
const disguise = async (folder: string) => {
	for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
		const path = join(entry.parentPath, entry.name);
		await chmod(path, entry.isDirectory() || entry.name === 'greet.js' ? 0o775 : 0o664);
		await utimes(path, 1, 1);
		if (process.getuid?.() === 0) await chown(path, 1234, 4321);
	}
};

const OTHER_ENVIRONMENT = {
	TZ: 'America/St_Johns',
	LC_ALL: 'de_DE.UTF-8',
	XZ_OPT: '-9e',
	XZ_DEFAULTS: '--check=sha256',
	GZIP: '-1',
	SOURCE_DATE_EPOCH: '7',
	HOME: '/nonexistent',
};

const checkSame = (compression: string, options: { lines?: number; wrapper?: readonly string[] } = {}) =>
	withFolder(async (folder) => {
		const [here, there] = [join(folder, 'here'), join(folder, 'some/where else')];
		for (const projectFolder of [here, there]) {
			await mkdir(projectFolder, { recursive: true });
			await writeGreet(projectFolder);
			const text = Array.from({ length: options.lines ?? 0 }, (_, line) => `${line * line} hello ${line}\n`);
			await writeFile(join(projectFolder, 'dist/text'), text.join(''));
		}
		await disguise(there);
		const first = await makeInChild(compression, {
			projectFolder: here,
			umask: '022',
			environment: { TZ: 'Pacific/Auckland', LC_ALL: 'C' },
		});
		const second = await makeInChild(compression, {
			projectFolder: there,
			umask: '077',
			environment: OTHER_ENVIRONMENT,
			...(options.wrapper ? { wrapper: options.wrapper } : {}),
		});
		expect(second).toBe(first);
	});

describe('the same bytes for every folder, umask, owner, time, time zone and environment', () => {
	test.each(['gzip', 'zstd'])('%s', (compression) => checkSame(compression));

	describeWith('xz', 'with xz', () => {
		test('xz', () => checkSame('xz'));
	});

	describeWith('taskset', 'with fewer processors', () => {
		test('zstd of many MB in several jobs', () =>
			checkSame('zstd', { lines: isWhole() ? 700_000 : 350_000, wrapper: ['taskset', '--cpu-list', '0'] }));
	});
});
