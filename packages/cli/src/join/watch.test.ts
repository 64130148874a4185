import { appendFile, cp, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { claimOnly } from '@slipway/release';
import { testAtLength } from '@slipway/testing';
import { buildProject } from './build.ts';
import { toRequest } from './operations.ts';
import {
	ACTING,
	type ProjectChange,
	realClock,
	type SpeechWorld,
	startSpeechWorld,
	toContext,
} from './preview-world.fixture.ts';
import { type Door, openProject } from './project.ts';
import { watchProject } from './watch.ts';

let world: SpeechWorld;
beforeAll(async () => {
	world = await startSpeechWorld();
});
afterAll(() => world.stop());

const DAY_MS = 86_400_000;

const write = (name: string, version = '1.0.0', { apt, ...more }: ProjectChange = {}) =>
	world.write(name, version, { apt: { 'trusted-keys': [world.publicKeyFile], ...apt }, ...more });

/** Of a scheduled job, which holds no secret, so many days later. */
const watch = (door: Door, { days = 14, later = 0 } = {}) =>
	watchProject(
		{ ...door, environment: { PATH: process.env.PATH, HOME: world.root } },
		{ days },
		toContext(world.root, { ...realClock, now: () => Date.now() + later * DAY_MS }),
	);

const codes = async (...args: Parameters<typeof watch>) =>
	(await watch(...args)).findings.map(({ code, target, severity }) => `${severity} ${target} ${code}`);

const fetchRegistry = (path: string, init: RequestInit = {}) =>
	fetch(`${world.registry.origin}/${path}`, {
		...init,
		headers: {
			authorization: `Bearer ${world.environment.NODE_AUTH_TOKEN}`,
			'content-type': 'application/json',
		},
	});

test('nothing to say of what is as it was released, after one release, two, and a rollback', async () => {
	const door = await write('quiet');
	expect(await codes(door)).toEqual([]);
	await world.release(door);
	expect(await codes(door)).toEqual([]);
	const next = await write('quiet', '1.1.0');
	await world.release(next);
	expect(await codes(next)).toEqual([]);
	const { rollbackProject } = await import('./undo.ts');
	await rollbackProject(next, { ...ACTING, version: '1.1.0', reason: 'a test', act: true }, world.context);
	const report = await watch(next);
	expect(report.findings).toEqual([]);
	expect(report.looked.join('\n')).toMatch(/npm: 2 versions of quiet were compared with the journal/);
	expect(report.looked.join('\n')).toMatch(/apt: InRelease of quiet is of 20\d\d-/);
});

test('a dist-tag that somebody moved: an error with from and to', async () => {
	await world.release(await write('moved'));
	const door = await write('moved', '1.1.0');
	await world.release(door);
	const put = await fetchRegistry('-/package/moved/dist-tags/latest', { method: 'PUT', body: '"1.0.0"' });
	expect(put.status).toBe(201);
	const { findings } = await watch(door);
	expect(findings).toEqual([
		{
			severity: 'error',
			target: 'npm',
			code: 'WATCH_POINTER_MOVED',
			message: 'latest of pkg:npm/moved: expected 1.1.0, as it was left, got 1.0.0',
			hint: expect.stringContaining('Find out who moved it'),
		},
	]);
});

test('versions that the journal does not know, on npm and in the apt index (G15)', async () => {
	const door = await write('unknown');
	await world.release(door);
	const other = await write('unknown', '6.6.6', { config: { journal: { directory: '.slipway/other' } } });
	await world.release(other);
	const report = await watch(await write('unknown'));
	const unknown = report.findings.filter(({ code }) => code === 'WATCH_VERSION_UNKNOWN');
	expect(unknown.map(({ target, message }) => [target, message])).toEqual([
		['npm', expect.stringMatching(/^unknown@6\.6\.6 is there since 20/)],
		[
			'apt',
			expect.stringMatching(/^unknown 6\.6\.6-1 \(all\) in unknown\/main, sha256 [0-9a-f]{12} is there/),
		],
	]);
	expect(report.findings.filter(({ code }) => code === 'WATCH_POINTER_MOVED')).toHaveLength(2);
});

testAtLength('versions from before the first release are nobody else than ours', async () => {
	const before = await write('adopted', '0.9.0', { config: { journal: { directory: '.slipway/before' } } });
	await world.release(before);
	const door = await write('adopted');
	await world.release(door);
	expect(await codes(door)).toEqual([]);
});

const findPool = async (name: string): Promise<string> => {
	const paths = await readdir(world.aptFolder, { recursive: true });
	return join(world.aptFolder, paths.find((path) => path.endsWith(`${name}_1.0.0-1_all.deb`)) ?? '');
};

testAtLength('bytes that changed or went, by digest', async () => {
	const door = await write('bytes');
	await world.release(door);
	const path = await findPool('bytes');
	await appendFile(path, 'x');
	expect(await codes(door)).toEqual(['error apt WATCH_BYTES_CHANGED']);
	await rename(path, `${path}.away`);
	expect(await codes(door)).toEqual(['error apt WATCH_BYTES_MISSING']);
});

test('a release that was claimed and left: not at once, a warning, then an error, with its age', async () => {
	const door = await write('left');
	const project = await openProject(door);
	const built = await buildProject(project, world.context);
	await claimOnly(await toRequest(project, built, ACTING), world.context);
	expect(await codes(door)).toEqual([]);
	expect(await codes(door, { later: 0.5 })).toEqual(['warning journal WATCH_UNFINISHED']);
	const [finding] = (await watch(door, { later: 3 })).findings;
	expect(finding).toMatchObject({ severity: 'error', code: 'WATCH_UNFINISHED' });
	expect(finding?.message).toMatch(/^release of 1\.0\.0 \(ada\) was cut off; since .*, 3 days ago$/);
	expect(finding?.hint).toContain('operation continue; or slipway continue 1.0.0');
});

testAtLength('an index and a key that end', async () => {
	const door = await write('ending', '1.0.0', { apt: { 'valid-days': 10 } });
	await world.release(door);
	expect(await codes(door, { days: 5 })).toEqual([]);
	expect(await codes(door)).toEqual(['warning apt WATCH_APT_EXPIRES']);
	expect(await codes(door, { later: 11 })).toContain('error apt WATCH_APT_EXPIRES');
	expect(await codes(door, { days: 401 })).toContain('warning apt WATCH_KEY_EXPIRES');
});

testAtLength('an index that users do not get, or get an older one of', async () => {
	await world.release(await write('stale'));
	const at = (url: string) =>
		world.write('stale', '1.1.0', { apt: { url, 'trusted-keys': [world.publicKeyFile] } });
	const nowhere = await at(`${world.aptUrl}/nowhere`);
	expect(await codes(nowhere)).toEqual(['error apt WATCH_APT_NOT_SERVED']);
	await cp(join(world.aptFolder, 'dists'), join(world.aptFolder, 'copy/dists'), { recursive: true });
	await world.release(await write('stale', '1.1.0'));
	// A CDN may be late, but not for hours.
	expect(await codes(await at(`${world.aptUrl}/copy`))).toEqual([]);
	expect(await codes(await at(`${world.aptUrl}/copy`), { later: 0.1 })).toContain(
		'error apt WATCH_APT_SERVED_DIFFERS',
	);
});

const POLICY = `policy: 1
signers:
  - name: offline key
    key: |
      -----BEGIN PUBLIC KEY-----
      MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAExRRST79+PsrRBnGAI4cMu6Omz2Jh
      fwlMW+gIutNKVRaMyS4rQKvgngc5p8UbLj55pVHhIoAxi/SRgURZI0J3Xw==
      -----END PUBLIC KEY-----
    valid-until: UNTIL
trusted-root: root.json
overrides:
  - {gate: licences, by: Ada, reason: the author relicensed it, date: 2020-01-01, expires: UNTIL}
`;

const toRoot = (end: string): string =>
	JSON.stringify({
		mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
		tlogs: [{ publicKey: { validFor: { start: '2021-01-12T11:53:27Z', end } } }],
		certificateAuthorities: [{ validFor: { start: '2022-04-13T20:06:15Z' } }],
	});

test('what the policy trusts and excuses for a time', async () => {
	const day = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
	const door = await write('trusting', '1.0.0', {
		files: {
			'slipway.policy.yml': POLICY.replaceAll('UNTIL', day(20)),
			'root.json': toRoot(`${day(20)}T00:00:00Z`),
		},
	});
	expect(await codes(door)).toEqual([]);
	expect(await codes(door, { days: 30 })).toEqual([
		'warning policy WATCH_SIGNER_EXPIRES',
		'warning policy WATCH_OVERRIDE_EXPIRES',
		'warning policy WATCH_ROOT_EXPIRES',
	]);
	expect((await watch(door)).looked.join('\n')).toMatch(/newest key in the trusted root is of 2022-04-13/);
});

test('what cannot be looked at is told, and the rest is looked at all the same', async () => {
	const door = await world.write('blind', '1.0.0');
	await world.release(door);
	await writeFile(join(door.folder, 'slipway.policy.yml'), 'policy: 2\n');
	expect(await codes(door)).toEqual(['warning apt WATCH_TARGET_UNSEEN', 'warning policy WATCH_UNREADABLE']);
	const nowhere = await world.write('blind', '1.0.0', {
		apt: { 'trusted-keys': [world.publicKeyFile] },
		config: { targets: { npm: { type: 'npm', registry: 'http://127.0.0.1:9/' } } },
	});
	const { findings } = await watch(nowhere);
	expect(findings.map(({ target }) => target)).toContain('npm');
	expect(findings.every(({ severity }) => severity === 'warning')).toBe(true);
});
