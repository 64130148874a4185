// Every command that a document shows is run: it has to be understood, and to end in a result or a coded error.
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './source-tree.ts';

const MAIN = join(ROOT, 'packages/cli/src/main.ts');
/** Run whole by `npm start`. */
const RUN_ELSEWHERE = /^rehearse\b/;

const documents = [
	'README.md',
	'CONTRIBUTING.md',
	'CHANGELOG.md',
	...['docs', 'actions', 'examples'].flatMap((folder) =>
		readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
			.filter(
				(path) => path.endsWith('.md') && !path.includes('node_modules') && !path.startsWith('reference/'),
			)
			.map((path) => `${folder}/${path}`),
	),
];

/** Words of a command line: what stands in quotes is one. */
const toWords = (line: string): string[] =>
	[...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
		([, double, single, bare]) => double ?? single ?? bare ?? '',
	);

/** `slipway …` in blocks of a shell, without comment, prompt and pipe. */
const listCommands = (text: string): string[] =>
	[...text.matchAll(/```(?:sh|shell|bash|console)\n(.*?)```/gs)]
		.flatMap(([, block = '']) => block.replaceAll(/\\\n\s*/g, ' ').split('\n'))
		.map((line) =>
			line
				.trim()
				.replace(/^\$ /, '')
				.replace(/\s+#.*$/, '')
				.replace(/\s*[|>].*$/, ''),
		)
		.flatMap((line) => /^(?:npx )?slipway\s+(.+)$/.exec(line)?.[1] ?? []);

const commands = [
	...new Set(documents.flatMap((path) => listCommands(readFileSync(join(ROOT, path), 'utf8')))),
].filter((command) => !RUN_ELSEWHERE.test(command));

let root: string;
beforeAll(() => {
	root = mkdtempSync(join(tmpdir(), 'slipway-documents-'));
	cpSync(join(ROOT, 'examples/greet'), join(root, 'project'), { recursive: true });
	// Nothing answers there: what needs a registry has to say so.
	writeFileSync(join(root, '.npmrc'), 'registry=http://127.0.0.1:9/\n');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const runCommand = (line: string): Promise<{ readonly code: number | null; readonly text: string }> =>
	new Promise((resolve) => {
		const child = spawn(process.execPath, ['--no-warnings', MAIN, ...toWords(line)], {
			cwd: join(root, 'project'),
			env: { PATH: process.env.PATH, HOME: root, CI: '1', npm_config_registry: 'http://127.0.0.1:9/' },
			timeout: 60_000,
		});
		const parts: string[] = [];
		for (const stream of [child.stdout, child.stderr])
			stream.on('data', (chunk) => parts.push(String(chunk)));
		child.on('close', (code) => resolve({ code, text: parts.join('') }));
	});

test('the documents show some', () => {
	expect(commands.length).toBeGreaterThan(30);
});

test.each(commands)(
	'slipway %s',
	async (line) => {
		const { code, text } = await runCommand(line);
		const isUnderstood = code !== null && code !== 2;
		expect([line, isUnderstood ? '' : text]).toEqual([line, '']);
		expect(text).not.toMatch(/TypeError|ReferenceError|node:internal|^\s+at /m);
		if (code !== 0) expect(text).toMatch(/[A-Z]+_[A-Z_]+|HELD|REFUSED|warning|fail|nothing was/);
	},
	900_000,
);
