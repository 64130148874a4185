import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findNpmCli, run } from '@slipway/process';
import { COMPILE_CACHE, testAtLength } from '@slipway/testing';
import { type NpmFront, startNpmFront } from './npm-front.ts';
import { startVerdaccio, type Verdaccio } from './start-verdaccio.ts';

// The real npm is the judge: what it makes of the front's replies is what it makes of the public registry's.
let root = '';
let verdaccio: Verdaccio;
let front: NpmFront;
beforeAll(async () => {
	root = mkdtempSync(join(tmpdir(), 'npm-front-'));
	verdaccio = await startVerdaccio({ folder: join(root, 'verdaccio'), neverProxy: [] }, COMPILE_CACHE);
	front = await startNpmFront({ upstream: verdaccio });
});
afterEach(() => {
	front.control.clearFaults();
	front.control.scanFor(0);
	front.control.demandOtp(false);
});
afterAll(async () => {
	await front.stop();
	await verdaccio.stop();
	rmSync(root, { recursive: true, force: true });
});

const project = (name: string, version: string, content = '1', token = verdaccio.token): string => {
	const folder = mkdtempSync(join(root, 'project-'));
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, version }));
	writeFileSync(join(folder, 'index.js'), content);
	const host = new URL(front.origin).host;
	writeFileSync(join(folder, '.npmrc'), `registry=${front.origin}/\n//${host}/:_authToken=${token}\n`);
	return folder;
};

const npm = async (folder: string, ...args: string[]) => {
	const environment = {
		PATH: process.env.PATH,
		HOME: root,
		npm_config_cache: join(root, 'cache'),
		npm_config_fetch_retries: '0',
		npm_config_loglevel: 'error',
	};
	const { code, stdout, stderr } = await run([...findNpmCli(), ...args], { cwd: folder, environment });
	return { code, stdout, stderr };
};

const publish = (folder: string, ...args: string[]) =>
	npm(folder, 'publish', '--force', '--ignore-scripts', ...args);

test('a version is published once; then npm reports it as used up, in its own words', async () => {
	expect(await publish(project('once', '1.0.0'))).toMatchObject({ code: 0 });
	const { code, stderr } = await publish(project('once', '1.0.0', 'other'));
	expect(code).toBe(1);
	expect(stderr).toContain('E403');
	expect(stderr).toContain('You cannot publish over the previously published versions: 1.0.0.');
});

testAtLength('the first version becomes latest whatever its tag; later ones only by their own', async () => {
	await publish(project('first', '1.0.0'), '--tag', 'hidden');
	await publish(project('first', '1.1.0'), '--tag', 'next');
	const { stdout } = await npm(project('x', '1.0.0'), 'view', 'first', 'dist-tags', '--json');
	expect(JSON.parse(stdout)).toEqual({ latest: '1.0.0', hidden: '1.0.0', next: '1.1.0' });
});

testAtLength(
	'a version being scanned is not there yet, can be tagged, and is 409 when sent again',
	async () => {
		await publish(project('scanned', '1.0.0'));
		front.control.scanFor(Number.POSITIVE_INFINITY);
		const folder = project('scanned', '1.1.0');
		expect(await publish(folder)).toMatchObject({ code: 0 });
		const view = async () => JSON.parse((await npm(folder, 'view', 'scanned', 'versions', '--json')).stdout);
		expect([await view()].flat()).toEqual(['1.0.0']);
		const again = await publish(folder);
		expect(again.stderr).toContain('E409');
		expect(again.stderr).toContain('Cannot publish over previously staged version "1.1.0".');
		expect(await npm(folder, 'dist-tag', 'add', 'scanned@1.1.0', 'next')).toMatchObject({ code: 0 });
		expect(await npm(folder, 'deprecate', 'scanned@1.0.0', 'old')).toMatchObject({ code: 0 });
		front.control.finishScan('scanned', '1.1.0');
		expect(await view()).toEqual(['1.0.0', '1.1.0']);
		const { stdout } = await npm(folder, 'view', 'scanned@1.0.0', 'deprecated');
		expect(stdout.trim()).toBe('old');
	},
);

testAtLength('npm stage: publish, list, approve with a second factor', async () => {
	await publish(project('staged', '1.0.0'));
	const folder = project('staged', '1.1.0');
	const staged = await npm(folder, 'stage', 'publish', '--tag', 'next', '--ignore-scripts');
	expect(staged).toMatchObject({ code: 0, stderr: '' });
	const [waiting] = front.control.staged();
	expect(waiting).toMatchObject({ packageName: 'staged', version: '1.1.0', tag: 'next' });
	const list = await npm(folder, 'stage', 'list', 'staged', '--json');
	expect(JSON.parse(list.stdout)).toMatchObject([{ id: waiting?.id, version: '1.1.0' }]);
	expect((await publish(folder)).stderr).toContain('E409');
	const refused = await npm(folder, 'stage', 'approve', waiting?.id ?? '');
	expect(refused.stderr).toContain('EOTP');
	const approved = await npm(folder, 'stage', 'approve', waiting?.id ?? '', '--otp=123456');
	expect(approved).toMatchObject({ code: 0 });
	const { stdout } = await npm(folder, 'view', 'staged', 'dist-tags', '--json');
	expect(JSON.parse(stdout)).toEqual({ latest: '1.0.0', next: '1.1.0' });
});

test.each<readonly [string, () => string, string]>([
	['a token that nobody issued: 404', () => 'npm_nobody', 'E404'],
	['a token that may only stage: 403', () => front.control.issueToken(['stage']), 'E403'],
	['a token of another package: 404', () => front.control.issueToken(['publish'], 'elsewhere'), 'E404'],
])('%s', async (_, token, expected) => {
	const { stderr, code } = await publish(project('refused', '1.0.0', '1', token()));
	expect(code).toBe(1);
	expect(stderr).toContain(expected);
});

testAtLength('a second factor is asked for as npm expects it', async () => {
	front.control.demandOtp(true);
	const { stderr } = await publish(project('otp', '1.0.0'));
	expect(stderr).toContain('EOTP');
});

test('a reset after the registry has done its work: npm does not know, the registry does', async () => {
	front.control.inject({ when: 'after', match: ({ mutates }) => mutates, fault: { kind: 'reset' } });
	const { code, stderr } = await publish(project('reset', '1.0.0'));
	expect([code, stderr.includes('ECONNRESET')]).toEqual([1, true]);
	const { stdout } = await npm(project('x', '1.0.0'), 'view', 'reset', 'version');
	expect(stdout.trim()).toBe('1.0.0');
});

testAtLength(
	'a 503 after the change was made: the client is told 503, the log says what the registry did',
	async () => {
		const start = front.log.length;
		const reply = { status: 503, headers: {}, body: Buffer.from('{"error":"busy"}') };
		front.control.inject({ when: 'after', match: ({ mutates }) => mutates, fault: { kind: 'reply', reply } });
		const refused = { ...reply, status: 500 };
		await publish(project('unsaid', '1.0.0'), '--fetch-retries=0');
		front.control.inject({
			when: 'before',
			match: ({ mutates }) => mutates,
			fault: { kind: 'reply', reply: refused },
		});
		await publish(project('unsaid', '1.1.0'), '--fetch-retries=0');
		const changes = front.log.slice(start).filter(({ mutates }) => mutates);
		expect(changes.map(({ status, told }) => [status, told])).toEqual([
			[200, 503],
			[502, 500],
		]);
		const { stdout } = await npm(project('x', '1.0.0'), 'view', 'unsaid', 'versions', '--json');
		expect([JSON.parse(stdout)].flat()).toEqual(['1.0.0']);
	},
);

test('the log tells what came and how it was answered, without credentials', async () => {
	const start = front.log.length;
	await publish(project('logged', '1.0.0'));
	const changes = front.log.slice(start).filter(({ mutates }) => mutates);
	expect(changes).toEqual([
		{
			method: 'PUT',
			target: '/logged',
			kind: 'publish',
			mutates: true,
			brings: true,
			bodySha256: expect.stringMatching(/^[0-9a-f]{64}$/),
			status: 200,
			told: 200,
			delivery: 'whole',
		},
	]);
	expect(JSON.stringify(front.log)).not.toContain(verdaccio.token);
});
