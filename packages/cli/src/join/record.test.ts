// What jobs have left is folded in as notes and nothing else: a forged plan, fence or end never reaches the journal.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { directoryStore } from '@slipway/store';
import { testContext } from '@slipway/testing';
import { type LeftFile, recordProject } from './record.ts';

let folder: string;
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'record-'));
	await writeFile(join(folder, 'package.json'), '{"name":"greet","version":"1.0.0"}');
	await writeFile(join(folder, 'slipway.yml'), 'targets: {}\njournal: {directory: journal}\n');
});
afterEach(() => rm(folder, { recursive: true }));

const OUTCOMES = 'releases/greet/1.0.0/outcomes';
const toFile = (path: string, text = '{}', artifact = 'journal-1-npm.tar'): LeftFile => ({
	artifact,
	path,
	bytes: Buffer.from(text),
});

const record = async (...files: readonly LeftFile[]) => {
	const tempDir = await mkdtemp(join(folder, 'temp-'));
	const context = testContext(tempDir);
	const options = { version: '1.0.0', files, run: { key: 'acme/greet/1/1', actor: 'ada' } };
	const report = await recordProject({ folder, environment: {} }, options, context);
	expect(report).toBeUndefined();
	return {
		journal: await directoryStore(join(folder, 'journal')).list(''),
		leftOut: context.lines.filter((line) => line.startsWith('warning left out')),
	};
};

test('outcomes of this version are kept, once, whichever attempt left them', async () => {
	const files = [
		toFile(`${OUTCOMES}/000001-upload-npm-0.json`, '{"phase":"upload"}'),
		toFile(`${OUTCOMES}/000001-upload-npm-0.json`, '{"phase":"later"}', 'journal-2-npm.tar'),
		toFile(`${OUTCOMES}/000002-upload-apt-0.json`),
	];
	const first = await record(...files);
	expect(first).toEqual({
		journal: [`${OUTCOMES}/000001-upload-npm-0.json`, `${OUTCOMES}/000002-upload-apt-0.json`],
		leftOut: [],
	});
	expect(await record(...files)).toEqual(first);
	const kept = await readFile(join(folder, 'journal', OUTCOMES, '000001-upload-npm-0.json'), 'utf8');
	expect(kept).toBe('{"phase":"upload"}');
});

test.each([
	'releases/greet/1.0.0/plan.json',
	'releases/greet/1.0.0/plan-2.json',
	'releases/greet/9.9.9/outcomes/000001-upload-npm-0.json',
	'releases/other/1.0.0/outcomes/000001-upload-npm-0.json',
	'fences/greet/000001.json',
	'fences/greet/000001-end.json',
	`${OUTCOMES}/../plan.json`,
	`${OUTCOMES}/000001-a\n::error::b.json`,
	'../../outside.json',
	'/tmp/outside.json',
	'.slipway-store/lock',
])('%j is left out, and said', async (path) => {
	const { journal, leftOut } = await record(toFile(path), toFile(`${OUTCOMES}/000001-end.json`));
	expect(journal).toEqual([`${OUTCOMES}/000001-end.json`]);
	expect(leftOut).toHaveLength(1);
	expect(leftOut.join()).not.toContain('\n');
});

test.each([
	['torn', '{"phase":"upl'],
	['empty', ''],
	['with a key twice', '{"a":1,"a":2}'],
	['too large', JSON.stringify('x'.repeat(300_000))],
	['no JSON', '\u0000\u0001'],
])('one that is %s is left out, and said', async (_name, text) => {
	const { journal, leftOut } = await record(toFile(`${OUTCOMES}/000001-upload-npm-0.json`, text));
	expect(journal).toEqual([]);
	expect(leftOut).toEqual([expect.stringContaining('cannot be read')]);
});

test('what the journal has stays', async () => {
	const path = join(folder, 'journal', OUTCOMES, '000001-upload-npm-0.json');
	await mkdir(dirname(path), { recursive: true });
	await writeFile(path, '{"phase":"true"}');
	const { leftOut } = await record(toFile(`${OUTCOMES}/000001-upload-npm-0.json`, '{"phase":"forged"}'));
	expect(leftOut).toEqual([expect.stringContaining('which stays')]);
	expect(await readFile(path, 'utf8')).toBe('{"phase":"true"}');
});
